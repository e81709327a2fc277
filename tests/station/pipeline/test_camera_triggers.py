"""A trigger that reaches the cameras, and a camera that is made unavailable, exclude each other."""

import threading

import pytest

from station.domain.frame import NotInspectedCause
from station.matching.frame_matcher import LineNotReadyError

SOON_S = 30.0


@pytest.fixture
def rig(make_rig):
    """Two cameras that the station triggers."""
    rig = make_rig(("top", "side"), triggered=True)
    yield rig
    rig.camera_triggers.close()
    rig.plugin_runner.stop_plugins()


def test_that_no_trigger_reaches_a_camera_while_triggers_are_held(rig) -> None:
    with rig.camera_triggers.hold_triggers():
        key = rig.admission.trigger()
    rig.flow()
    assert [view.camera.asked for view in rig.inputs.values()] == [0, 0]
    assert rig.causes == [dict.fromkeys(("top", "side"), NotInspectedCause.OVERRUN)]
    assert rig.verdicts[0][0] == key.part


def test_that_triggers_are_held_only_after_the_one_that_is_on_its_way(rig) -> None:
    reached, answers, held = threading.Event(), threading.Event(), threading.Event()
    rig.camera.trigger = lambda: (reached.set(), answers.wait(SOON_S))

    def hold() -> None:
        with rig.camera_triggers.hold_triggers():
            held.set()

    threads = [threading.Thread(target=work) for work in (rig.admission.trigger, hold)]
    threads[0].start()
    assert reached.wait(SOON_S)
    threads[1].start()
    assert not held.wait(0.1), "the trigger is still on its way"
    answers.set()
    assert held.wait(SOON_S)
    for thread in threads:
        thread.join(SOON_S)


def test_that_a_refused_trigger_leaves_the_way_free_for_the_next_one(rig) -> None:
    rig.admission.pause()
    with pytest.raises(LineNotReadyError):
        rig.admission.trigger()
    rig.admission.resume()
    rig.flow(1)
    rig.admission.trigger()
    assert [view.camera.asked for view in rig.inputs.values()] == [1, 1]
