"""Numbers on paper say no more than is known."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.domain.rates import Rate
from station.reporting.pdf.typeface import printable
from station.reporting.wording import certainty, duration, models, number, percent, shortened


@pytest.mark.parametrize(
    ("share", "expected"), [(0, "0.0 %"), (0.0004, "0.04 %"), (0.974, "97.4 %"), (0.99999, "99.99 %"), (1, "100.0 %")]
)
def test_that_only_a_whole_is_printed_as_100_percent(share: float, expected: str) -> None:
    assert percent(share).replace("\N{NO-BREAK SPACE}", " ") == expected


@given(st.integers(0, 400), st.integers(0, 400))
def test_that_no_rate_is_printed_without_its_number(count: int, others: int) -> None:
    n = count + others
    assert (f"of {number(n)}" in certainty(Rate(count, n))) == (n > 0)


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [(0, "0.0 s"), (12.34, "12.3 s"), (59.7, "1 min 00 s"), (192, "3 min 12 s"), (7260, "2 h 01 min")],
)
def test_that_a_duration_is_printed_in_the_units_people_use(seconds: float, expected: str) -> None:
    assert duration(timedelta(seconds=seconds)).replace("\N{NO-BREAK SPACE}", " ") == expected


@given(st.text(max_size=40), st.integers(1, 40))
def test_that_a_shortened_text_is_never_longer_than_asked(text: str, most: int) -> None:
    assert len(shortened(text, most)) <= most


@pytest.mark.parametrize(
    ("text", "expected"),
    [("Ωмега Việt", "Ωмега Việt"), ("\u202ea", "[U+202E]a"), ("中", "[U+4E2D]"), ("a\nb", "a b")],
)
def test_that_what_paper_cannot_show_is_spelt(text: str, expected: str) -> None:
    assert printable(text) == expected


@pytest.mark.parametrize(
    ("sha256", "expected"),
    [
        ("1f0c22ab" * 8, "1f0c22ab"),
        (f"top={'1f0c22ab' * 8}, side={'90b1e7d4' * 8}", "top 1f0c22ab, side 90b1e7d4"),
    ],
)
def test_that_a_model_is_named_by_eight_digits_in_each_view(sha256: str, expected: str) -> None:
    assert models(sha256) == expected
