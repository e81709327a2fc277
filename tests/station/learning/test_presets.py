"""Methods are chosen by name, and refuse beforehand what they cannot do."""

import importlib.util
from pathlib import Path

import pytest

from station.domain.errors import BadInputError
from station.learning.anomalib_settings import PadimSettings
from station.learning.jobs import TrainingJob
from station.learning.presets import METHODS, Method, UseOfDefects, method_named, require_teachable, with_whole_part

OTHERS = [name for name, method in METHODS.items() if not isinstance(method, Method)]


@pytest.mark.parametrize("name", METHODS)
def test_that_each_method_is_found_by_its_name_and_says_what_it_is(name):
    method = method_named(name)
    assert method.name == name
    assert method.words
    assert method.licence
    assert method.cost


@pytest.mark.parametrize("name", METHODS)
def test_that_a_job_keeps_the_settings_of_its_method(name, tmp_path):
    job = TrainingJob(dataset=tmp_path, output=tmp_path, cache=tmp_path, method=METHODS[name], input_size=(64, 64))
    assert TrainingJob.model_validate_json(job.model_dump_json()).method == METHODS[name]


@pytest.mark.parametrize("name", OTHERS)
def test_that_other_methods_refuse_the_whole_part(name):
    assert with_whole_part(METHODS[name], wanted=False) is METHODS[name]
    with pytest.raises(BadInputError, match=name) as refused:
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
