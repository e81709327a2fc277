"""The first promise: no part without a verdict, and nothing but a judged picture is PASS."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from station.domain import clock
from station.domain.frame import LostFrame, NotInspectedCause
from station.domain.messages import PartJudged, PartRecorded
from station.domain.recipe import ModelReference, View
from station.domain.verdict import Limits, Verdict
from station.judgement.inspector import Inspector
from station.matching.frame_matcher import LineNotReadyError
from station.plugin_api.hooks import hookimpl

KINDS = ("good", "defective", "model fails", "no number", "too dark", "too small", "wrong shape", "no memory", "exits")
EVENTS = (
    *("trigger", "disk refuses", "disk takes", "pause", "resume", "plug-in raises", "stop judging"),
    *("clock ahead", "clock back", "recipe changes"),
)
EVENTS_OF_A_VIEW = ("camera goes", "camera comes", "model breaks", "model mends", "no memory for a picture")
VIEWS = ("top", "side", "bottom")
ROOM_FOR = 8
ALLOWED = {"good": Verdict.PASS, "defective": Verdict.FAIL}

steps = st.one_of(
    st.tuples(st.just("come"), st.tuples(st.sampled_from(VIEWS), st.sampled_from(KINDS))),
    st.tuples(
        st.just("lose"),
        st.tuples(
            st.sampled_from(VIEWS),
            st.sampled_from([NotInspectedCause.LOST_FRAME, NotInspectedCause.INCOMPLETE_FRAME]),
        ),
    ),
    st.tuples(st.just("wait"), st.sampled_from([0.01, 0.5, 3.0])),
    st.tuples(st.sampled_from(["acquire", "judge", "record"]), st.integers(1, 4)),
    st.tuples(st.sampled_from(EVENTS), st.none()),
    st.tuples(st.sampled_from(EVENTS_OF_A_VIEW), st.sampled_from(VIEWS)),
)


class FailingPlugin:
    """A plug-in that always fails."""

    @hookimpl
    def inspection_judged(self, inspection) -> None:
        raise OSError("the relay is on fire")


def trigger(rig) -> None:
    try:
        rig.admission.trigger()
    except LineNotReadyError:
        assert not rig.admission.takes_triggers


def set_clock(by: timedelta) -> None:
    """Let the station read another time from now on."""

    class SetClock(datetime):
        @classmethod
        def now(cls, tz=None) -> datetime:
            return datetime.now(tz) + by

    clock.datetime = SetClock


def change_recipe(rig) -> None:
    """Judge the parts that are opened from now on by another revision."""
    run_id = rig.ledger.run_id + 1
    for name, rig_view in rig.inputs.items():
        view = View(ModelReference("m", "0"), name, Limits(limit_of(run_id)), quality=rig_view.recipe.quality)
        rig_view.inspection.judges.add(run_id, Inspector(view, rig_view.model))
    rig.ledger.continue_as(run_id)


def limit_of(run_id: int) -> float:
    """Return the limit of each revision; it lies between the scores of good and of defective parts."""
    return 0.5 + 0.001 * (run_id - 1)


def advance(rig, seconds: float) -> None:
    rig.now_s += seconds


def view_input(rig, view: str):
    """Return the camera of this view; the last one if the line has fewer."""
    return rig.inputs.get(view) or list(rig.inputs.values())[-1]


ACTIONS = {
    "come": lambda rig, what: view_input(rig, what[0]).camera.coming.append(rig.frame(what[1])),
    "lose": lambda rig, what: view_input(rig, what[0]).camera.coming.append(LostFrame(1, what[1], "lost")),
    "wait": advance,
    "acquire": lambda rig, n: rig.acquire(n),
    "judge": lambda rig, n: [rig.judge() for _ in range(n)],
    "record": lambda rig, n: [rig.recording.step() for _ in range(n)],
    "trigger": lambda rig, _: trigger(rig),
    "camera goes": lambda rig, view: setattr(view_input(rig, view).camera, "gone", True),
    "camera comes": lambda rig, view: setattr(view_input(rig, view).camera, "gone", False),
    "disk refuses": lambda rig, _: setattr(rig.store, "refuses", True),
    "disk takes": lambda rig, _: setattr(rig.store, "refuses", False),
    "model breaks": lambda rig, view: setattr(view_input(rig, view).model, "breaks", True),
    "model mends": lambda rig, view: setattr(view_input(rig, view).model, "breaks", False),
    "pause": lambda rig, _: rig.admission.pause(),
    "resume": lambda rig, _: rig.admission.resume(),
    "plug-in raises": lambda rig, _: (
        rig.plugins.has_plugin("failing") or rig.plugins.register(FailingPlugin(), "failing")
    ),
    "clock ahead": lambda rig, _: set_clock(timedelta(hours=1)),
    "clock back": lambda rig, _: set_clock(timedelta(days=-400)),
    "recipe changes": lambda rig, _: change_recipe(rig),
    "no memory for a picture": lambda rig, view: view_input(rig, view).camera.coming.extend(
        [MemoryError(), LostFrame(1, NotInspectedCause.STATION_FAILED, "no memory")]  # as a real camera reports it
    ),
    "stop judging": lambda rig, _: [each.inspection.stop_judging() for each in rig.inputs.values()],
}


@pytest.mark.slow
@settings(max_examples=400, deadline=None)
@given(
    schedule=st.lists(steps, max_size=60),
    views=st.integers(1, 3),
    triggered=st.booleans(),
    waits=st.booleans(),
    count=st.one_of(st.none(), st.integers(1, 5)),
)
def test_that_every_trigger_ends_in_exactly_one_record_whatever_happens(
    make_rig, schedule, views, triggered, waits, count
) -> None:
    names = VIEWS[:views] if views > 1 else ("",)
    rig = make_rig(names, triggered=triggered, waits=waits, room_for=ROOM_FOR, count=count)
    try:
        for step, value in schedule:
            ACTIONS[step](rig, value)
        rig.store.refuses = False
        rig.finish()
    finally:
        clock.datetime = datetime
    numbers = [part.key.part for part in rig.store.parts]
    assert numbers == list(range(1, rig.ledger.opened + 1))
    assert count is None or len(numbers) <= count
    assert rig.ledger.unrecorded == 0
    assert len(rig.news_of(PartJudged)) == len(rig.news_of(PartRecorded)) == rig.ledger.opened
    for part in rig.store.parts:
        assert tuple(view.name for view in part.views) == names
        assert part.verdict is max((view.verdict for view in part.views), key=lambda verdict: verdict.severity)
        for view in part.views:
            assert view.image_threshold in (None, limit_of(part.key.run_id)), "by the revision it was opened under"
            assert view.verdict in (ALLOWED.get(view.origin), Verdict.NOT_INSPECTED)
