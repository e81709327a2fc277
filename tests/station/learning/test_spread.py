"""Few of many."""

from hypothesis import given
from hypothesis import strategies as st

from station.learning.spread import spread_out


@given(st.integers(1, 300), st.integers(2, 60))
def test_that_few_of_many_are_spread_over_all_in_their_order(many: int, count: int):
    found = spread_out(range(many), count)
    assert len(set(found)) == min(many, count)
    assert list(found) == sorted(found)
    assert (found[0], found[-1]) == (0, many - 1)
