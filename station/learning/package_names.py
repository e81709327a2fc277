"""The names of model packages."""

from station.domain.clock import utc_now

_LONGEST = 80
_TIME_LETTERS = 22
_MOST_WITH = 28
"""Letters of product and of view in the name: with the time, the longest allowed name."""


def package_name(product: str, view: str, *more: str) -> str:
    """Return a unique name: product, view, more words if given, and the present time."""
    room = _LONGEST - _TIME_LETTERS - sum(len(word) + 1 for word in more)
    most = min(_MOST_WITH, room // 2 - 1)
    judges = [name[:most].rstrip(" .") for name in (product, view) if name]
    return "-".join([*judges, *more, f"{utc_now():%Y%m%d-%H%M%S-%f}"])
