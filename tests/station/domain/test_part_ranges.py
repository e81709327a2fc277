"""Parts in words: every part of a number can be found again from them."""

import re

from hypothesis import given
from hypothesis import strategies as st

from station.domain.inspection import PartKey
from station.domain.part_ranges import parts_in_words

keys = st.builds(PartKey, st.integers(1, 4), st.integers(1, 30) | st.integers(9_990, 10_020))


@given(st.lists(keys))
def test_that_exactly_the_parts_are_named(parts: list[PartKey]) -> None:
    named = set()
    for of_run in parts_in_words(parts).split("; ") if parts else ():
        run, ranges = re.fullmatch(r"run (\d+): (.+)", of_run).groups()
        for each in ranges.split(", "):
            first, _, last = each.partition(" to ")
            named |= {PartKey(int(run), number) for number in range(int(first), int(last or first) + 1)}
    assert named == set(parts)


def test_that_neighbours_are_a_range() -> None:
    parts = [PartKey(3, number) for number in (15, 12, 13, 14, 7, 20, 21)]
    assert parts_in_words([*parts, PartKey(4, 1)]) == "run 3: 0007, 0012 to 0015, 0020, 0021; run 4: 0001"
    assert parts_in_words([]) == "none"
