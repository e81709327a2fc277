"""Which parts a number was counted from, in words that fit on paper."""

from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import itemgetter

from station.domain.inspection import PartKey


def parts_in_words(keys: Iterable[PartKey]) -> str:
    """Return parts by run, neighbours as a range: "run 3: 0007, 0012 to 0015; run 4: 0001"; "none" if there are none.

    Two parts are neighbours if their numbers follow each other, so that every part that is named can be found.
    """
    ordered = sorted({(key.run_id, key.part) for key in keys})  # plain tuples: a shift has tens of thousands
    runs = ((run, [part for _, part in of_run]) for run, of_run in groupby(ordered, itemgetter(0)))
    return "; ".join(f"run {run}: {', '.join(_ranges(run, parts))}" for run, parts in runs) or "none"


def _ranges(run: int, parts: list[int]) -> Iterator[str]:
    for _, neighbours in groupby(enumerate(parts), lambda numbered: numbered[1] - numbered[0]):
        numbers = [part for _, part in neighbours]
        first, last = (PartKey(run, number).label for number in (numbers[0], numbers[-1]))
        if len(numbers) > 2:
            yield f"{first} to {last}"
        else:
            yield from (first, last)[: len(numbers)]
