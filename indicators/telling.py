"""How work that takes long says how far it is. Plain functions take a `tell` and call it with a share from 0 to 1."""

from collections.abc import Callable
from time import monotonic

Tell = Callable[[float], None]


def silent(share: float) -> None:
    """For whoever does not want to know."""


def part(tell: Tell, begin: float, end: float) -> Tell:
    """A `tell` for a part of the work: its 0 is `begin` of the whole, its 1 is `end`."""
    return lambda share: tell(begin + share * (end - begin))


def now_and_then(tell: Tell, seconds: float = 0.25) -> Tell:
    """Passes on at most one call in so many seconds, none before the first have passed: telling costs time, too."""
    last = monotonic()

    def tell_rarely(share: float) -> None:
        nonlocal last
        if monotonic() - last >= seconds:
            last = monotonic()
            tell(share)

    return tell_rarely
