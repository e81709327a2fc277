"""Methods are chosen by name, and refuse beforehand what they cannot do."""

import importlib.util
import re
from pathlib import Path

import pytest

from station.domain.errors import BadInputError
from station.learning import presets
from station.learning.anomalib_settings import PadimSettings
from station.learning.jobs import TrainingJob
from station.learning.plugin_method import PluginMethod
from station.learning.presets import (
    METHODS,
    Ensemble,
    Method,
    UseOfDefects,
    method_named,
    require_teachable,
    with_whole_part,
)

GUIDE = Path(__file__).parents[3] / "docs/detectors.md"
OTHERS = [name for name, method in METHODS.items() if not isinstance(method, Method)]


@pytest.mark.parametrize("name", METHODS)
def test_that_each_method_is_found_by_its_name_and_says_what_it_is(name):
    method = method_named(name)
    assert method.name == name
    assert method.words
    assert method.licence
    assert method.cost


@pytest.mark.parametrize("name", [name for name, method in METHODS.items() if not isinstance(method, Ensemble)])
def test_that_the_guide_and_the_window_say_the_same_time_of_teaching(name):
    rows = (row.split(" | ") for row in GUIDE.read_text("utf-8").splitlines() if row.startswith("| `"))
    time_in_guide = next(row[4] for row in rows if f"`{name}`" in row[0])
    assert re.split("[,;] ", METHODS[name].cost)[0].replace(" to teach", "") == time_in_guide


@pytest.mark.parametrize("name", METHODS)
def test_that_a_job_keeps_the_settings_of_its_method(name, tmp_path):
    job = TrainingJob(dataset=tmp_path, output=tmp_path, cache=tmp_path, method=METHODS[name], input_size=(64, 64))
    assert TrainingJob.model_validate_json(job.model_dump_json()).method == METHODS[name]


@pytest.mark.parametrize("name", OTHERS)
def test_that_other_methods_refuse_the_whole_part(name):
    assert with_whole_part(METHODS[name], wanted=False) is METHODS[name]
    with pytest.raises(BadInputError, match=re.escape(name)) as refused:
        with_whole_part(METHODS[name], wanted=True)
    assert "--whole-part" in refused.value.advice


@pytest.mark.parametrize("name", OTHERS)
def test_that_other_methods_refuse_to_learn_from_defects(name, tmp_path):
    with pytest.raises(BadInputError, match="does not learn from labelled defects"):
        require_teachable(METHODS[name], UseOfDefects(learned=True), tmp_path)


def test_that_a_method_without_its_packages_says_how_to_bring_them(monkeypatch):
    there = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "anomalib" else there(name))
    lacking = PadimSettings().lacks(Path("nowhere"))
    assert lacking is not None
    assert lacking.sentence.endswith("needs anomalib")
    assert "bootstrap.py train" in lacking.advice
    with pytest.raises(BadInputError, match=r"padim needs anomalib\."):
        require_teachable(PadimSettings(), UseOfDefects(), Path("nowhere"))


def test_that_the_stations_own_method_lacks_nothing():
    assert METHODS["balanced"].lacks(Path("nowhere")) is None


def test_that_methods_joined_by_plus_are_one_with_the_largest_input() -> None:
    method = method_named("dfm + fcdd+balanced")
    assert isinstance(method, Ensemble)
    assert (method.name, method.side_px, method.held_out) == ("dfm+fcdd+balanced", 320, "once")
    assert method.described == "ensemble of dfm, fcdd and balanced"
    assert "the time of 3 models" in method.offer
    assert method_named("balanced+dfm").held_out == "folds"


def test_that_a_member_that_looks_at_all_features_averages_more_of_them_in_a_larger_input() -> None:
    method = method_named("balanced+dfm+fre")
    assert isinstance(method, Ensemble)
    assert [member.model_dump().get("pooled") for member in method.members] == [None, 2, 2]


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("balanced+magic", "There is no method 'magic'"),
        ("balanced+", "There is no method ''"),
        ("balanced+dfkde", "dfkde has no map"),
        ("balanced+balanced", r"balanced\+balanced cannot be joined"),
        ("balanced+fast+padim+dfm+fre", "cannot be joined"),
    ],
)
def test_that_what_cannot_be_joined_is_refused_by_its_name(name: str, why: str) -> None:
    with pytest.raises(BadInputError, match=why) as refused:
        method_named(name)
    assert refused.value.advice


def test_that_a_method_of_a_plug_in_is_not_joined(monkeypatch) -> None:
    plugins = {"shade": PluginMethod(name="shade", plugin="shades")}
    monkeypatch.setattr(presets, "plugin_methods", lambda: plugins)
    with pytest.raises(BadInputError, match="shade is computed by the plug-in shades"):
        method_named("balanced+shade")


def test_that_an_ensemble_lacks_what_a_member_lacks(monkeypatch) -> None:
    there = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "anomalib" else there(name))
    with pytest.raises(BadInputError, match=r"dfm needs anomalib\."):
        require_teachable(method_named("balanced+dfm"), UseOfDefects(), Path("nowhere"))
