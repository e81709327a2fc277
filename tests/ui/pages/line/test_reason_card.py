"""Why a part is what it is."""

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import QLabel

from station.domain.part_code import ReadCode
from station.domain.verdict import Verdict
from ui.pages.line.reason_card import ReasonCard, sentence


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


def test_that_the_card_says_what_was_read_of_the_code_and_how_surely(make_inspection, qtbot) -> None:
    card = ReasonCard()
    qtbot.addWidget(card)
    card.show_part(make_inspection(1, code=ReadCode("SN1", "SN1", "Data Matrix", 0.71)), "Part 0001, SN1")
    assert card.code == "Code SN1 (Data Matrix, 71 % of its correction left, attempt 1)"
    card.show_part(make_inspection(2), "Part 0002")
    assert card.code == ""
    unread = ReadCode(attempts=4, problem="no code is in its region")
    card.show_part(make_inspection(3, Verdict.REVIEW, Verdict.PASS, code=unread), "Part 0003")
    assert card.code.startswith("top: Code not read in 4 attempts: no code is in its region; side: Code not")
    card.clear()
    assert card.code == ""


def test_that_the_card_says_that_a_part_was_judged_again(make_inspection, qtbot) -> None:
    card = ReasonCard()
    qtbot.addWidget(card)
    scores = {"pred_score": 0.4501, "raw_score": 1.0, "image_threshold": 0.5}
    card.show_part(make_inspection(1, **scores, judged_again=True), "Part 0001")
    assert card.scores == "Score 0.450: fail above 0.500\nJudged again in f32"
    card.show_part(make_inspection(2, **scores), "Part 0002")
    assert card.scores == "Score 0.450: fail above 0.500"


def test_that_both_limits_can_be_read_on_a_narrow_card(make_inspection, qtbot) -> None:
    card = ReasonCard()
    qtbot.addWidget(card)
    limits = {"pred_score": 0.4501, "raw_score": 1.0, "image_threshold": 0.5, "review_threshold": 0.4}
    card.show_part(make_inspection(1, Verdict.REVIEW, **limits, judged_again=True), "Part 0001")
    card.setFixedSize(300, 160)
    card.show()
    words = next(each for each in card.findChildren(QLabel) if each.text() == card.scores)
    assert card.rect().contains(words.geometry())
    room = QRect(0, 0, words.width(), 1000)
    needed = words.fontMetrics().boundingRect(room, Qt.TextFlag.TextWordWrap, words.text())
    assert needed.height() <= words.height()
