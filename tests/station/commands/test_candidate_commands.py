"""A draft judges beside the line, is compared with the released revision, and is promoted through its gate."""

import json
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from contrast_model import release_plate
from drafts import add_draft, run_line
from inbox import next_of
from promoted import promote
from waiting import until

from station.__main__ import main
from station.app import Station
from station.domain.candidate import Gate, GateCheck, ShadowFigures
from station.domain.errors import BadInputError
from station.domain.inspection import Inspection, PartKey
from station.domain.messages import FaultReported
from station.domain.recipe import StateChange
from station.domain.verdict import Verdict
from station.inference.model_package import ModelPackage
from station.learning.progress import Progress
from station.plugin_api.hooks import hookimpl
from station.rescore import shadow

LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
PARTS = 12
FAILS = 4
"""Of twelve parts; the camera of the test shows a bad one after each good one, and then another good one."""


def figures(station: Station, name: str = "plate") -> ShadowFigures:
    return station.candidates.figures(name, 2)


def test_that_a_draft_like_the_released_revision_agrees_on_every_stored_picture(station: Station) -> None:
    run_line(station, "plate", PARTS)
    add_draft(station)
    found = station.candidates.try_on_stored("plate", 2, LONG_AGO)
    assert (found.judged, found.agree, found.without_picture) == (FAILS, FAILS, PARTS - FAILS)
    assert station.candidates.disagreements("plate", 2) == ()
    assert "same verdict on 4 of 4 parts" in found.sentence
    assert "8 without a whole picture" in found.sentence


def test_that_a_draft_with_another_limit_lists_what_it_would_have_changed(station: Station) -> None:
    run_line(station, "plate", PARTS)
    add_draft(station, lax=True)
    found = station.candidates.try_on_stored("plate", 2, LONG_AGO)
    assert (found.judged, found.only_champion_rejects, found.only_candidate_rejects) == (FAILS, FAILS, 0)
    listed = station.candidates.disagreements("plate", 2)
    assert len(listed) == FAILS
    assert all(each.candidate_passes and not each.champion_passes for each in listed)
    assert [each.candidate_score for each in listed] == [each.champion_score for each in listed]
    assert {each.champion for each in listed} == {Verdict.FAIL}


def test_that_trying_twice_judges_no_part_twice(station: Station) -> None:
    run_line(station, "plate", PARTS)
    add_draft(station)
    steps: list[Progress] = []
    first = station.candidates.try_on_stored("plate", 2, LONG_AGO, steps.append)
    assert [step.done for step in steps] == list(range(PARTS + 1))
    steps.clear()
    assert station.candidates.try_on_stored("plate", 2, LONG_AGO, steps.append) == first
    assert [step.done for step in steps] == [0]


def test_that_a_part_whose_picture_is_gone_is_counted_and_not_judged(station: Station) -> None:
    run_line(station, "plate", PARTS)
    add_draft(station)
    parts = [station._core.inspections.find_part(PartKey(1, number)) for number in range(1, PARTS + 1)]
    original = next(part.views[0].original for part in parts if part.views[0].original is not None)
    assert original is not None
    (station.workspace.pictures / original.path).unlink()
    found = station.candidates.try_on_stored("plate", 2, LONG_AGO)
    assert (found.judged, found.failed) == (FAILS - 1, 1)
    assert "1 could not be judged" in found.sentence


@pytest.mark.slow
def test_that_the_shadow_judges_the_running_line_in_a_program_of_its_own(station: Station) -> None:
    add_draft(station, lax=True)
    state = station.candidates.start_shadow("plate", 2, "Ada")
    assert state.label == "plate@2"
    station.line.load_recipe("plate")
    station.line.start()
    until(lambda: figures(station).judged >= PARTS)
    now = station.candidates.shadow()
    assert now is not None
    assert (now.running, now.problem) == (True, "")
    station.line.stop()
    assert station.line.wait_stopped(60)
    station.candidates.stop_shadow("Ada")
    assert station.candidates.shadow() is None
    judged = figures(station)
    recorded = station.line.counts()
    assert judged.judged + judged.dropped == recorded.triggers
    assert judged.only_candidate_rejects == 0
    for each in station.candidates.disagreements("plate", 2):
        assert (each.champion, each.candidate) == (Verdict.FAIL, Verdict.PASS)
        assert each.candidate_score == each.champion_score


@pytest.mark.slow
def test_that_a_candidate_of_last_time_goes_on_when_the_station_is_opened_again(station: Station) -> None:
    add_draft(station)
    station.candidates.start_shadow("plate", 2, "Ada")
    root, settings = station.workspace.root, station.settings
    station.close()
    with Station.open(root, settings) as opened:
        opened.candidates.resume_shadow()
        opened.line.load_recipe("plate")
        opened.line.start()
        until(lambda: figures(opened).judged)


