"""The first promise: no part without a verdict, and nothing but a judged picture is PASS."""

from hypothesis import given, settings
from hypothesis import strategies as st

from station.domain.frame import LostFrame, NotInspectedCause
from station.domain.messages import PartJudged, PartRecorded
from station.domain.verdict import Verdict
from station.pipeline.pairing import LineNotReadyError
from station.plugin_api import hookimpl

KINDS = ("good", "defective", "model fails", "no number", "too dark", "too small")
EVENTS = (
    *("trigger", "camera goes", "camera comes", "disk refuses", "disk takes", "model breaks", "model mends"),
    *("pause", "resume", "guest raises", "hurry"),
)
ROOM_FOR = 8
ALLOWED = {"good": Verdict.PASS, "defective": Verdict.FAIL}

steps = st.one_of(
    st.tuples(st.just("come"), st.sampled_from(KINDS)),
    st.tuples(st.just("lose"), st.sampled_from([NotInspectedCause.LOST_FRAME, NotInspectedCause.INCOMPLETE_FRAME])),
    st.tuples(st.just("wait"), st.sampled_from([0.01, 0.5, 3.0])),
    st.tuples(st.sampled_from(["acquire", "judge", "record"]), st.integers(1, 4)),
    st.tuples(st.sampled_from(EVENTS), st.none()),
)


class AngryGuest:
    """A plug-in gone mad."""

    @hookimpl
    def inspection_judged(self, inspection) -> None:
        raise OSError("the relay is on fire")


def trigger(rig) -> None:
    try:
        rig.acquisition.trigger()
    except LineNotReadyError:
        assert rig.acquisition._pausing or rig.acquisition._resting or rig.ledger.unrecorded >= ROOM_FOR


def advance(rig, seconds: float) -> None:
    rig.now_s += seconds


ACTIONS = {
    "come": lambda rig, kind: rig.come(kind),
    "lose": lambda rig, cause: rig.come(LostFrame(1, cause, "lost")),
    "wait": advance,
    "acquire": lambda rig, n: [rig.acquisition.step() for _ in range(n)],
    "judge": lambda rig, n: [rig.judge() for _ in range(n)],
    "record": lambda rig, n: [rig.recording.step() for _ in range(n)],
    "trigger": lambda rig, _: trigger(rig),
    "camera goes": lambda rig, _: setattr(rig.camera, "gone", True),
    "camera comes": lambda rig, _: setattr(rig.camera, "gone", False),
    "disk refuses": lambda rig, _: setattr(rig.store, "refuses", True),
    "disk takes": lambda rig, _: setattr(rig.store, "refuses", False),
    "model breaks": lambda rig, _: setattr(rig.model, "breaks", True),
    "model mends": lambda rig, _: setattr(rig.model, "breaks", False),
    "pause": lambda rig, _: rig.acquisition.pause(),
    "resume": lambda rig, _: rig.acquisition.resume(),
    "guest raises": lambda rig, _: rig.guests.has_plugin("angry") or rig.guests.register(AngryGuest(), "angry"),
    "hurry": lambda rig, _: rig.judging.hurry(),
}


@settings(max_examples=300, deadline=None)
@given(schedule=st.lists(steps, max_size=60), triggered=st.booleans(), waits=st.booleans())
def test_that_every_trigger_ends_in_exactly_one_record_whatever_happens(make_rig, schedule, triggered, waits) -> None:
    rig = make_rig(triggered=triggered, waits=waits, room_for=ROOM_FOR)
    for step, value in schedule:
        ACTIONS[step](rig, value)
    rig.store.refuses = False
    rig.finish()
    numbers = [part.key.part for part in rig.store.parts]
    assert numbers == list(range(1, rig.ledger.opened + 1))
    assert rig.ledger.unrecorded == 0
    assert len(rig.told(PartJudged)) == len(rig.told(PartRecorded)) == rig.ledger.opened
    for part in rig.store.parts:
        assert part.verdict in (ALLOWED.get(part.origin), Verdict.NOT_INSPECTED)
