"""How a command ends early: one Indonesian sentence for the person who typed it, and an exit code."""

#: Exit codes of `mpp`; people's scripts rely on them.
BAD_ARGUMENTS = 2
TESTS_INCOMPLETE = 3
DATA_IN_USE = 4
PORT_IN_USE = 5
DATA_NOT_WRITABLE = 6
FAILED = 1


class Stop(Exception):
    """Raised anywhere in a command; `main` prints the sentence to standard error and exits with the code."""

    def __init__(self, sentence: str, exit_code: int = FAILED) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.exit_code = exit_code
