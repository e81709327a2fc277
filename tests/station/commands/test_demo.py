import threading
from contextlib import suppress

import pytest

from station.app import Station
from station.commands import demo
from station.domain.challenge import Outcome
from station.domain.errors import FaultError
from station.domain.recipe import RecipeState
from station.matching.frame_matcher import LineNotReadyError


def test_that_the_demo_is_a_whole_station_that_leaves_nothing_behind() -> None:
    with Station.open_demo() as station:
        root = station.workspace.root
        assert station.line.recipe.name == demo.PRODUCT
        assert all(entry.state is RecipeState.RELEASED for entry in station.recipes.entries())
        station.line.start(count=20)
        assert station.line.wait_stopped(60)
        summary = station.demo.summary(1.5)
        assert station.records.verify() == ()
    assert not root.exists()
    assert summary["parts"] == summary["triggers"] == 20
    assert summary["PASS"] + summary["FAIL"] == 20
    assert summary["FAIL"] > 0
    assert summary["agreement"] >= 0.95
    assert summary["first_verdict_s"] == 1.5
    assert 0 < summary["elapsed_ms_p50"] <= summary["elapsed_ms_p99"]


def test_that_the_demo_checks_itself_with_parts_that_its_line_really_has() -> None:
    with Station.open_demo() as station:
        station.challenge.start()
        while station.challenge.progress:
            with suppress(LineNotReadyError):
                station.challenge.take()
            threading.Event().wait(0.01)
        check = station.challenge.checks()[0]
        assert check.outcome is Outcome.PASSED, check.in_words
        assert [each.part.name for each in check.results] == ["clean 1", "scratch 1", "missing 1"]
        assert station.line.counts().triggers == 0
        assert station.demo.summary(None)["parts"] == 0


def test_that_a_demo_without_a_part_has_no_figures() -> None:
    with Station.open_demo() as station:
        summary = station.demo.summary(None)
    assert summary["triggers"] == 0
    assert (summary["agreement"], summary["elapsed_ms_p50"], summary["first_verdict_s"]) == (None, None, None)


def test_that_an_installation_without_demo_models_says_so(monkeypatch) -> None:
    monkeypatch.setattr(demo, "_shipped", list)
    with pytest.raises(FaultError, match="no demo models"):
        Station.open_demo()
