import threading
from itertools import pairwise
from typing import NoReturn

import pytest

from station.domain.errors import CameraBusyError, CameraError
from station.domain.frame import NotInspectedCause as Cause
from station.domain.messages import CameraLost, CameraReturned, FaultReported, LineState
from station.domain.shift import EventKind
from station.domain.verdict import Verdict
from station.matching.frame_matcher import LineNotReadyError

PASS = Verdict.PASS


def causes(rig) -> list[Cause | None]:
    return [cause for _, _, cause in rig.verdicts]


def test_that_a_full_queue_closes_the_oldest_part_as_overrun_and_keeps_the_order(rig) -> None:
    rig.come("good", "good", "good", "good", "good")
    for _ in range(5):
        rig.acquisition.step()
    rig.finish()
    assert rig.verdicts == [
        (1, Verdict.NOT_INSPECTED, Cause.OVERRUN),
        (2, Verdict.NOT_INSPECTED, Cause.OVERRUN),
        (3, PASS, None),
        (4, PASS, None),
        (5, PASS, None),
    ]
    assert rig.frame_queue.overruns == 2


def test_that_an_on_demand_source_is_never_overrun(make_rig, end) -> None:
    rig = make_rig(waits=True, slots=1, room_for=2)
    rig.come(*["good"] * 20, end)
    for _ in range(20):
        rig.acquisition.step()
    assert rig.ledger.opened == 1
    rig.flow(60)
    rig.finish()
    assert rig.verdicts == [(n, PASS, None) for n in range(1, 21)]


@pytest.mark.parametrize("cause", [Cause.LOST_FRAME, Cause.INCOMPLETE_FRAME, Cause.UNREADABLE_PICTURE])
def test_that_a_missing_frame_is_a_part_without_a_judgement(rig, lost, cause) -> None:
    rig.come("good", lost(cause), "good")
    rig.flow()
    assert causes(rig) == [None, cause, None]
    assert rig.store.parts[1].reason == f"{cause.sentence}: on purpose"


def test_that_the_last_picture_ends_the_run(rig, end) -> None:
    rig.come("good", end, "good")
    rig.flow()
    assert not rig.acquisition.step()
    assert rig.ledger.opened == 1


