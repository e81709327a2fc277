"""Teaching with labelled defects, the whole way: each is measured by a model made without it."""

import shutil
from pathlib import Path

import numpy as np
import pytest

from station.domain.errors import BadInputError
from station.inference.model_package import load_package
from station.learning.presets import Method, UseOfDefects
from station.learning.teaching import Taught, teach
from station.workspace import Workspace

_LEARNED = UseOfDefects(learned=True)


@pytest.fixture(scope="module")
def taught_with_defects(disc_folder: Path, workspace: Workspace, tiny: Method, no_network: str) -> Taught:
    return teach(disc_folder, "disc with defects", workspace, method=tiny, use=_LEARNED)


@pytest.mark.slow
def test_that_the_result_says_what_was_learned(taught_with_defects: Taught):
    defects = taught_with_defects.evaluation.defects
    assert defects is not None
    assert defects.learned
    assert sum(defects.kinds.values()) == taught_with_defects.evaluation.escapes.n
    figures = taught_with_defects.evaluation.as_json()
    assert figures["kinds_learned"] == defects.kinds
    assert figures["labels"] == defects.count


@pytest.mark.slow
def test_that_every_labelled_defect_is_measured_once_and_every_good_test_picture(taught_with_defects: Taught):
    report = taught_with_defects.evaluation
    assert (report.escapes.n, report.overkill.n) == (8, 6)


@pytest.mark.slow
def test_that_the_exported_model_is_compared_by_the_scores_of_what_it_learned(taught_with_defects: Taught):
    parity = taught_with_defects.evaluation.parity
    assert parity is not None
    assert (parity.pictures, parity.verdict_flips) == (14, 0)
    assert parity.max_difference < 1e-3


@pytest.mark.slow
def test_that_the_package_carries_what_was_learned(taught_with_defects: Taught, workspace: Workspace):
    package = load_package(workspace.models / taught_with_defects.package.folder.name)
    assert package.manifest.evaluation == taught_with_defects.evaluation.as_json()


@pytest.mark.slow
def test_that_without_a_labelled_defect_nothing_can_be_learned_from(
    disc_folder: Path, workspace: Workspace, tiny: Method, tmp_path: Path
):
    shutil.copytree(disc_folder / "train", tmp_path / "pictures" / "train")
    with pytest.raises(BadInputError, match="no labelled defect of 'plain' to learn from"):
        teach(tmp_path / "pictures", "plain", workspace, method=tiny, use=_LEARNED)


def test_that_the_figures_differ_from_those_of_the_model_that_learned_the_defects(
    taught_with_defects: Taught, taught: Taught
):
    learned, plain = taught_with_defects.evaluation, taught.evaluation
    assert learned.defects is not None
    assert plain.defects is None
    assert not np.isclose(learned.aupro or 0, plain.aupro or 0, atol=1e-9)


@pytest.mark.slow
def test_that_a_labelled_picture_with_two_names_does_not_teach_what_measures_it(
    disc_folder: Path, workspace: Workspace, tiny: Method, tmp_path: Path, taught_with_defects: Taught, no_network: str
):
    folder = tmp_path / "pictures"
    shutil.copytree(disc_folder, folder)
    first = min((folder / "test").glob("[!g]*/*"))
    shutil.copy(first, first.with_stem("zz copy"))
    both = teach(folder, "disc copied", workspace, method=tiny, use=UseOfDefects("labels", learned=True)).evaluation
    once = taught_with_defects.evaluation
    assert both.defects is not None
    assert once.defects is not None
    assert (both.defects.count, both.escapes.n) == (once.defects.count, once.escapes.n + 1)
    assert both.defects.sentences()[1].endswith("count once: 1")
    assert both.reasons["escapes"].endswith("; the limit was set with the same scores")
    assert both.parity is not None
    assert both.parity.verdict_flips == 0


@pytest.mark.slow
def test_that_the_whole_part_is_checked_with_labelled_defects_too_and_judged_as_it_was_learned(
    disc_folder: Path, workspace: Workspace, tiny: Method, no_network: str
):
    method = tiny.model_copy(update={"whole_part": True})
    taught = teach(disc_folder, "disc as a whole", workspace, method=method, use=_LEARNED)
    parity, defects = taught.evaluation.parity, taught.evaluation.defects
    assert parity is not None
    assert (parity.pictures, parity.verdict_flips) == (14, 0)
    assert parity.max_difference < 1e-3
    assert defects is not None
    assert len(defects.added) == defects.count
    assert max(defects.added) > 0
    assert taught.package.manifest.method == "patchcore tiny and the whole part"
