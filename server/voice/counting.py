"""Numbers as the words they are made of: pure. A word is a key of a pack's `numbers`."""

from __future__ import annotations

from collections.abc import Callable

#: series and lokets end here (config.floor_rows)
LARGEST = 9999


def digits(written: str) -> tuple[str, ...]:
    """'012' -> ('0', '1', '2'): each sign that is on the slip."""
    return tuple(written)


def malay(number: int) -> tuple[str, ...]:
    """21 -> ('2', 'puluh', '1'): Indonesian and the Malay languages beside it. 0 to 9999."""
    _check(number)
    if number <= 11:
        return (str(number),)
    if number < 20:
        return (str(number - 10), "belas")
    if number < 100:
        return (str(number // 10), "puluh", *_rest(malay, number % 10))
    if number < 200:
        return ("seratus", *_rest(malay, number - 100))
    if number < 1000:
        return (str(number // 100), "ratus", *_rest(malay, number % 100))
    if number < 2000:
        return ("seribu", *_rest(malay, number - 1000))
    return (str(number // 1000), "ribu", *_rest(malay, number % 1000))


def english(number: int) -> tuple[str, ...]:
    """102 -> ('1', 'ratus', 'dan', '2'): one hundred and two. 0 to 9999."""
    _check(number)
    if number < 20:
        return (str(number),)
    if number < 100:
        return (str(number - number % 10), *_rest(english, number % 10))
    size, word = (1000, "ribu") if number >= 1000 else (100, "ratus")
    rest = number % size
    joined = ("dan",) if 0 < rest < 100 else ()
    return (*english(number // size), word, *joined, *_rest(english, rest))


def _rest(counting: Callable[[int], tuple[str, ...]], number: int) -> tuple[str, ...]:
    return counting(number) if number else ()


def _check(number: int) -> None:
    if not 0 <= number <= LARGEST:
        raise ValueError(f"{number} is not from 0 to {LARGEST}")


#: a pack's `counting` -> how it counts, and the words it counts with
COUNTING: dict[str, Callable[[int], tuple[str, ...]]] = {"malay": malay, "english": english}
WORDS: dict[str, frozenset[str]] = {
    name: frozenset(word for number in range(LARGEST + 1) for word in counting(number))
    for name, counting in COUNTING.items()
}
