"""`mpp signs`: the LED signs above the lokets of one serial line; the room `signs` is a program of its own."""

from collections.abc import Sequence


def run(argv: Sequence[str]) -> int:
    """Write the signs until told to stop; the exit code of that program."""
    from signs.__main__ import main

    return main(argv)
