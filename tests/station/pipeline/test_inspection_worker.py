import threading

import numpy as np
import pytest

from station.domain.frame import NotInspectedCause as Cause
from station.domain.messages import FaultReported, PartJudged
from station.domain.verdict import Verdict
from station.pipeline import inspection_worker, part_assembler
from station.plugin_api.hooks import hookimpl

_DEFECTIVE = 200
"""The grey of a defective picture of the rig."""


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


@pytest.fixture
def stored(make_rig):
    """A line of stored pictures whose model notes the thread that it is asked on, and the pictures prepared by then."""
    rig = make_rig(waits=True)
    rig.asked, rig.prepared = [], []
    whole, prepare = rig.model.predict, rig.inspection.judges._judges[1]._preprocessor.run

    def predict(image):
        rig.asked.append(threading.current_thread().name)
        return whole(image)

    def run(image, bits):
        rig.prepared.append(len(rig.asked))
        return prepare(image, bits)

    rig.model.predict = predict
    rig.inspection.judges._judges[1]._preprocessor.run = run
    return rig


def put(rig, *kinds) -> None:
    """Put frames into the queue at once, as no stored picture comes there in a rig that goes step by step."""
    rig.frame_queue._slots = len(kinds)
    rig.come(*kinds)
    for _ in kinds:
        rig.acquisition.step()


def test_that_the_next_stored_picture_is_prepared_while_the_model_looks_at_one(stored) -> None:
    put(stored, "good", "defective", "good")
    stored.inspection.step()
    assert len(stored.prepared) == 2
    stored.finish()
    assert [verdict for _, verdict, _ in stored.verdicts] == [Verdict.PASS, Verdict.FAIL, Verdict.PASS]
    assert all(thread.startswith("lineside model") for thread in stored.asked)


def test_that_a_bug_at_one_stored_picture_costs_neither_the_one_before_nor_the_one_behind(stored) -> None:
    whole = stored.model.predict

    def predict(image):
        if np.median(image) == _DEFECTIVE:
            raise RuntimeError("a bug in the model's code")
        return whole(image)

    stored.model.predict = predict
    put(stored, "good", "defective", "too dark", "good")
    stored.inspection.step()
    with pytest.raises(RuntimeError):
        stored.inspection.step()
    stored.finish()
    causes = [(number, cause) for number, _, cause in stored.verdicts]
    assert causes == [(1, None), (2, Cause.STATION_FAILED), (3, Cause.TOO_DARK), (4, None)]


def test_that_a_picture_of_a_camera_is_judged_on_the_line_itself(rig) -> None:
    asked, whole = [], rig.model.predict
    rig.model.predict = lambda image: asked.append(threading.current_thread()) or whole(image)
    rig.come("good")
    rig.flow(2)
    assert asked == [threading.current_thread()]


def starved(whole, times: int = 2):
    """Return a function that lacks memory the first times."""
    left = iter(range(times))

    def call(*what, **how):
        if next(left, None) is not None:
            raise MemoryError
        return whole(*what, **how)

    return call


def test_that_a_lack_of_memory_while_a_verdict_is_shown_keeps_it_from_neither_news_nor_record(rig, monkeypatch) -> None:
    monkeypatch.setattr(rig.live, "put", starved(rig.live.put))
    monkeypatch.setattr(rig.recent, "put", starved(rig.recent.put))
    rig.come("defective", "good")
    rig.flow(4)
    assert [(number, verdict) for number, verdict, _ in rig.verdicts] == [(1, Verdict.FAIL), (2, Verdict.PASS)]
    assert len(rig.news_of(PartJudged)) == 2


@pytest.mark.parametrize("where", ["_part_of", "add_result", "result_of"])
def test_that_a_lack_of_memory_while_a_part_is_closed_costs_no_part(rig, monkeypatch, where) -> None:
    if where == "_part_of":
        monkeypatch.setattr(part_assembler, where, starved(part_assembler._part_of))
    elif where == "add_result":
        monkeypatch.setattr(rig.part_assembler, where, starved(rig.part_assembler.add_result))
    else:
        monkeypatch.setattr(inspection_worker, where, starved(inspection_worker.result_of))
    rig.come("no memory", "defective", "good")
    rig.flow(8)
    assert [(number, verdict) for number, verdict, _ in rig.verdicts] == [
        (1, Verdict.NOT_INSPECTED), (2, Verdict.FAIL), (3, Verdict.PASS)
    ]  # fmt: skip
    assert rig.ledger.unrecorded == 0
