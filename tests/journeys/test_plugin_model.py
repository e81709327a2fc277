"""A line judges by the model of a plug-in: a part without a sound answer is NOT INSPECTED, and never PASS."""

from pathlib import Path

import cv2
import numpy as np
import pytest
from contrast_model import release_plate
from contrast_plugin import ContrastPlugin, contrast, install_here, plugin_package

from station.app import Station
from station.domain.errors import ModelError
from station.domain.frame import NotInspectedCause
from station.domain.inspection import Inspection
from station.domain.recipe import Recipe, View
from station.domain.verdict import Verdict
from station.inference.model_package import copy_package
from station.storage.records.integrity import Severity


@pytest.fixture
def parts(tmp_path: Path, draw_part) -> str:
    """Four parts; the third is marked."""
    (tmp_path / "parts").mkdir()
    for number in range(4):
        cv2.imwrite(str(tmp_path / "parts" / f"{number}.png"), draw_part(number, defective=number == 2))
    return f"replay:{tmp_path / 'parts'}"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "package").mkdir()
    release_plate(tmp_path / "workspace", plugin_package(tmp_path / "package"))
    return tmp_path / "workspace"


@pytest.fixture
def plugin(tmp_path: Path, monkeypatch) -> ContrastPlugin:
    installed = ContrastPlugin()
    install_here(monkeypatch, tmp_path / "site", installed)
    return installed


def judged(root: Path, parts: str) -> list[Inspection]:
    result: list[Inspection] = []
    with Station.open(root) as station:
        station.line.run(parts, on_part=result.append, recipe=station.recipes.find("plate", 1).recipe)
    return result


def test_that_a_line_judges_by_the_model_of_a_plug_in(root, parts, plugin):
    assert [part.verdict for part in judged(root, parts)] == [Verdict.PASS] * 2 + [Verdict.FAIL, Verdict.PASS]


def test_that_a_part_that_the_plug_in_cannot_judge_is_not_inspected(root, parts, plugin):
    def unsound_at_a_mark(picture):
        given = contrast(picture)
        return np.where(given > 20, np.nan, given)

    plugin.instead = unsound_at_a_mark
    inspections = judged(root, parts)
    assert [part.verdict for part in inspections] == [Verdict.PASS] * 2 + [Verdict.NOT_INSPECTED, Verdict.PASS]
    assert inspections[2].views[0].cause is NotInspectedCause.MODEL_FAILED


def test_that_a_line_without_the_plug_in_does_not_start(root, parts):
    with pytest.raises(ModelError, match="needs the plug-in 'contrast', which is not installed here"):
        judged(root, parts)


def test_that_verify_names_a_model_whose_plug_in_is_not_installed_and_looks_at_the_others(root, tiny_package):
    with Station.open(root) as station:
        other = copy_package(tiny_package, station.workspace.models / "second")
        station.recipes.add(Recipe("other", 1, "other", (View(other.reference),)))
        findings = station.learning.verify_models()
    (lacking,) = [each for each in findings if each.where == "plate@1"]
    assert lacking.severity is Severity.ERROR
    assert "cannot be judged here: The model needs the plug-in 'contrast', which is not installed" in lacking.sentence
    assert [each for each in findings if each.where == "other@1"]