class TestTriggers:
    @pytest.fixture
    def rig(self, make_rig):
        return make_rig(triggered=True)

    def test_that_a_trigger_gets_the_picture_that_comes(self, rig) -> None:
        key = rig.admission.trigger()
        rig.come("defective")
        rig.flow()
        assert rig.verdicts == [(key.part, Verdict.FAIL, None)]

    def test_that_a_late_picture_belongs_to_no_part(self, rig) -> None:
        rig.admission.trigger()
        rig.now_s += 2.1
        rig.acquire()
        assert rig.camera.starts == 2, "what it would still have sent is gone with the start"
        rig.admission.trigger()
        rig.come("good")
        rig.flow()
        assert rig.verdicts == [(1, Verdict.NOT_INSPECTED, Cause.NO_PICTURE_IN_TIME), (2, PASS, None)]
        assert "no picture in time" in rig.news_of(FaultReported)[0].sentence

    def test_that_a_picture_between_a_restart_and_the_next_trigger_opens_no_part(self, rig) -> None:
        """A camera may keep a trigger that reached it too late, and answer it as soon as it is started again."""
        rig.admission.trigger()
        rig.now_s += 2.1
        rig.acquire()
        rig.come("good")
        rig.flow()
        rig.admission.trigger()
        rig.come("defective")
        rig.flow()
        assert rig.verdicts == [(1, Verdict.NOT_INSPECTED, Cause.NO_PICTURE_IN_TIME), (2, Verdict.FAIL, None)]

    def test_that_a_picture_older_than_the_trigger_is_not_its_answer(self, rig) -> None:
        rig.come("good")
        rig.now_s += 0.5
        rig.admission.trigger()
        rig.come("defective")
        rig.flow()
        assert rig.verdicts == [(1, Verdict.FAIL, None)]

    def test_that_the_report_of_a_lost_frame_is_not_an_answer(self, rig, lost) -> None:
        """A camera may count frames without a trigger: each frame id is then one too high."""
        for _ in range(3):
            rig.admission.trigger()
            rig.come(lost(), "good")
            rig.flow()
        assert causes(rig) == [None] * 3
        rig.admission.trigger()
        rig.come(lost())
        rig.flow()
        rig.now_s += 2.1
        rig.flow()
        assert causes(rig)[3:] == [Cause.NO_PICTURE_IN_TIME]

    def test_that_a_camera_is_not_triggered_again_before_it_has_answered(self, rig) -> None:
        """Otherwise a picture could belong to either trigger, once the camera has missed one."""
        for _ in range(3):
            rig.admission.trigger()
        rig.come("defective")
        rig.flow()
        assert causes(rig) == [None, Cause.OVERRUN, Cause.OVERRUN]
        assert rig.camera.asked == 1
        rig.admission.trigger()
        rig.come("good")
        rig.flow()
        assert rig.verdicts[-1] == (4, PASS, None)

    def test_that_a_trigger_that_a_slow_camera_holds_up_gets_no_picture_of_a_later_moment(self, rig) -> None:
        asked, answers = threading.Event(), threading.Event()
        rig.camera.trigger = lambda: (asked.set(), answers.wait(30))
        first = threading.Thread(target=rig.admission.trigger)
        first.start()
        assert asked.wait(30)
        rig.admission.trigger()
        answers.set()
        first.join()
        rig.come("good")
        rig.flow()
        assert causes(rig) == [None, Cause.OVERRUN]

    def test_that_a_camera_that_was_too_busy_for_a_trigger_is_not_restarted(self, rig) -> None:
        def busy() -> None:
            raise CameraBusyError("scripted: is busy.")

        asks, rig.camera.trigger = rig.camera.trigger, busy
        rig.admission.trigger()
        rig.camera.trigger = asks
        rig.admission.trigger()
        rig.come("good")
        rig.flow()
        assert causes(rig) == [Cause.LOST_FRAME, None]
        assert rig.camera.starts == 1

    def test_that_the_picture_of_a_trigger_that_seemed_refused_is_discarded(self, rig) -> None:
        rig.camera.refuses_triggers = True
        rig.admission.trigger()
        rig.camera.refuses_triggers = False
        rig.admission.trigger()
        rig.come("defective")
        rig.flow()
        assert causes(rig) == [Cause.LOST_FRAME, Cause.NO_PICTURE_IN_TIME]
        assert (rig.camera.asked, rig.camera.starts) == (1, 2)
        rig.admission.trigger()
        rig.come("good")
        rig.flow()
        assert rig.verdicts[-1] == (3, PASS, None)

    def test_that_a_trigger_that_waits_at_the_stop_is_closed_as_stopped(self, rig) -> None:
        rig.admission.trigger()
        rig.finish()
        assert causes(rig) == [Cause.STOPPED]
        with pytest.raises(LineNotReadyError):
            rig.admission.trigger()

    def test_that_a_picture_without_a_trigger_is_a_part_of_its_own(self, rig) -> None:
        rig.come("good")
        rig.flow()
        assert rig.verdicts == [(1, PASS, None)]

    @pytest.mark.parametrize("gone", [False, True])
    def test_that_no_trigger_is_taken_while_too_many_records_wait_whether_the_camera_is_there_or_lost(
        self, make_rig, gone
    ) -> None:
        rig = make_rig(triggered=True, room_for=6)
        rig.store.refuses = True
        rig.camera.gone = gone
        rig.flow()
        for _ in range(6):
            rig.admission.trigger()
        with pytest.raises(LineNotReadyError):
            rig.admission.trigger()
        assert rig.ledger.opened == 6

    def test_that_a_line_that_refused_a_trigger_rests_until_the_disk_has_caught_up(self, make_rig) -> None:
        rig = make_rig(triggered=True, room_for=6)
        for _ in range(6):
            rig.admission.trigger()
        with pytest.raises(LineNotReadyError):
            rig.admission.trigger()
        rig.come("good")
        rig.acquire()
        for _ in range(6):
            rig.judge()
        for _ in range(2):  # that it rests, and a part
            rig.recording.step()
        assert rig.ledger.unrecorded == 5
        rig.acquire()
        assert rig.line_state.state is LineState.DISK_BEHIND
        with pytest.raises(LineNotReadyError):
            rig.admission.trigger()
        rig.flow()
        assert rig.line_state.state is LineState.WAITING

    def test_that_the_first_trigger_refused_for_the_disk_is_reported_while_a_picture_is_pending(self, make_rig) -> None:
        rig = make_rig(triggered=True, room_for=6)
        rig.store.refuses = True
        for _ in range(6):
            rig.admission.trigger()
        with pytest.raises(LineNotReadyError):
            rig.admission.trigger()
        assert rig.line_state.state is LineState.DISK_BEHIND

    def test_that_an_on_demand_source_is_never_late_and_not_restarted(self, make_rig) -> None:
        rig = make_rig(triggered=True, waits=True)
        rig.admission.trigger()
        rig.now_s += 1000
        rig.flow()
        rig.come("good")
        rig.flow()
        assert rig.verdicts == [(1, PASS, None)]
        assert rig.camera.starts == 1

    def test_that_triggers_are_closed_while_the_camera_is_lost(self, rig) -> None:
        rig.admission.trigger()
        rig.camera.gone = True
        rig.flow()
        rig.admission.trigger()
        rig.flow()
        assert causes(rig) == [Cause.CAMERA_LOST, Cause.CAMERA_LOST]
        assert rig.line_state.state is LineState.CAMERA_LOST


