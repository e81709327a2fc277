"""Why a part is what it is."""

import pytest

from station.domain.verdict import Verdict
from ui.pages.line.reason_card import sentence


@pytest.mark.parametrize(
    ("verdicts", "said"),
    [
        ((Verdict.PASS,), "Pass"),
        ((Verdict.FAIL,), "Mark 700 px\u00b2, lower right"),
        ((Verdict.PASS, Verdict.PASS), "Pass"),
        ((Verdict.PASS, Verdict.FAIL), "side: mark 700 px\u00b2, lower right"),
        ((Verdict.NOT_INSPECTED, Verdict.PASS), "top: the picture is too dark"),
    ],
)
def test_that_the_reason_names_the_view_that_decided(make_inspection, verdicts, said: str) -> None:
    assert sentence(make_inspection(1, *verdicts)) == said


def test_that_a_views_name_is_never_rewritten(make_inspection) -> None:
    part = make_inspection(1, Verdict.PASS, Verdict.FAIL, views=("top", "px2"))
    assert sentence(part) == "px2: mark 700 px\u00b2, lower right"


def test_that_no_view_is_named_where_all_pass(make_inspection) -> None:
    assert sentence(make_inspection(1, Verdict.PASS, Verdict.PASS, reason="no marks")) == "No marks"
