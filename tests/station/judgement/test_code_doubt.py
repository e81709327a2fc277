"""A code that is missing, unfit or contradicted never makes a verdict milder, and none of two serials is chosen."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.domain.frame import NotInspectedCause
from station.domain.inspection import ViewInspection
from station.domain.part_code import IfUnread, ReadCode
from station.domain.part_images import ViewResult
from station.domain.verdict import Limits, Verdict
from station.judgement.code_doubt import settle_serial, with_code
from station.judgement.rejudge import rejudge

UNREAD = ReadCode(attempts=4, problem="no code is in its region")
VERDICTS = st.sampled_from(list(Verdict))
SERIALS = st.sampled_from(["", "SN1", "SN2"])
RULES = st.sampled_from(list(IfUnread))


def view(verdict: Verdict, name: str = "") -> ViewResult:
    judged = verdict is not Verdict.NOT_INSPECTED
    reason = "mark 412 px2" if verdict.rejected else ""
    facts = {"pred_score": 0.4, "raw_score": 1.0, "image_threshold": 0.5} if judged else {}
    cause = None if judged else NotInspectedCause.BLURRED
    seen = ViewInspection(verdict, reason, "1.png", 9.0, name, cause=cause, width=64, height=48, **facts)
    return ViewResult(seen, None, (), (0, 0, 64, 48), np.full((4, 4), 0.4, np.float32), 0.5, None)


def read(serial: str) -> ReadCode:
    return ReadCode(serial, serial, "Data Matrix", 1.0) if serial else UNREAD


@pytest.mark.parametrize(
    ("verdict", "rule", "wanted", "reason"),
    [
        (Verdict.PASS, IfUnread.ACCEPT, Verdict.PASS, ""),
        (Verdict.PASS, IfUnread.REVIEW, Verdict.REVIEW, "code: no code is in its region"),
        (Verdict.REVIEW, IfUnread.REVIEW, Verdict.REVIEW, "mark 412 px2; code: no code is in its region"),
        (Verdict.FAIL, IfUnread.NOT_INSPECTED, Verdict.FAIL, "mark 412 px2; code: no code is in its region"),
        (
            Verdict.PASS,
            IfUnread.NOT_INSPECTED,
            Verdict.NOT_INSPECTED,
            "the code of the part cannot be read: no code is in its region",
        ),
    ],
)
def test_that_an_unread_code_makes_of_a_part_what_the_recipe_says(
    verdict: Verdict, rule: IfUnread, wanted: Verdict, reason: str
) -> None:
    seen = with_code(view(verdict), UNREAD, rule).inspection
    assert (seen.verdict, seen.reason, seen.code) == (wanted, reason, UNREAD)
    assert (seen.cause is NotInspectedCause.CODE_UNREAD) is (wanted is Verdict.NOT_INSPECTED)


@given(VERDICTS, RULES, SERIALS, SERIALS)
def test_that_no_code_makes_a_verdict_milder_and_a_contradiction_never_passes(verdict, rule, scanned, serial) -> None:
    before = view(verdict)
    chosen, (after,) = settle_serial(scanned, (with_code(before, read(serial), rule),))
    assert after.inspection.verdict.severity >= verdict.severity
    contradicted = bool(scanned and serial and scanned != serial)
    if contradicted:
        assert chosen == ""
        assert after.inspection.verdict is not Verdict.PASS
        assert {scanned, serial} == {after.inspection.code.other, after.inspection.code.serial}
    else:
        assert chosen == (serial or scanned)
    if verdict is Verdict.PASS and rule is IfUnread.NOT_INSPECTED and (contradicted or not serial):
        assert after.inspection.verdict is Verdict.NOT_INSPECTED


def test_that_two_views_with_different_codes_are_both_doubted() -> None:
    views = (
        with_code(view(Verdict.PASS, "top"), read("SN1"), IfUnread.ACCEPT),
        with_code(view(Verdict.PASS, "side"), read("SN2"), IfUnread.ACCEPT),
        view(Verdict.PASS, "below"),
    )
    chosen, settled = settle_serial("", views)
    assert chosen == ""
    assert [each.inspection.verdict for each in settled] == [Verdict.REVIEW, Verdict.REVIEW, Verdict.PASS]
    assert settled[0].inspection.reason == "code: SN1 was read, and SN2 was read in another view"


def test_that_a_scanner_that_gives_the_whole_text_agrees_with_the_serial_in_it() -> None:
    code = ReadCode("01x\x1d21SN1", "SN1", "Data Matrix", 1.0)
    for scanned in ("SN1", "]d201x\x1d21SN1"):
        assert settle_serial(scanned, (with_code(view(Verdict.PASS), code, IfUnread.REVIEW),))[0] == "SN1"
    assert settle_serial("SN2", (with_code(view(Verdict.PASS), code, IfUnread.REVIEW),))[0] == ""


def test_that_other_limits_do_not_make_a_part_with_an_unread_code_pass() -> None:
    read_as = with_code(view(Verdict.PASS), UNREAD, IfUnread.REVIEW)
    for limits in (Limits(), Limits(0.9)):
        again = rejudge(read_as, limits)
        assert again.inspection.verdict is not Verdict.PASS
    assert rejudge(replace(read_as, if_unread=None), Limits(0.9)).inspection.verdict is Verdict.PASS
