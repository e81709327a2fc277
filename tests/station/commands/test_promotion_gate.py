"""What the gate says of the live parts that only the candidate rejects."""

from drafts import add_draft
from waiting import until

from station.app import Station
from station.commands.promotion_gate import FEWEST_PARTS, MOST_NEW_REJECTS
from station.domain.candidate import CandidateResult, GateCheck, Outcome
from station.domain.feedback import Disposition
from station.domain.verdict import Verdict


def test_that_a_candidate_may_reject_hardly_a_part_that_passed_unless_a_person_found_a_defect(station: Station) -> None:
    station.line.load_recipe("plate")
    station.line.start(count=6)
    assert station.line.wait_stopped(60)
    add_draft(station)
    core = station._core
    passed = [part.key for part in core.inspections.parts_of_run(1) if part.verdict is Verdict.PASS]
    core.candidates.add_results(
        "plate", 2, [CandidateResult(key, Outcome.JUDGED, Verdict.FAIL, 0.9) for key in passed[:2]]
    )
    core.candidates.add_results("plate", 2, [CandidateResult(passed[2], Outcome.JUDGED, Verdict.PASS, 0.1)])

    def check() -> GateCheck:
        return core.gate._reject_check("plate", 2)

    refused = check()
    assert not refused.passed
    assert refused.sentence.replace("\u00a0", " ").startswith(
        "The candidate alone rejects 2 of 3 parts. At most 0 more"
    )
    for key in passed[:2]:
        station.review.give_feedback(key, Disposition.MISSED_DEFECT, "scratch", "Ada")
    until(lambda: check().passed)
    assert "a person called 2 of them a defect" in check().sentence


def test_that_the_fewest_parts_allow_a_reject_or_two() -> None:
    assert int(MOST_NEW_REJECTS * FEWEST_PARTS) == 2
