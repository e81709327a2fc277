"""Names as they are written."""

import pytest

from station.domain.names import few_of


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        ((), ""),
        (("a",), "a"),
        (("a", "b"), "a, b"),
        (("a", "b", "c"), "a, b and 1 more"),
        (tuple("abcdef"), "a, b and 4 more"),
    ],
)
def test_that_few_names_are_written_and_the_others_counted(names: tuple[str, ...], expected: str):
    assert few_of(names, 2) == expected
