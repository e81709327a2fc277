"""The methods in words."""

from station.domain.training import MethodOffer
from ui.pages.training.method_rows import METHOD_HEADINGS, method_rows, offered_in_order

OFFERS = (
    MethodOffer("balanced", "compares each place", cost="seconds to teach"),
    MethodOffer("fastflow", "FastFlow: how likely", "fastflow needs resnet18; put it into backbones", "minutes"),
    MethodOffer("padim", "PaDiM: each place", cost="seconds"),
)


def test_that_methods_that_can_be_used_come_first_and_the_recommended_one_before_them() -> None:
    rows = method_rows(offered_in_order(OFFERS))
    assert [row[:2] for row in rows] == [
        ("balanced", "recommended"),
        ("padim", "ready"),
        ("fastflow", "not available"),
    ]
    assert all(len(row) == len(METHOD_HEADINGS) for row in rows)


def test_that_a_marked_method_says_so() -> None:
    assert [row[1] for row in method_rows(OFFERS, {"padim"})] == ["recommended", "not available", "\u2713 to compare"]


def test_that_a_method_says_in_sentences_what_it_looks_at_costs_and_lacks() -> None:
    assert [row[2] for row in method_rows(OFFERS)] == [
        "Compares each place. Seconds to teach.",
        "FastFlow: how likely. Minutes. Not available: fastflow needs resnet18; put it into backbones.",
        "PaDiM: each place. Seconds.",
    ]
