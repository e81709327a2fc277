"""Drawn defects are measured by their kinds, and are the reason of nothing else."""

import shutil
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from drawn_discs import draw_disc, write

from station.domain.dataset import DatasetItem, ItemSource, Label
from station.domain.errors import BadInputError
from station.domain.recipe import ModelReference, Recipe, View
from station.domain.study.choosing import choose_parts
from station.domain.study.study import StudyPlan
from station.domain.synthetic import SyntheticKind, is_synthetic
from station.learning.datasets import DatasetVersion, import_folder, load_dataset
from station.learning.evaluation import evaluate
from station.learning.labelled_scores import labelled_set
from station.learning.layout.reading import read_layout
from station.learning.manifest import read_manifest
from station.learning.presets import Method, UseOfDefects
from station.learning.runs.kept_evaluations import evaluation_from, kept_from
from station.learning.runs.offers import refusal_of_defects, versions_in
from station.learning.shown_defects import require_defects, split_for_limits
from station.learning.teaching import Taught, teach
from station.vision.synthetic.drawing import draw_defect
from station.workspace import Workspace


def draw_into(folder: Path, kind: SyntheticKind, count: int) -> None:
    """Add defects, drawn into discs that nothing else shows, with masks."""
    for number in range(count):
        good = draw_disc(500 + number)
        drawn = draw_defect(kind, good, np.ones(good.shape[:2], np.bool_), np.random.default_rng(number), 25)
        write(folder / f"test/{kind}/{number}.png", drawn.image)
        write(folder / f"ground_truth/{kind}/{number}_mask.png", drawn.mask.astype(np.uint8) * 255)


