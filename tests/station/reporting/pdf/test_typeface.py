"""Text of any origin is set so that a reader sees all of it."""

import pytest

from station.reporting.pdf.typeface import printable


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ωмега Việt", "Ωмега Việt"),
        ("\u202ea", "[U+202E]a"),
        ("中", "[U+4E2D]"),
        ("a\nb", "a b"),
        ("1\N{NO-BREAK SPACE}284", "1\N{NO-BREAK SPACE}284"),
    ],
)
def test_that_what_paper_cannot_show_is_spelt(text: str, expected: str) -> None:
    assert printable(text) == expected
