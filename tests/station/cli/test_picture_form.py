"""What a person reads of pictures that are not like those of the teaching."""

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from station.__main__ import main
from station.app import Station
from station.cli.teach import form_sentences
from station.domain.inspection import Inspection
from station.domain.messages import FaultReported
from station.domain.picture_form import Colour, PictureForm
from station.domain.recipe import ModelReference, QualityLimits, Recipe, RecipeState, View

FORMS = {
    "colour": PictureForm(Colour.COLOUR, 8, 8, 320, 240, "lossless"),
    "deep": PictureForm(Colour.GREY, 12, 16, 320, 240, "lossless"),
}


@pytest.fixture
def workspace(tmp_path: Path, tiny_package) -> Path:
    """Recipes that were taught from colour pictures, and from 12 bits in 16."""
    root = tmp_path / "station"
    with Station.open(root) as station:
        shutil.copytree(tiny_package.folder, station.workspace.models / "tiny")
        view = View(tiny_package.reference, quality=QualityLimits(frozen_after=0))
        for name, form in FORMS.items():
            station.recipes.add(Recipe(name, 1, name, (replace(view, form=form),)), RecipeState.RELEASED)
    return root


@pytest.fixture
def call(workspace: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    def run(*words: object) -> tuple[int, str, str]:
        code = main(["--workspace", str(workspace), *map(str, words)])
        out, err = capsys.readouterr()
        return code, out, err

    return run


@pytest.fixture
def save(tmp_path: Path) -> Callable[..., Path]:
    """Saves pictures into one folder."""
    folder = tmp_path / "parts"
    folder.mkdir()

    def write(picture: np.ndarray, name: str = "000.png") -> Path:
        assert cv2.imwrite(str(folder / name), picture)
        return folder

    return write


def red(grey: np.ndarray) -> np.ndarray:
    return np.dstack([grey, grey, grey + 60])


def parts(out: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in out.splitlines()][:-1]


def test_that_a_grey_picture_is_not_inspected_by_a_recipe_in_colour(call, save, draw_part) -> None:
    save(draw_part(1))
    folder = save(red(draw_part(2)), "001.png")
    code, out, _ = call("inspect", folder, "--recipe", "colour", "--json", "-")
    assert code == 0
    grey, colour = parts(out)
    assert grey["verdict"] == "NOT_INSPECTED"
    assert "grey picture, taught in colour: check PixelFormat" in grey["reason"]
    assert colour["verdict"] == "PASS"


def test_that_12_bits_in_16_are_judged_like_the_same_picture_of_8_bits(call, save, draw_part) -> None:
    shown = [draw_part(1), draw_part(2, defective=True)]
    for number, picture in enumerate(shown):
        save(picture, f"{number}-8.png")
        folder = save(picture.astype(np.uint16) * 16, f"{number}-raw.png")
    save(draw_part(3).astype(np.uint16) * 100, "2-too-bright.png")
    _, out, _ = call("inspect", folder, "--recipe", "deep", "--json", "-")
    *pairs, too_bright = parts(out)
    assert [part["verdict"] for part in pairs] == ["PASS", "PASS", "FAIL", "FAIL"]
    for flat, raw in (pairs[:2], pairs[2:]):
        assert raw["raw_score"] == pytest.approx(flat["raw_score"], abs=1)
        assert raw["conversion"] == "16 bits kept, taken for 12 bits, as taught"
        assert flat["conversion"] == "8 bits, taught with 12"
    assert too_bright["verdict"] == "NOT_INSPECTED"
    assert "above the 12 bits of the pictures it was taught from" in too_bright["reason"]


def test_that_pictures_compressed_otherwise_are_named_before_the_first_verdict(workspace, save, draw_part) -> None:
    folder = save(red(draw_part(1)), "000.jpg")
    seen: list[object] = []
    with Station.open(workspace) as station:
        recipe = station.recipes.find("colour").recipe
        station.line.run(str(folder), recipe=recipe, on_part=seen.append, on_trouble=seen.append)
    named, part = seen
    assert isinstance(named, FaultReported)
    assert "JPEG 4:2:0, taught from lossless" in named.sentence
    assert isinstance(part, Inspection)
    assert part.deciding.conversion == "JPEG 4:2:0, taught from lossless"


def test_that_an_evaluation_says_how_pictures_differ(call, save, draw_part) -> None:
    folder = save(draw_part(1)).rename(save(draw_part(1)).with_name("test"))
    (folder / "good").mkdir()
    (folder / "000.png").rename(folder / "good/000.png")
    code, out, _ = call("evaluate", folder, "--recipe", "colour")
    assert code == 0
    assert "1 of 1 pictures: picture does not fit the recipe: grey picture, taught in colour" in out


def test_that_a_recipe_travels_with_its_form(call, tmp_path) -> None:
    assert call("recipes", "export", "deep", tmp_path / "deep.recipe")[0] == 0
    assert call("recipes", "import", tmp_path / "deep.recipe")[0] == 0
    _, out, _ = call("recipes", "show", "deep@2", "--json", "-")
    assert json.loads(out)["form"] == {
        "colour": "grey",
        "bits": 12,
        "stored_bits": 16,
        "width": 320,
        "height": 240,
        "coding": "lossless",
    }
    assert call("recipes", "diff", "colour", "deep")[1].count("form.") == 3


def test_that_teaching_says_what_was_taken_for_granted() -> None:
    light, dark = QualityLimits(max_brightness=190), QualityLimits(max_brightness=132)
    view = View(ModelReference("m", "0" * 64), quality=light)
    assert list(form_sentences(replace(view, form=FORMS["deep"]))) == [
        "pictures: grey, 12 of 16 bits, 320 x 240 px, lossless",
        "white is 4095 of 12 bits; a picture with a larger value is not inspected",
    ]
    assert len(list(form_sentences(replace(view, form=PictureForm())))) == 3
    assert list(form_sentences(view)) == []
    of_16 = replace(FORMS["deep"], bits=16)
    assert list(form_sentences(replace(view, form=of_16, quality=dark)))[-1].startswith("even the brightest picture")
