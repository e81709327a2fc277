"""Behind every number of the report is a list of exactly that many parts."""

from hypothesis import given, settings
from hypothesis import strategies as st

from station.domain.verdict import Verdict
from station.reporting.part_lists import part_lists
from station.reporting.statistics import summarise


@settings(max_examples=30, deadline=None)
@given(verdicts=st.lists(st.sampled_from(list(Verdict)), max_size=300))
def test_that_every_list_has_as_many_parts_as_the_number_says(made_up, verdicts) -> None:
    records = made_up(verdicts)
    summary = summarise(records)
    lists = {each.name: len(each.parts) for each in part_lists(records, summary)}
    numbers = {f"V{place}": summary.counts.of(verdict) for place, verdict in enumerate(Verdict, 1)}
    numbers |= {f"R{place}": each.counts.triggers for place, each in enumerate(summary.revisions, 1)}
    numbers |= {f"L{place}": each.counts.triggers for place, each in enumerate(summary.lots, 1)}
    numbers |= {f"P{place}": each.share.count for place, each in enumerate(summary.places, 1)}
    numbers |= {f"C{place}": each.share.count for place, each in enumerate(summary.causes, 1)}
    numbers |= {f"H{place}": each.counts.triggers for place, each in enumerate(summary.hours, 1)}
    assert lists == numbers


def test_that_recorded_parts_are_in_the_lists_of_their_numbers(recorded) -> None:
    records = recorded.records
    lists = {each.name: each for each in part_lists(records, summarise(records))}
    by_verdict = {part.inspection.key: part.inspection.verdict for part in records.parts}
    assert {by_verdict[key] for key in lists["V3"].parts} == {Verdict.FAIL}
    assert {key.run_id for key in lists["R2"].parts} == {2}
    assert lists["P1"].title.startswith("Place: ")
