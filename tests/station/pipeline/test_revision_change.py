"""A running line changes its revision between two parts, whatever triggers them and whatever is on its way."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.domain.recipe import ModelReference, QualityLimits, View
from station.domain.verdict import Limits, Verdict
from station.judgement.inspector import Inspector

TOP, SIDE = "top", "side"
TRIGGERS = {
    "a free-running camera": ((""), False),
    "two cameras, triggered by the machine": ((TOP, SIDE), False),
    "a camera, triggered by the station": ((""), True),
    "two cameras, triggered by the station": ((TOP, SIDE), True),
}
PARTS = 6


def limit_of(run_id: int) -> float:
    return 0.5 + 0.01 * (run_id - 1)


class ChangingLine:
    """A rig whose revision changes at some of its places: before a trigger, or between any two steps of a part."""

    def __init__(self, rig, changes: set[int]) -> None:
        self.rig = rig
        self.run_id = 1
        self._place = 0
        self._changes = changes

    def place(self) -> None:
        if self._place in self._changes:
            self.run_id += 1
            for name, rig_view in self.rig.inputs.items():
                view = View(ModelReference("m", "0"), name, quality=QualityLimits(frozen_after=0))
                judged_by = replace(view, limits=Limits(image_threshold=limit_of(self.run_id)))
                rig_view.inspection.judges.add(self.run_id, Inspector(judged_by, rig_view.model))
            self.rig.ledger.continue_as(self.run_id)
        self._place += 1

    def free_what_is_over(self) -> None:
        """As `RunWorkers.end_replaced_runs` does."""
        for run_id in range(1, self.run_id):
            if self.rig.ledger.is_recorded(run_id):
                for rig_view in self.rig.inputs.values():
                    rig_view.inspection.judges.remove(run_id)

    def part(self, *, triggered: bool) -> int:
        """Let one part pass; return the run that it was triggered in."""
        self.rig.now_s += 1
        self.place()
        if triggered:
            self.rig.admission.trigger()
        run_id = self.run_id
        for name in self.rig.inputs:
            self.place()
            self.rig.come("good", view=name)
            self.place()
            self.rig.acquire()
            self.place()
            self.rig.judge()
            self.free_what_is_over()
        self.rig.flow(3)
        self.free_what_is_over()
        return run_id


@pytest.mark.slow
@pytest.mark.parametrize("triggers", TRIGGERS)
@given(changes=st.sets(st.integers(0, 7 * PARTS), max_size=10))
def test_that_every_part_is_judged_once_by_the_revision_it_was_opened_under(make_rig, triggers, changes) -> None:
    views, triggered = TRIGGERS[triggers]
    rig = make_rig(views or ("",), triggered=triggered)
    line = ChangingLine(rig, changes)
    opened_in = [line.part(triggered=triggered) for _ in range(PARTS)]
    rig.finish()
    parts = rig.store.parts
    assert [part.key.part for part in parts] == list(range(1, PARTS + 1))
    assert {part.verdict for part in parts} == {Verdict.PASS}
    runs = [part.key.run_id for part in parts]
    assert runs == sorted(runs)
    if triggered:
        assert runs == opened_in
    for part in parts:
        assert {view.image_threshold for view in part.views} == {limit_of(part.key.run_id)}
        assert len({view.name for view in part.views}) == len(rig.inputs)
