"""A folder is inspected without its masks, and a person reads how many they are and where they lie."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest

from station.__main__ import main
from station.app import Station
from station.domain.recipe import QualityLimits, Recipe, RecipeState, View

Inspected = tuple[int, list[str], list[str], str]


@pytest.fixture
def workspace(tmp_path: Path, tiny_package) -> Path:
    root = tmp_path / "station"
    with Station.open(root) as station:
        shutil.copytree(tiny_package.folder, station.workspace.models / "tiny")
        view = View(tiny_package.reference, quality=QualityLimits(frozen_after=0))
        station.recipes.add(Recipe("tiny", 1, "tiny", (view,)), RecipeState.RELEASED)
    return root


@pytest.fixture
def inspect(workspace: Path, capsys: pytest.CaptureFixture[str]) -> Callable[[object], Inspected]:
    """Inspects a folder: exit code, the sources of its parts, what was left out, stderr."""

    def run(source: object) -> Inspected:
        code = main(["--workspace", str(workspace), "inspect", str(source), "--recipe", "tiny", "--json", "-"])
        out, err = capsys.readouterr()
        lines = [json.loads(line) for line in out.splitlines()]
        return code, [line["source"] for line in lines[:-1]], lines[-1].get("left_out", []) if lines else [], err

    return run


@pytest.fixture
def plate(tmp_path: Path, draw_part) -> Callable[..., Path]:
    """Writes parts, masks ("mask:NAME") and masks with the scars of JPEG ("scars:NAME") into one folder."""

    def write(*names: str) -> Path:
        folder = tmp_path / "plate"
        for number, name in enumerate(names):
            kind, _, place = name.rpartition(":")
            picture = draw_part(number)
            if kind:
                picture = np.zeros((240, 320), np.uint8)
                cv2.line(picture, (100, 100), (160, 130), 255, 8)
            if kind == "scars":
                picture = cv2.imdecode(cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, 75])[1], -1)
            (folder / place).parent.mkdir(parents=True, exist_ok=True)
            assert cv2.imwrite(str(folder / place), picture)
        return folder

    return write


@pytest.mark.slow
@pytest.mark.parametrize(
    ("parts", "masks", "said"),
    [
        (
            ["test/good/000.png", "test/scratch/000.png", "train/good/000.png"],
            ["mask:ground_truth/scratch/000_mask.png", "mask:ground_truth/scratch/001_mask.png"],
            "2 masks left out: ground_truth/scratch.",
        ),
        (["OK/1.png", "scratch/000.png"], ["mask:scratch/000_mask.png"], "1 mask left out: scratch."),
        (["abnormal_dir/0.png", "normal_dir/0.png"], ["scars:mask_dir/0.png"], "1 mask left out: mask_dir."),
        (["7.jpg", "8.jpg"], ["mask:7.png"], "1 mask left out: plate."),
        (["images/a.png", "review/b.png"], ["scars:Masken/a.PNG"], "1 mask left out: Masken."),
        (["test/scratch/000.png"], ["mask:ground_truth/scratch/000/000.png"], "left out: ground_truth/scratch/000."),
    ],
    ids=[
        "MVTec",
        "beside the pictures",
        "mask_dir",
        "same stem",
        "German, beside a doubtful folder",
        "one folder each",
    ],
)
def test_that_masks_are_left_out_and_everything_else_is_inspected_in_order(inspect, plate, parts, masks, said) -> None:
    code, sources, left_out, err = inspect(plate(*parts, *masks))
    assert (code, sources, left_out) == (0, parts, [name.rpartition(":")[2] for name in masks])
    assert err.count(said) == 1


def test_that_a_doubtful_structure_and_a_mask_of_no_picture_are_no_reason_to_refuse(inspect, plate) -> None:
    folder = plate("0/a.png", "1/b.png", "OK/NG/c.png", "other/d.png", "mask:masks/z.png")
    assert inspect(f"replay:{folder}")[:3] == (0, ["0/a.png", "1/b.png", "OK/NG/c.png", "other/d.png"], ["masks/z.png"])


def test_that_pictures_of_parts_are_inspected_whatever_their_folder_and_name_are(inspect, plate) -> None:
    parts = ["helmet/001.png", "helmet/mask_002.png", "mask/001.png", "mask/003.png"]
    assert inspect(plate(*parts))[:3] == (0, parts, [])


def test_that_a_heat_map_beside_its_picture_is_left_out(inspect, plate) -> None:
    code, sources, left_out, err = inspect(plate("a/000.png", "a/000_heatmap.png", "a/001.png"))
    assert (code, sources, left_out) == (0, ["a/000.png", "a/001.png"], ["a/000_heatmap.png"])
    assert err.count("1 picture made of another one by a program left out: a.") == 1


def test_that_files_of_other_kinds_still_answer_no_beside_masks(inspect, plate) -> None:
    folder = plate("a.png", "mask:a_mask.png")
    (folder / "b.heic").write_bytes(b"0")
    assert inspect(folder)[:3] == (1, ["a.png"], ["b.heic", "a_mask.png"])


@pytest.mark.slow
@pytest.mark.parametrize("given", ["ground_truth", "ground_truth/scratch"])
@pytest.mark.parametrize("name", ["000_mask.png", "000.png"])
def test_that_a_folder_of_masks_alone_is_refused(inspect, plate, given, name) -> None:
    folder = plate("test/scratch/000.png", f"mask:ground_truth/scratch/{name}")
    code, sources, _, err = inspect(folder / given)
    assert (code, sources) == (2, [])
    assert "1 mask left out" in err
    assert "Give the folder with the pictures that the masks belong to." in err


def test_that_one_picture_is_inspected_whatever_it_is(inspect, plate) -> None:
    assert inspect(plate("a.png", "mask:a_mask.png") / "a_mask.png")[1] == ["a_mask.png"]
