"""argparse in Indonesian: the mistakes and the headings of `mpp`'s commands."""

import argparse
import re
from typing import NoReturn

from server.cli.faults import BAD_ARGUMENTS, Stop

#: argparse's own sentences and ours; the groups are filled in.
_MISTAKES = (
    (r"unrecognized arguments: (.+)", "argumen {0} tidak dikenal"),
    (r"the following arguments are required: (.+)", "argumen {0} wajib diisi"),
    (r"argument (.+): expected (?:one|at least one|\d+) arguments?", "argumen {0} memerlukan nilai"),
    (r"argument (.+): invalid choice: (.+?) \(choose from (.+)\)", "nilai {1} untuk {0} harus salah satu dari {2}"),
    (r"argument (.+): invalid int value: (.+)", "nilai {1} untuk {0} harus bilangan bulat"),
    (r"argument (.+): invalid \S+ value: (.+)", "nilai {1} untuk {0} tidak sah"),
    (r"argument (.+): ignored explicit argument (.+)", "argumen {0} tidak memerlukan nilai {1}"),
    (r"argument (.+): not allowed with argument (.+)", "argumen {0} tidak dapat dipakai bersama {1}"),
    (r"one of the arguments (.+) is required", "salah satu argumen {0} wajib diisi"),
    (r"argument (.+): (.+)", "argumen {0}: {1}"),
)


class Parser(argparse.ArgumentParser):
    """A parser whose mistakes are one Indonesian sentence and exit code 2."""

    def __init__(self, command: str, description: str) -> None:
        super().__init__(
            prog=f"mpp {command}".strip(), description=description, add_help=False, allow_abbrev=False,
            formatter_class=_Layout,
        )
        self._positionals.title = "argumen"
        self._optionals.title = "pilihan"
        self.add_argument("-h", "--help", action="help", help="tampilkan bantuan ini")

    def error(self, message: str) -> NoReturn:
        raise Stop(f"{self.prog}: {in_indonesian(message)}; lihat `{self.prog} --help`.", BAD_ARGUMENTS)


class _Layout(argparse.HelpFormatter):
    def add_usage(self, usage, actions, groups, prefix=None):  # type: ignore[no-untyped-def]  # argparse's own shape
        super().add_usage(usage, actions, groups, prefix or "pemakaian: ")


def in_indonesian(message: str) -> str:
    """Say one of argparse's mistakes in Indonesian; one that is not known yet stays as it is."""
    for pattern, sentence in _MISTAKES:
        found = re.fullmatch(pattern, message, re.DOTALL)
        if found:
            return sentence.format(*found.groups())
    return message