@pytest.fixture(scope="module")
def mixed(disc_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The discs, and six drawn stains beside their real spots."""
    folder = tmp_path_factory.mktemp("mixed") / "pictures"
    shutil.copytree(disc_folder, folder)
    draw_into(folder, SyntheticKind.STAIN, 6)
    return folder


@pytest.fixture
def only_drawn(disc_folder: Path, tmp_path: Path) -> DatasetVersion:
    """The good discs, and four drawn dents as their only defects."""
    folder = tmp_path / "pictures"
    shutil.copytree(disc_folder / "train", folder / "train")
    shutil.copytree(disc_folder / "test/good", folder / "test/good")
    draw_into(folder, SyntheticKind.DENT, 4)
    return import_folder(folder, "disc", tmp_path / "datasets")


@pytest.fixture
def judge(taught: Taught, workspace: Workspace):
    """Measure pictures by the model of the discs."""
    from station.inference.opening import open_predictor  # noqa: PLC0415 - loads OpenVINO

    predictor = open_predictor(taught.package, taught.view.inference, workspace.cache)
    yield lambda pictures: evaluate(pictures, predictor, taught.view, taught.package.manifest)
    predictor.close()


def test_that_a_drawn_kind_is_read_back_as_that_kind(mixed: Path) -> None:
    kinds = {picture.kind for picture in read_layout(mixed).pictures if not picture.good}
    assert {kind for kind in kinds if is_synthetic(kind)} == {"synthetic-stain"}


@pytest.mark.parametrize("kind", SyntheticKind)
def test_that_every_kind_keeps_its_mark_in_folders_that_people_sort(kind: SyntheticKind, tmp_path: Path) -> None:
    write(tmp_path / "train/good/0.png", draw_disc(0))
    draw_into(tmp_path, kind, 1)
    (picture,) = (each for each in read_layout(tmp_path).pictures if not each.good)
    assert picture.kind == kind
    assert len(picture.masks) == 1
    assert not picture.really_defective


def test_that_drawn_defects_change_no_figure_of_real_ones(mixed: Path, judge) -> None:
    pictures = read_layout(mixed).measured
    together = judge(pictures)
    real = judge([each for each in pictures if not is_synthetic(each.kind)])
    for name in ("image_auroc", "image_f1", "image_f1_best", "pixel_f1", "escapes", "overkill"):
        assert getattr(together, name) == getattr(real, name)
    for name in ("pixel_auroc", "aupro", "aupro_5"):
        assert getattr(together, name) == pytest.approx(getattr(real, name), abs=2e-6)
    assert together.synthetic == ("6 synthetic defects are counted by kind alone, in no figure of real defects",)
    assert real.synthetic == ()


def test_that_drawn_defects_have_figures_of_their_own(mixed: Path, judge) -> None:
    report = judge(read_layout(mixed).measured)
    drawn = report.per_kind["synthetic-stain"]
    assert drawn.escapes.n == 6
    assert drawn.figures["aupro"] is not None


def test_that_a_kept_evaluation_says_that_some_were_drawn(mixed: Path, judge, taught: Taught) -> None:
    recipe = Recipe("disc", 1, "disc", (taught.view,))
    kept = kept_from(judge(read_layout(mixed).measured), recipe, taught.view, "v", datetime.now(UTC))
    assert any("6 synthetic defects" in remark for remark in evaluation_from(kept).remarks)


def test_that_drawn_defects_alone_leave_figures_empty_with_a_reason(only_drawn: DatasetVersion, judge) -> None:
    report = judge(only_drawn.pictures_of("test"))
    assert report.escapes.n == 0
    for name in ("image_auroc", "image_f1", "pixel_auroc", "aupro", "pixel_f1", "escapes"):
        assert report.reasons[name] == "all defects among the pictures are synthetic"
    assert report.aupro is None
    assert report.per_kind["synthetic-dent"].escapes.n == 4


def test_that_no_limit_comes_from_drawn_defects(only_drawn: DatasetVersion) -> None:
    with pytest.raises(BadInputError, match="no labelled defect of 'disc' to set the limit from"):
        split_for_limits(only_drawn, "labels")


def test_that_nothing_is_learned_from_drawn_defects(only_drawn: DatasetVersion) -> None:
    with pytest.raises(BadInputError, match="no labelled defect of 'disc' to learn from"):
        require_defects(only_drawn)
    (version,) = versions_in(only_drawn.folder.parent.parent)
    assert refusal_of_defects(version) == "no labelled defect is in this version"


def test_that_drawn_kinds_are_not_offered_to_the_operator(only_drawn: DatasetVersion) -> None:
    assert read_manifest(only_drawn.folder).defect_kinds == ()


def test_that_the_limits_page_leaves_drawn_defects_out_and_says_so(only_drawn: DatasetVersion, tmp_path: Path) -> None:
    found = labelled_set(only_drawn.folder, View(ModelReference("m", "0" * 64)), None, tmp_path / "cache")
    assert (found.waiting, found.synthetic) == (len(only_drawn.pictures) - 4, 4)


@pytest.mark.slow
def test_that_drawn_defects_teach_nothing_and_move_no_limit(
    mixed: Path, disc_folder: Path, workspace: Workspace, tiny: Method, no_network: str
) -> None:
    use = UseOfDefects(learned=True, limit_from="labels")
    with_drawn = teach(mixed, "mixed disc", workspace, method=tiny, use=use)
    without = teach(disc_folder, "real disc", workspace, method=tiny, use=use)
    assert with_drawn.evaluation.defects.kinds == without.evaluation.defects.kinds
    assert with_drawn.package.manifest.normalisation == without.package.manifest.normalisation
    assert with_drawn.evaluation.escapes == without.evaluation.escapes
    assert with_drawn.evaluation.per_kind["synthetic-stain"].escapes.n == 6
    assert sum(is_synthetic(each.kind) for each in load_dataset(with_drawn.dataset.folder).pictures) == 6


def test_that_no_study_asks_people_about_drawn_defects() -> None:
    def item(number: int, kind: str) -> DatasetItem:
        label = Label.DEFECT if kind else Label.GOOD
        return DatasetItem(
            number, "disc", "", f"{number:064}", "0.png", ItemSource.IMPORT, "", label, kind, "", None, None, None,
            None, None, datetime.now(UTC), "", "", None, f"{number}", "test",
        )  # fmt: skip

    items = [item(n, "") for n in range(3)] + [item(10, "crack"), item(11, "synthetic-dent")]
    assert {part.kind for part in choose_parts(items, StudyPlan("disc", "", 1, 1, ("Ada",)), 0) if part.kind} == {
        "crack"
    }
    with pytest.raises(BadInputError, match="2 defects of 'disc' are wanted, and 1 different ones"):
        choose_parts(items, StudyPlan("disc", "", 1, 2, ("Ada",)), 0)
