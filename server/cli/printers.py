"""`mpp printers`: the printing process of one computer with printers; the room `printers` is a program of its own."""

from collections.abc import Sequence


def run(argv: Sequence[str]) -> int:
    """Print until told to stop; the exit code of the printing process."""
    from printers.__main__ import main

    return main(argv)