@pytest.mark.slow
def test_that_a_candidate_whose_program_is_killed_is_started_again_and_misses_are_counted(
    station: Station, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shadow, "_AGAIN_AFTER_S", 0.2)
    faults = station.news.subscribe(FaultReported)
    add_draft(station)
    station.candidates.start_shadow("plate", 2, "Ada")
    station.line.load_recipe("plate")
    station.line.start()
    until(lambda: figures(station).judged)
    process = station._core.shadow._process
    assert process is not None
    process._child.kill()
    fault = next_of(faults, FaultReported)
    assert "program of the candidate has ended" in fault.sentence
    before = figures(station)
    until(lambda: figures(station).judged > before.judged)
    assert figures(station).dropped > 0
    assert station.line.state.running


class Outputs:
    """A plug-in that keeps every call of its hooks, in their order, with all that a reject output is given."""

    def __init__(self) -> None:
        self.given: list[object] = []

    @hookimpl
    def station_started(self) -> None:
        self.given.append("started")

    @hookimpl
    def inspection_judged(self, inspection: Inspection) -> None:
        views = [(view.name, view.verdict, view.pred_score, view.reason, view.regions) for view in inspection.views]
        self.given.append((inspection.key, inspection.verdict, views))

    @hookimpl
    def station_stopped(self) -> None:
        self.given.append("stopped")


def outputs_of_1000_parts(station: Station) -> tuple[list[object], list[object]]:
    """Return what a plug-in was given of 1000 parts, and what is recorded of them."""
    source = station.settings.camera.source.replace("rate=25&", "")  # the next picture when the last one is judged
    outputs = Outputs()
    station.plugins.register(outputs, "outputs")
    station.line.load_recipe("plate")
    station.line.start(source, count=1000)
    assert station.line.wait_stopped(120)
    parts = [station._core.inspections.find_part(PartKey(1, number)).inspection for number in range(1, 1001)]
    recorded = [(part.key, part.verdict, part.deciding.pred_score, part.deciding.regions) for part in parts]
    return outputs.given, recorded


@pytest.mark.slow
def test_that_verdicts_and_outputs_of_1000_parts_are_the_same_with_and_without_a_candidate(
    station: Station, tmp_path: Path, tiny_package: ModelPackage
) -> None:
    """The line without a candidate is another station, with records and plug-ins of its own."""
    add_draft(station, lax=True)
    station.candidates.start_shadow("plate", 2, "Ada")
    given, recorded = outputs_of_1000_parts(station)
    station.candidates.stop_shadow("Ada")
    release_plate(tmp_path / "alone", tiny_package)
    with Station.open(tmp_path / "alone", station.settings) as alone:
        assert outputs_of_1000_parts(alone) == (given, recorded)
        assert figures(alone) == ShadowFigures()
    assert len(given) == 1002
    assert (given[0], given[-1]) == ("started", "stopped")
    assert [part[0] for part in recorded] == [PartKey(1, number) for number in range(1, 1001)]
    judged = figures(station)
    assert judged.judged > 0
    assert judged.judged + judged.dropped == 1000
    assert judged.only_champion_rejects > 0, "a candidate that always agrees proves nothing"


def test_that_a_released_revision_is_refused_as_candidate(station: Station) -> None:
    with pytest.raises(BadInputError, match="plate@1 is released, not a draft"):
        station.candidates.start_shadow("plate", 1)


@pytest.mark.slow
def test_that_the_command_line_tries_a_draft(station: Station) -> None:
    run_line(station, "plate", PARTS)
    add_draft(station, lax=True)
    command = [sys.executable, "-m", "station", "--workspace", str(station.workspace.root), "shadow"]
    done = subprocess.run([*command, "--recipe", "plate@2"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("FAIL -> PASS") == FAILS
    assert "promoted" not in done.stdout
    refused = subprocess.run([*command, "--recipe", "plate"], capture_output=True, text=True, check=False)
    assert refused.returncode == 2
    assert "Give --recipe NAME@REV" in refused.stderr


def test_that_the_command_line_lists_the_promotions_with_what_the_gate_had_seen(station: Station, capfd) -> None:
    run_line(station, "plate", 2)
    draft = add_draft(station, lax=True)
    gate = Gate("plate@2", "plate@1", (GateCheck("Parts of the line", passed=True, sentence="120 of 120."),))
    at = datetime(2026, 11, 28, 12, tzinfo=UTC)
    promote(station._core.database, ("plate", 2), gate, StateChange("Ada", "finds scratches", at))
    station.recipes.add(replace(draft, revision=3))
    root = station.workspace.root
    station.close()
    assert main(["--workspace", str(root), "shadow", "--recipe", "plate@3", "--json", "-"]) == 1  # plate@2 judged none
    summary = json.loads(capfd.readouterr().out.splitlines()[-1])
    (promotion,) = summary["promotions"]
    assert promotion["gate"]["checks"] == [{"name": "Parts of the line", "passed": True, "sentence": "120 of 120."}]
    said = {key: promotion[key] for key in ("champion", "revision", "person", "reason", "at")}
    assert said == {"champion": 1, "revision": 2, "person": "Ada", "reason": "finds scratches", "at": at.isoformat()}