class TestCameraLost:
    def test_that_loss_and_return_are_reported_and_recorded_with_the_gap(self, make_rig) -> None:
        rig = make_rig(settings={"ExposureTime": 500.0})
        rig.come("good")
        rig.flow()
        rig.camera.gone = True
        rig.flow(1)
        assert rig.line_state.state is LineState.CAMERA_LOST
        rig.now_s += 4
        rig.flow()
        rig.camera.gone = False
        rig.now_s += 1
        rig.come("good")
        rig.flow()
        assert len(rig.news_of(CameraLost)) == 1
        assert rig.news_of(CameraReturned)[0].gap_s == pytest.approx(5)
        assert [(event.kind, event.duration_s) for event in rig.store.events] == [
            (EventKind.CAMERA_LOST, None),
            (EventKind.CAMERA_RETURNED, pytest.approx(5)),
        ]
        assert rig.verdicts == [(1, PASS, None), (2, PASS, None)]
        assert rig.camera.applied == {"ExposureTime": 500.0}

    def test_that_a_camera_whose_settings_cannot_be_read_returns_all_the_same(self, rig) -> None:
        def unreadable() -> NoReturn:
            raise CameraError("scripted: cannot be read.")

        rig.camera.settings = unreadable
        rig.camera.gone = True
        rig.flow(1)
        rig.camera.gone = False
        rig.now_s += 1
        rig.come("good")
        rig.flow()
        assert rig.news_of(CameraReturned)

    def test_that_a_lost_camera_is_tried_again_with_growing_pauses_of_at_most_a_second(self, rig) -> None:
        rig.camera.gone = True
        rig.acquisition.step()
        tries = []
        rig.camera.start = lambda: tries.append(rig.now_s) or rig.connection.source.fetch(0)
        for _ in range(100):
            rig.now_s += 0.05
            rig.acquisition.step()
        pauses = [round(b - a, 2) for a, b in pairwise(tries)]
        assert pauses[:3] == sorted(pauses[:3])
        assert max(pauses) <= 1.05

    def test_that_silence_of_a_free_running_camera_is_a_loss(self, rig) -> None:
        for _ in range(5):
            rig.come("good")
            rig.now_s += 0.1
            rig.acquisition.step()
        rig.now_s += 0.9
        rig.acquisition.step()
        assert not rig.news_of(CameraLost)
        rig.now_s += 0.2
        rig.acquisition.step()
        assert rig.news_of(CameraLost)

    def test_that_a_slow_line_is_not_taken_for_silence(self, rig) -> None:
        for _ in range(5):
            rig.come("good")
            rig.now_s += 4
            rig.acquisition.step()
        rig.now_s += 7
        rig.acquisition.step()
        assert not rig.news_of(CameraLost)
        assert rig.connection.expected_interval_s == pytest.approx(4)

    @pytest.mark.parametrize("slow", [{"AcquisitionFrameRate": 0.5}, {"ExposureTime": 2_000_000.0}])
    def test_that_a_camera_that_is_set_slow_while_it_runs_is_not_taken_for_silence(self, make_rig, slow) -> None:
        rig = make_rig(settings={"AcquisitionFrameRate": 25.0, "ExposureTime": 1000.0})
        brisk(rig)
        rig.camera.applied |= slow
        rig.connection.update_expected_interval()
        rig.now_s += 3.9
        rig.acquisition.step()
        assert not rig.news_of(CameraLost)
        rig.now_s += 0.2
        rig.acquisition.step()
        assert rig.news_of(CameraLost)

    def test_that_a_camera_that_was_lost_for_being_slow_is_not_lost_again(self, make_rig) -> None:
        rig = make_rig(settings={"AcquisitionFrameRate": 25.0})
        brisk(rig)
        rig.camera.applied |= {"AcquisitionFrameRate": 0.5}
        rig.now_s += 1.1
        rig.acquisition.step()
        for _ in range(5):
            rig.now_s += 2
            rig.come("good")
            rig.acquisition.step()
            rig.now_s += 1.9
            rig.acquisition.step()
        assert len(rig.news_of(CameraLost)) == 1

    def test_that_a_camera_that_is_set_fast_again_is_missed_as_soon_as_any_other(self, make_rig) -> None:
        rig = make_rig(settings={"AcquisitionFrameRate": 0.1})
        for _ in range(3):
            rig.now_s += 10
            rig.come("good")
            rig.acquisition.step()
        rig.camera.applied |= {"AcquisitionFrameRate": 25.0}
        rig.connection.update_expected_interval()
        rig.now_s += 1.1
        rig.acquisition.step()
        assert rig.news_of(CameraLost)

    def test_that_a_line_that_was_slow_at_first_is_missed_soon_once_it_runs(self, rig) -> None:
        for pause_s in [10.0] * 3 + [0.1] * 30:
            rig.come("good")
            rig.now_s += pause_s
            rig.acquisition.step()
        rig.now_s += 1.1
        rig.acquisition.step()
        assert rig.news_of(CameraLost)

    def test_that_a_frame_rate_that_is_not_enabled_gives_no_expected_interval(self, make_rig) -> None:
        rig = make_rig(settings={"AcquisitionFrameRate": 0.1, "AcquisitionFrameRateEnable": False})
        assert rig.connection.expected_interval_s is None

    def test_that_a_loss_that_is_reported_with_the_next_frame_does_not_make_the_line_faster(self, rig, lost) -> None:
        for _ in range(3):
            rig.now_s += 4
            rig.come(lost(), "good")
            rig.flow()
        assert rig.connection.expected_interval_s == pytest.approx(2)

    def test_that_a_software_triggered_camera_may_be_silent(self, make_rig) -> None:
        rig = make_rig(triggered=True)
        rig.now_s += 1000
        rig.flow()
        assert not rig.news_of(CameraLost)
        assert rig.connection.expected_interval_s is None

    def test_that_the_camera_is_asked_for_its_rate_once_at_each_start(self, make_rig) -> None:
        rig = make_rig(settings={"AcquisitionFrameRate": 4.0})
        assert [rig.connection.expected_interval_s for _ in range(9)] == [0.25] * 9
        assert rig.camera.readings == rig.camera.starts == 1


