"""Teaching, the whole way: pictures in; a package, limits and honest figures out."""

import json
import shutil
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from station.app import Station
from station.domain.errors import BadInputError, FaultError
from station.domain.recipe import InferenceSettings, checked_name
from station.domain.verdict import Limits
from station.inference.model_package import load_package
from station.inference.openvino_predictor import OpenVinoPredictor
from station.learning import teaching
from station.learning.datasets import import_folder
from station.learning.evaluation import evaluate_folder
from station.learning.jobs import Trained, run_training
from station.learning.package_names import package_name
from station.learning.presets import METHODS, Method
from station.learning.shown_defects import split_for_limits
from station.learning.teaching import Taught, teach
from station.workspace import Workspace


def test_that_a_taught_product_separates_good_from_bad(taught: Taught):
    report = taught.evaluation
    assert report.image_auroc == 1.0
    assert report.escapes.count == 0
    assert report.escapes.n == 8
    assert report.overkill.n == 6
    assert report.pixel_auroc is not None
    assert report.pixel_auroc > 0.9
    assert report.aupro is not None
    assert report.aupro > 0.5


def test_that_the_exported_model_judges_every_test_picture_as_the_trained_one_does(taught: Taught):
    parity = taught.evaluation.parity
    assert parity is not None
    assert (parity.pictures, parity.verdict_flips) == (14, 0)
    assert parity.max_difference < 1e-3


def test_that_every_figure_is_given_when_all_can_be_computed(taught: Taught):
    figures = taught.evaluation.as_json()
    assert figures.pop("reasons").keys() == {"spro"}
    assert [name for name, value in figures.items() if value is None] == ["spro"]
    json.dumps(figures, allow_nan=False)


def test_that_the_package_in_the_workspace_carries_its_figures(taught: Taught, workspace: Workspace):
    package = load_package(workspace.models / taught.package.folder.name)
    assert package == taught.package
    assert package.manifest.evaluation == taught.evaluation.as_json()
    assert package.manifest.dataset_version == taught.dataset.version


def test_that_teaching_leaves_nothing_but_package_and_pictures(taught: Taught, workspace: Workspace):
    assert [path.name for path in workspace.models.glob(".teaching-*")] == []
    assert [path.name for path in (workspace.datasets / "disc").iterdir()] == [taught.dataset.version]


def test_that_the_view_names_model_limits_and_pictures(taught: Taught):
    assert taught.view.name == ""
    assert taught.view.model == taught.package.reference
    assert taught.view.dataset_version == taught.dataset.version
    assert taught.view.limits == Limits()


@pytest.mark.parametrize(
    ("product", "view", "beginning"),
    [
        ("disc", "", "disc-2"),
        ("disc", "top", "disc-top-2"),
        ("d" * 80, "v" * 80, f"{'d' * 28}-{'v' * 28}-2"),
        ("d" * 27 + ".x", "", f"{'d' * 27}-2"),
    ],
)
def test_that_a_models_name_contains_the_view_and_is_never_too_long(product: str, view: str, beginning: str):
    name = package_name(product, view)
    assert checked_name(name) == name
    assert name.startswith(beginning)


def test_that_evaluating_the_view_again_gives_the_same_figures(taught: Taught, disc_folder: Path, workspace: Workspace):
    again = evaluate_folder(disc_folder, taught.view, taught.package, workspace.cache).as_json()
    first = taught.evaluation.as_json()
    for name in ("infer_ms_p50", "train_s"):
        assert again.pop(name) is not None
        first.pop(name)
    assert again == first


def test_that_the_model_keeps_the_aspect_of_the_pictures(taught: Taught, workspace: Workspace):
    predictor = OpenVinoPredictor(taught.package, InferenceSettings(), workspace.cache)
    height, width = predictor.input_size
    predictor.close()
    assert (height % 32, width % 32) == (0, 0)
    assert height < width


