"""The review of a shift: the verdict stays, the words are kept apart, and the audit trail names what was overruled."""

import pytest

from station.app import Station
from station.domain.audit import AuditAction, AuditFilter
from station.domain.errors import BadInputError
from station.domain.feedback import Disposition
from station.domain.permissions import Role
from station.domain.shift import ShiftWindow
from station.domain.shift_review import agreement_of, histories_of
from station.domain.verdict import Verdict
from station.vision.likeness import distances, look_of


@pytest.fixture
def shift(station: Station) -> ShiftWindow:
    """A shift with six parts, of which two failed."""
    station.line.load_recipe("plate")
    station.line.start(count=6)
    assert station.line.wait_stopped(30)
    return station.records.shifts()[0]


def test_that_a_review_is_kept_beside_the_verdict_and_counted(station: Station, shift: ShiftWindow) -> None:
    supervisor = station.acting_as(Role.SUPERVISOR, signature="Sue")
    parts = supervisor.shift_review.parts(shift)
    assert [each.verdict for each in parts] == [Verdict.FAIL] * 2
    assert all(each.is_open for each in parts)
    first, second = (each.key for each in parts)
    station.review.give_feedback(first, Disposition.GOOD_PART, "dust", "Eve")

    with pytest.raises(BadInputError, match="no reason was given"):
        supervisor.shift_review.overrule(first, "  ")
    supervisor.shift_review.overrule(first, "only dust")
    supervisor.shift_review.confirm(second)
    said = supervisor.shift_review.part(first).said
    assert [(each.claim, each.person, each.in_review) for each in said] == [
        (Disposition.GOOD_PART, "Eve", False),
        (Disposition.GOOD_PART, "Sue", True),
    ]
    assert station.records.part(first).inspection.verdict is Verdict.FAIL
    newest = station.audit.entries(AuditFilter(person="Sue"))[:2]
    assert [(each.action, each.old, each.new, each.reason) for each in newest] == [
        (AuditAction.PART_REVIEWED, "FAIL", "confirmed", ""),
        (AuditAction.VERDICT_OVERRULED, "FAIL", "good part", "only dust"),
    ]
    agreement = station.shift_review.agreement(shift)
    assert (agreement.all.confirmed, agreement.all.overruled) == ((second,), (first,))
    assert (agreement.reviewed, agreement.to_review) == (2, 2)
    records, summary = station.records.shift(shift)
    assert agreement_of(histories_of(records)) == agreement
    assert summary.disputed[Disposition.GOOD_PART] == 1
    assert not station.review.open_rejects


def test_that_a_disputed_part_that_passed_is_reviewed_and_then_no_longer_disputed(
    station: Station, shift: ShiftWindow
) -> None:
    passed = next(each.key for each in station.records.recent() if each.verdict is Verdict.PASS)
    station.review.give_feedback(passed, Disposition.MISSED_DEFECT, "scratch", "Eve")
    assert station.review.disputed_parts() == (passed,)
    assert passed in [each.key for each in station.shift_review.parts(shift) if each.is_open]
    assert station.shift_review.confirm(passed, person="Sue").claim is Disposition.GOOD_PART
    assert station.review.disputed_parts() == ()
    assert station.shift_review.overrule(passed, "a scratch after all", "Sue").claim is Disposition.MISSED_DEFECT
    assert station.review.disputed_parts() == (passed,)
    assert station.audit.entries(AuditFilter(person="Sue"))[0].action == AuditAction.VERDICT_OVERRULED


def test_that_the_good_part_beside_it_is_the_most_similar_of_those_that_passed(
    station: Station, shift: ShiftWindow
) -> None:
    parts = {each.key: each for each in station.records.recent()}
    failed = next(key for key, part in parts.items() if part.verdict is Verdict.FAIL)
    good = station.shift_review.nearest_good(failed, "")
    assert good is not None
    assert parts[good].verdict is Verdict.PASS

    looks = {key: look_of(station.records.thumbnail(key)) for key in parts}
    passed = [key for key, part in parts.items() if part.verdict is Verdict.PASS]
    unlike = dict(zip(passed, distances(looks[failed], [looks[key] for key in passed]), strict=True))
    assert unlike[good] == pytest.approx(min(unlike.values()), abs=0.05)
    station.review.give_feedback(good, Disposition.MISSED_DEFECT, "scratch", "Eve")
    assert station.shift_review.nearest_good(failed, "") not in (good, None)
    with pytest.raises(BadInputError, match="has no view 'side'"):
        station.shift_review.nearest_good(failed, "side")
