"""Several cameras look at one part."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from station.domain.frame import LostFrame
from station.domain.frame import NotInspectedCause as Cause
from station.domain.messages import CameraLost, CameraReturned, LineState, PartJudged
from station.domain.shift import EventKind
from station.domain.verdict import Verdict

TOP, SIDE = "top", "side"


@pytest.fixture
def rig(make_rig):
    """Two cameras that others trigger together."""
    rig = make_rig((TOP, SIDE))
    yield rig
    rig.told_guests.stop()


def part(rig, top: str | None, side: str | None) -> None:
    """One part goes by, a second after the last; a camera may miss it."""
    rig.now_s += 1
    for view, kind in ((TOP, top), (SIDE, side)):
        if kind:
            rig.come(kind, view=view)
    rig.flow(3)
    rig.now_s += 0.4
    rig.flow(3)


def comes_back(rig, view: str) -> None:
    """A lost camera is found between two parts."""
    rig.eyes[view].camera.gone = False
    rig.now_s += 1
    rig.flow(2)


@pytest.mark.parametrize(
    ("top", "side", "verdict", "deciding"),
    [
        ("good", "good", Verdict.PASS, TOP),
        ("good", "defective", Verdict.FAIL, SIDE),
        ("defective", "good", Verdict.FAIL, TOP),
        ("too dark", "good", Verdict.NOT_INSPECTED, TOP),
        ("too dark", "defective", Verdict.FAIL, SIDE),
        ("good", "model fails", Verdict.NOT_INSPECTED, SIDE),
    ],
)
def test_that_the_worst_view_decides(rig, top, side, verdict, deciding) -> None:
    part(rig, top, side)
    (inspection,) = rig.store.parts
    assert (inspection.verdict, inspection.deciding.view) == (verdict, deciding)
    assert [view.origin for view in inspection.views] == [top, side]
    assert inspection.reason.startswith(f"{deciding}: ") or not inspection.deciding.reason


def test_that_the_screen_gets_all_views_of_the_same_part(rig) -> None:
    part(rig, "good", "defective")
    live = rig.live.take()
    assert [picture.view for picture in live.pictures] == list(live.inspection.views)
    assert all(picture.levels for picture in live.pictures)


def test_that_a_view_that_is_judged_early_waits_for_the_others_and_parts_keep_their_order(rig) -> None:
    rig.come("good", "defective", view=TOP)
    rig.flow(3)
    assert not rig.told(PartJudged)
    assert not rig.assembly.idle
    assert rig.phase.state is LineState.INSPECTING
    rig.come("good", "good", view=SIDE)
    rig.flow(3)
    assert [told.inspection.verdict for told in rig.told(PartJudged)] == [Verdict.PASS, Verdict.FAIL]
    assert rig.phase.state is LineState.WAITING


def test_that_a_picture_that_one_camera_lost_costs_one_part_and_no_other(rig) -> None:
    part(rig, "good", "good")
    part(rig, "good", None)
    rig.come(LostFrame(2, Cause.LOST_FRAME, "side, frame 2"), view=SIDE)  # told when the next one comes
    part(rig, "good", "good")
    assert rig.causes == [{TOP: None, SIDE: None}, {TOP: None, SIDE: Cause.NO_PICTURE_IN_TIME}, {TOP: None, SIDE: None}]


def test_that_a_frame_that_both_cameras_lost_is_one_part(rig) -> None:
    for view in (TOP, SIDE):
        rig.come(LostFrame(1, Cause.LOST_FRAME, "frame 1"), view=view)
    part(rig, "good", "good")
    assert [None in causes.values() for causes in rig.causes] == [False, True]


def test_that_a_late_picture_is_neither_a_part_of_its_own_nor_of_the_next(rig) -> None:
    part(rig, "good", None)
    late = rig.frame("defective")
    rig.eyes[SIDE].camera.coming.append(late)
    rig.flow(3)
    part(rig, "good", "good")
    assert [inspection.verdict for inspection in rig.store.parts] == [Verdict.NOT_INSPECTED, Verdict.PASS]


def test_that_a_part_during_which_a_camera_comes_back_stays_one_part(rig) -> None:
    rig.eyes[SIDE].camera.gone = True
    part(rig, "good", None)
    rig.eyes[SIDE].camera.gone = False
    part(rig, "good", "good")  # the other camera's picture was there before this one was found
    assert rig.causes == [{TOP: None, SIDE: Cause.CAMERA_LOST}] * 2
    part(rig, "good", "good")
    assert rig.causes[2:] == [{TOP: None, SIDE: None}]


def test_that_a_lost_camera_leaves_its_view_of_every_part_uninspected_and_the_others_go_on(rig) -> None:
    part(rig, "good", "good")
    rig.eyes[SIDE].camera.gone = True
    part(rig, "good", None)
    assert rig.phase.state is LineState.CAMERA_LOST
    part(rig, "defective", None)
    comes_back(rig, SIDE)
    part(rig, "good", "good")
    assert rig.causes == [
        {TOP: None, SIDE: None},
        {TOP: None, SIDE: Cause.CAMERA_LOST},
        {TOP: None, SIDE: Cause.CAMERA_LOST},
        {TOP: None, SIDE: None},
    ]
    assert [inspection.verdict for inspection in rig.store.parts] == [
        Verdict.PASS,
        Verdict.NOT_INSPECTED,
        Verdict.FAIL,
        Verdict.PASS,
    ]
    assert [told.view for told in (*rig.told(CameraLost), *rig.told(CameraReturned))] == [SIDE, SIDE]
    assert [event.kind for event in rig.store.events] == [EventKind.CAMERA_LOST, EventKind.CAMERA_RETURNED]
    assert rig.phase.state is LineState.WAITING


def test_that_the_line_is_whole_again_only_when_all_cameras_are(rig) -> None:
    for eye in rig.eyes.values():
        eye.camera.gone = True
    rig.flow(2)
    comes_back(rig, TOP)
    part(rig, "good", None)
    assert rig.phase.state is LineState.CAMERA_LOST
    comes_back(rig, SIDE)
    part(rig, "good", "good")
    assert rig.phase.state is LineState.WAITING


def test_that_a_pause_completes_the_open_part_and_opens_no_other(rig) -> None:
    rig.now_s += 1
    rig.come("good", view=TOP)
    rig.acquire()
    rig.intake.pause()
    rig.come("defective", view=TOP)
    rig.flow(2)
    assert rig.phase.state is not LineState.PAUSED
    rig.come("good", view=SIDE)
    rig.flow(3)
    assert rig.verdicts == [(1, Verdict.PASS, None)]
    assert rig.phase.state is LineState.PAUSED
    rig.intake.resume()
    part(rig, "good", "good")
    assert [event.kind for event in rig.store.events] == [EventKind.PAUSE, EventKind.RESUME]
    assert len(rig.store.parts) == 2


class TestTriggers:
    @pytest.fixture
    def rig(self, make_rig):
        return make_rig((TOP, SIDE), triggered=True)

    def test_that_one_trigger_asks_every_camera(self, rig) -> None:
        rig.intake.trigger()
        rig.come("good", view=TOP)
        rig.flow()
        assert not rig.store.parts
        rig.come("defective", view=SIDE)
        rig.flow()
        assert rig.verdicts == [(1, Verdict.FAIL, None)]

    def test_that_a_camera_that_refuses_costs_its_view_alone(self, rig) -> None:
        rig.eyes[SIDE].camera.refuses_triggers = True
        rig.intake.trigger()
        rig.come("good", view=TOP)
        rig.flow()
        assert rig.causes == [{TOP: None, SIDE: Cause.LOST_FRAME}]

    def test_that_only_the_camera_whose_picture_is_late_is_started_anew(self, rig) -> None:
        rig.intake.trigger()
        rig.come("good", view=TOP)
        rig.flow()
        rig.now_s += 2.1
        rig.flow()
        assert rig.causes == [{TOP: None, SIDE: Cause.NO_PICTURE_IN_TIME}]
        assert [eye.camera.starts for eye in rig.eyes.values()] == [1, 2]

    def test_that_a_picture_nobody_asked_for_waits_for_no_other_camera(self, rig) -> None:
        rig.come("good", view=TOP)
        rig.flow()
        assert rig.causes == [{TOP: None, SIDE: Cause.LOST_FRAME}]


class TestStoredPictures:
    @pytest.fixture
    def rig(self, make_rig):
        return make_rig((TOP, SIDE), waits=True, slots=1, room_for=2)

    def test_that_stored_pictures_belong_together_in_turn_however_slow_one_side_is(self, rig, end) -> None:
        rig.come(*["good"] * 6, end, view=TOP)
        rig.flow(20)
        assert rig.ledger.opened <= 3
        rig.come(*["good", "defective"] * 3, end, view=SIDE)
        rig.flow(40)
        assert [verdict for _, verdict, _ in rig.verdicts] == [Verdict.PASS, Verdict.FAIL] * 3

    def test_that_the_view_with_fewer_pictures_leaves_the_rest_uninspected(self, rig, end) -> None:
        rig.come("good", "good", "good", end, view=TOP)
        rig.come("good", end, view=SIDE)
        rig.flow(40)
        assert [causes[SIDE] for causes in rig.causes] == [None, Cause.NO_PICTURE_IN_TIME, Cause.NO_PICTURE_IN_TIME]
        assert not any(eye.acquisition.step() for eye in rig.eyes.values())


def test_that_a_line_ends_after_so_many_whole_parts(make_rig) -> None:
    rig = make_rig((TOP, SIDE), count=2)
    for _ in range(4):
        part(rig, "good", "good")
    assert rig.causes == [{TOP: None, SIDE: None}] * 2
    assert not any(eye.acquisition.step() for eye in rig.eyes.values())


CAMERA = st.sampled_from(["sees", "sees late", "loses", "misses", "goes", "comes"])


@settings(max_examples=400, deadline=None)
@given(schedule=st.lists(st.tuples(CAMERA, CAMERA), max_size=25), first=st.sampled_from([TOP, SIDE]))
def test_that_no_part_ever_shows_two_different_things_whatever_a_camera_loses(make_rig, schedule, first) -> None:
    """Parts go by a second apart; `sees late` is within the window, and the news of a loss comes with what is next."""
    rig = make_rig((TOP, SIDE), slots=100)
    for eye in rig.eyes.values():
        eye.camera.forgets = True
    order = (TOP, SIDE) if first == TOP else (SIDE, TOP)
    untold, starts = {TOP: 0, SIDE: 0}, {TOP: 1, SIDE: 1}
    went_by = 0
    for number, does in enumerate(schedule):
        rig.now_s = 101.0 + number
        happens = dict(zip((TOP, SIDE), does, strict=True))
        seen = set()
        for view in order:
            camera = rig.eyes[view].camera
            if happens[view] in ("goes", "comes"):
                camera.gone = happens[view] == "goes"
                untold[view] = 0
            if camera.gone:
                camera.coming.clear()
            elif happens[view] == "loses":
                untold[view] += 1
            elif happens[view].startswith("sees") and not rig.eyes[view].link.lost:
                came_s = rig.now_s + (0.25 if happens[view] == "sees late" else 0.0)
                lost = [LostFrame(0, Cause.LOST_FRAME, "lost")] * untold[view]
                camera.coming.extend([*lost, rig.seen(number, came_s)])
                untold[view] = 0
                seen.add(view)
        went_by += bool(seen)
        rig.flow(4)
        rig.now_s += 0.35
        rig.flow(4)
    rig.finish()
    whole = [{view.origin for view in inspection.views if not view.cause} for inspection in rig.store.parts]
    assert all(len(origins) <= 1 for origins in whole)
    assert sum(len(origins) for origins in whole) == went_by