@pytest.mark.slow
def test_that_twenty_good_pictures_alone_can_be_taught(
    disc_folder: Path, workspace: Workspace, tiny: Method, tmp_path: Path
):
    folder = tmp_path / "good"
    folder.mkdir()
    for picture in sorted((disc_folder / "train/good").iterdir())[:20]:
        (folder / picture.name).write_bytes(picture.read_bytes())
    taught = teach(folder, "good-only", workspace, method=tiny)
    report = taught.evaluation
    assert report.image_auroc is None
    assert report.reasons["image_auroc"] == "there is no defect among the pictures"
    assert "held out" in report.reasons["overkill"]
    assert report.overkill.n == 20
    assert report.overkill.count <= 1
    assert report.parity is not None
    assert (report.parity.pictures, report.parity.verdict_flips) == (20, 0)


@pytest.mark.slow
def test_that_a_set_with_several_masks_a_picture_has_spro_when_it_is_taught(
    disc_folder: Path, workspace: Workspace, tiny: Method, tmp_path: Path
):
    folder = Path(shutil.copytree(disc_folder, tmp_path / "loco"))
    for mask in sorted((folder / "ground_truth/spot").iterdir()):
        own = mask.with_name(mask.stem.removesuffix("_mask"))
        own.mkdir()
        mask.rename(own / "000.png")
        other = np.zeros((96, 128), np.uint8)
        other[10:20, 10:30] = 254
        cv2.imwrite(str(own / "001.png"), other)
    defects = [
        {"defect_name": "spot", "pixel_value": 255, "saturation_threshold": 0.5, "relative_saturation": True},
        {"defect_name": "gone", "pixel_value": 254, "saturation_threshold": 50, "relative_saturation": False},
    ]
    (folder / "defects_config.json").write_text(json.dumps(defects))
    taught = teach(folder, "loco", workspace, method=tiny)
    again = evaluate_folder(folder, taught.view, taught.package, workspace.cache)
    assert taught.evaluation.spro == again.spro
    assert again.spro is not None
    assert again.spro > 0.3
    assert "spro" not in taught.evaluation.reasons


@pytest.mark.slow
def test_that_a_model_that_turns_a_verdict_is_refused_and_leaves_nothing(
    disc_folder: Path, tiny: Method, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    turned = "test/good/03.png"

    def one_score_far_above(*arguments: Any) -> Trained:
        trained = run_training(*arguments)
        return trained.model_copy(update={"scores": trained.scores | {turned: 1000.0}})

    monkeypatch.setattr(teaching, "run_training", one_score_far_above)
    with (
        Station.open(tmp_path) as station,
        pytest.raises(FaultError, match=r"1 of 14 compared pictures another verdict .*: test/good/03\.png"),
    ):
        station.learning.teach(disc_folder, "disc", model=tiny)
    with Station.open(tmp_path) as station:
        assert station.recipes.entries() == ()
        assert [path for path in station.workspace.models.iterdir() if path != station.workspace.cache] == []


def test_that_four_pictures_are_too_few(disc_folder: Path, workspace: Workspace, tiny: Method, tmp_path: Path):
    for picture in sorted((disc_folder / "train/good").iterdir())[:4]:
        (tmp_path / picture.name).write_bytes(picture.read_bytes())
    with pytest.raises(BadInputError, match="4 pictures of good parts are too few") as refusal:
        teach(tmp_path, "few", workspace, method=tiny)
    assert "at least 5" in refusal.value.advice


def test_that_an_unknown_model_is_answered_with_the_known_ones(disc_folder: Path, workspace: Workspace):
    with pytest.raises(BadInputError, match="no method 'magic'") as refusal:
        teach(disc_folder, "disc", workspace, method="magic")
    assert all(name in refusal.value.advice for name in METHODS)


def test_that_limits_from_labels_are_measured_on_the_other_half(taught: Taught):
    shown, measured = split_for_limits(taught.dataset, "labels")
    assert [picture.name for picture in shown] == [f"test/spot/{number:02}.png" for number in range(4)]
    assert {picture.name for picture in shown}.isdisjoint(picture.name for picture in measured)
    assert len(shown) + len(measured) == 14
    assert sum(picture.good for picture in measured) == 6


def test_that_limits_from_labels_need_labels(disc_folder: Path, workspace: Workspace):
    dataset = import_folder(disc_folder / "train", "unlabelled", workspace.datasets)
    with pytest.raises(BadInputError, match="no labelled defect of 'unlabelled'"):
        split_for_limits(dataset, "labels")
