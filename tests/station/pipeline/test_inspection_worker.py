import numpy as np
import pytest

from station.domain.frame import NotInspectedCause as Cause
from station.domain.messages import FaultReported, PartJudged
from station.domain.verdict import Verdict
from station.plugin_api.hooks import hookimpl


class Relay:
    """A reject output."""

    def __init__(self, look=lambda: None, fails=False) -> None:
        self.judged, self.saw = [], []
        self.look, self.fails = look, fails

    @hookimpl
    def inspection_judged(self, inspection) -> None:
        if self.fails:
            raise OSError("the relay is on fire")
        self.judged.append(inspection)
        self.saw.append(self.look())


def test_that_the_reject_output_comes_before_screen_news_and_record(rig) -> None:
    relay = Relay(lambda: (rig.live.peek(), rig.news_of(PartJudged), rig.queue.oldest(0)))
    rig.plugins.register(relay)
    rig.come("defective")
    rig.flow(2)
    assert [part.verdict for part in relay.judged] == [Verdict.FAIL]
    assert relay.saw == [(None, [], None)]
    assert rig.live.take().inspection == relay.judged[0]


def test_that_parts_without_a_judgement_reach_the_reject_output_too(rig, lost) -> None:
    relay = Relay()
    rig.plugins.register(relay)
    rig.come(lost(), "good")
    rig.flow(3)
    assert [part.verdict for part in relay.judged] == [Verdict.NOT_INSPECTED, Verdict.PASS]


def test_that_a_plugin_that_raises_stops_neither_the_others_nor_the_part_and_is_reported_once(rig) -> None:
    bad, good = Relay(fails=True), Relay()
    rig.plugins.register(bad, "bad")
    rig.plugins.register(good, "good")
    rig.come("good", "good")
    rig.flow(4)
    assert len(good.judged) == 2
    assert [number for number, _, _ in rig.verdicts] == [1, 2]
    assert [trouble.where for trouble in rig.news_of(FaultReported)] == ["bad"]
    bad.fails = False
    rig.come("good")
    rig.flow(2)
    bad.fails = True
    rig.come("good")
    rig.flow(2)
    assert len(rig.news_of(FaultReported)) == 2


@pytest.mark.parametrize(
    ("kind", "verdict", "cause"),
    [
        ("good", Verdict.PASS, None),
        ("defective", Verdict.FAIL, None),
        ("model fails", Verdict.NOT_INSPECTED, Cause.MODEL_FAILED),
        ("no number", Verdict.NOT_INSPECTED, Cause.MODEL_FAILED),
        ("too dark", Verdict.NOT_INSPECTED, Cause.TOO_DARK),
        ("too small", Verdict.NOT_INSPECTED, Cause.WRONG_PICTURE),
    ],
)
def test_that_each_picture_has_its_way_out(rig, kind, verdict, cause) -> None:
    rig.come(kind)
    rig.flow(2)
    assert rig.verdicts == [(1, verdict, cause)]
    (view,) = rig.store.parts[0].views
    assert view.origin == kind
    assert (view.width, view.height) == ((4, 4) if kind == "too small" else (32, 32))
    assert (view.pred_score is None) == (view.image_threshold is None) == (cause is not None)


def test_that_a_bug_in_the_model_closes_the_part_and_reaches_the_worker(rig) -> None:
    rig.model.breaks = True
    rig.come("good")
    rig.acquisition.step()
    with pytest.raises(RuntimeError):
        rig.inspection.step()
    rig.model.breaks = False
    rig.come("good")
    rig.flow(2)
    assert [cause for _, _, cause in rig.verdicts] == [Cause.STATION_FAILED, None]


def test_that_in_a_hurry_what_waits_is_closed_as_stopped_and_keeps_its_own_cause(rig, lost) -> None:
    rig.come("good", lost())
    for _ in range(2):
        rig.acquisition.step()
    rig.inspection.stop_judging()
    rig.finish()
    assert [cause for _, _, cause in rig.verdicts] == [Cause.STOPPED, Cause.LOST_FRAME]


def test_that_the_screen_gets_the_pyramid_and_the_map_of_the_same_part(rig) -> None:
    rig.come("defective")
    rig.flow(2)
    live = rig.live.take()
    (picture,) = live.views
    assert picture.inspection is live.inspection.deciding
    assert picture.levels[0].shape == (32, 32)
    assert picture.roi == (0, 0, 32, 32)
    assert picture.original is None
    np.testing.assert_allclose(picture.anomaly_map, 0.9, rtol=1e-6)
    assert rig.live.take() is None
    assert rig.live.peek() is live
