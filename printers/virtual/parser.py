"""A strict tokeniser of ESC/POS streams: what it does not know is an error, never ignored."""

from __future__ import annotations

from dataclasses import dataclass

from printers.virtual.commands import BEGINNINGS, COMMANDS, BadArgument

_PREFIX_MAX = max(map(len, COMMANDS))


@dataclass(frozen=True)
class Text:
    """Printable bytes, in whatever code page is selected."""

    raw: bytes


@dataclass(frozen=True)
class Command:
    """A known command with its argument bytes."""

    name: str
    args: bytes


@dataclass(frozen=True)
class Unknown:
    """Bytes that are no command of the reference, at `offset` bytes from the parser's start."""

    raw: bytes
    offset: int


Token = Text | Command | Unknown


def is_text(byte: int) -> bool:
    """Whether a byte prints a character (DEL does not)."""
    return byte >= 0x20 and byte != 0x7F


class Parser:
    """Feed it chunks cut anywhere; tokens come out as soon as they are complete."""

    def __init__(self) -> None:
        self._waiting = b""
        self._offset = 0

    def feed(self, data: bytes) -> list[Token]:
        """The tokens that are complete now."""
        self._waiting += data
        tokens: list[Token] = []
        position = 0
        while position < len(self._waiting):
            token, size = self._next(position)
            if token is None:
                break
            tokens.append(token)
            position += size
        self._waiting = self._waiting[position:]
        self._offset += position
        return tokens

    def finish(self) -> list[Token]:
        """The stream is over: a command cut in its middle is an error. The parser is empty again."""
        rest, self._waiting = self._waiting, b""
        return [Unknown(rest, self._offset)] if rest else []

    def _next(self, start: int) -> tuple[Token | None, int]:
        if is_text(self._waiting[start]):
            end = start
            while end < len(self._waiting) and is_text(self._waiting[end]):
                end += 1
            return Text(self._waiting[start:end]), end - start
        for length in range(_PREFIX_MAX, 0, -1):
            prefix = self._waiting[start : start + length]
            if len(prefix) == length and prefix in COMMANDS:
                return self._command(prefix, start)
        head = self._waiting[start : start + _PREFIX_MAX]
        if head in BEGINNINGS and start + len(head) == len(self._waiting):
            return None, 0
        return self._unknown(start, 1)

    def _command(self, prefix: bytes, start: int) -> tuple[Token | None, int]:
        rule = COMMANDS[prefix]
        rest = self._waiting[start + len(prefix) :]
        try:
            size = rule.measure(rest)
        except BadArgument:
            return self._unknown(start, len(prefix))
        if size is None:
            return None, 0
        return Command(rule.name, rest[:size]), len(prefix) + size

    def _unknown(self, start: int, size: int) -> tuple[Token, int]:
        return Unknown(self._waiting[start : start + size], self._offset + start), size


def tokenise(data: bytes) -> list[Token]:
    """All tokens of a complete stream."""
    parser = Parser()
    return parser.feed(data) + parser.finish()