class TestResting:
    def test_that_frames_during_a_pause_open_no_parts_and_the_camera_is_not_restarted(self, rig) -> None:
        rig.admission.pause()
        rig.come("defective", "defective")
        rig.flow()
        assert rig.line_state.state is LineState.PAUSED
        assert rig.camera.starts == 1
        with pytest.raises(LineNotReadyError):
            rig.admission.trigger()
        rig.admission.resume()
        rig.come("good")
        rig.flow()
        assert rig.verdicts == [(1, PASS, None)]
        assert [event.kind for event in rig.store.events] == [EventKind.PAUSE, EventKind.RESUME]

    def test_that_an_on_demand_source_loses_nothing_in_a_pause(self, make_rig) -> None:
        rig = make_rig(waits=True)
        rig.admission.pause()
        rig.come("good", "defective")
        rig.flow()
        assert rig.verdicts == []
        rig.admission.resume()
        rig.flow()
        assert [verdict for _, verdict, _ in rig.verdicts] == [PASS, Verdict.FAIL]
        assert rig.camera.starts == 1

    def test_that_the_last_picture_ends_a_paused_run_too(self, rig, end) -> None:
        rig.admission.pause()
        rig.come("good", end)
        rig.flow()
        assert not rig.acquisition.step()

    def test_that_a_paused_line_stays_paused_whatever_its_camera_does(self, rig) -> None:
        rig.admission.pause()
        rig.flow()
        rig.camera.gone = True
        rig.flow(2)
        assert rig.news_of(CameraLost)
        assert rig.line_state.state is LineState.PAUSED
        rig.admission.resume()
        rig.flow(2)
        assert rig.line_state.state is LineState.CAMERA_LOST
        rig.admission.pause()
        rig.camera.gone = False
        rig.now_s += 1
        rig.come("good")
        rig.flow()
        assert rig.news_of(CameraReturned)
        assert rig.line_state.state is LineState.PAUSED
        assert rig.verdicts == []

    def test_that_a_pause_waits_for_the_pictures_of_open_triggers(self, make_rig) -> None:
        rig = make_rig(triggered=True)
        rig.admission.trigger()
        rig.admission.pause()
        rig.flow()
        assert rig.line_state.state is not LineState.PAUSED
        rig.come("good")
        rig.flow()
        assert rig.line_state.state is LineState.PAUSED
        assert rig.verdicts == [(1, PASS, None)]

    def test_that_the_line_admits_no_more_parts_rather_than_lose_records(self, make_rig) -> None:
        rig = make_rig(room_for=6)
        rig.store.refuses = True
        rig.come(*["good"] * 20)
        rig.flow(60)
        assert rig.ledger.opened == 6
        assert rig.camera.starts == 1
        assert rig.line_state.state is LineState.DISK_BEHIND
        with pytest.raises(LineNotReadyError):
            rig.admission.trigger()
        rig.store.refuses = False
        rig.flow()
        rig.come(*["good"] * 4)
        rig.flow()
        assert [number for number, _, _ in rig.verdicts] == list(range(1, 11))
        assert rig.line_state.state is LineState.WAITING


def brisk(rig) -> None:
    """Let five frames come, 25 each second."""
    for _ in range(5):
        rig.come("good")
        rig.now_s += 0.04
        rig.acquisition.step()
