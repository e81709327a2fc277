"""The certificate of a package holds each compared picture, and `verify --models` repeats it on this machine."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from station.__main__ import main
from station.app import Station
from station.domain.digest import sha256_of_file
from station.domain.recipe import Recipe, RecipeState, View
from station.inference.model_package import ModelDescription, write_package
from station.inference.parity import ComparedPicture
from station.inference.reference import Answers, Reference, read_reference
from station.learning.teaching import Taught
from station.workspace import Workspace


@pytest.fixture
def home(taught: Taught, tmp_path: Path) -> Path:
    """A workspace with the taught product, and its recipe."""
    root = tmp_path / "home"
    with Station.open(root) as station:
        shutil.copytree(taught.package.folder, root / "models" / taught.package.folder.name)
        shutil.copytree(taught.dataset.folder, root / "datasets/disc" / taught.dataset.version)
        station.recipes.add(Recipe("disc", 1, "disc", (taught.view,)), RecipeState.DRAFT)
    return root


@pytest.fixture
def ways() -> None:
    """Judge the reference pictures in every way; it takes seconds, and the other tests look at other figures."""


@pytest.fixture(autouse=True)
def certified_pictures_alone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if "ways" not in request.fixturenames:
        monkeypatch.setattr("station.learning.repeated_ways.repeated_ways", lambda package: ())


@pytest.fixture
def verify(home: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str]]:
    """Runs `verify`: exit code and stdout."""

    def run(*words: str) -> tuple[int, str]:
        code = main(["verify", *words, "--workspace", str(home)])
        return code, capsys.readouterr().out

    return run


def rewrite(
    home: Path,
    taught: Taught,
    change: Callable[[ModelDescription], ModelDescription],
    reference: Path | None = None,
) -> None:
    """Replace the recipe's model by one with another description."""
    package = taught.package
    fields = package.manifest.model_dump(include=set(ModelDescription.model_fields))
    described = change(ModelDescription.model_validate(fields))
    files = {name: package.folder / name for name in package.file_names[1:]}
    files |= {"reference.npz": reference} if reference else {}
    other = write_package(home / "models", "other", described, files)
    with Station.open(home) as station:
        view = View(other.reference, "", dataset_version=taught.dataset.version, form=taught.view.form)
        station.recipes.add(Recipe("other", 1, "disc", (view,)), RecipeState.DRAFT)


def with_scores(description: ModelDescription, change: Callable[[float], float]) -> ModelDescription:
    """The same certificate, but the exported model scored otherwise."""
    assert description.parity is not None
    compared = tuple(
        ComparedPicture(name=each.name, sha256=each.sha256, trained=each.trained, exported=change(each.exported))
        for each in description.parity.compared
    )
    return description.model_copy(update={"parity": description.parity.model_copy(update={"compared": compared})})


def test_that_the_certificate_lists_every_test_picture_with_its_file(taught: Taught):
    parity = taught.package.manifest.parity
    assert parity is not None
    assert [each.name for each in parity.compared] == [picture.name for picture in taught.dataset.pictures_of("test")]
    for each in parity.compared:
        assert each.sha256 == sha256_of_file(taught.dataset.folder / each.name)
        assert each.exported == pytest.approx(each.trained, rel=1e-3)
    assert "compared" not in taught.evaluation.as_json()["parity"]


def test_that_verify_repeats_the_certificate_and_says_so(verify):
    code, out = verify("--models")
    assert code == 0
    assert "all 14 certified pictures score the same here" in out
    assert "certified" not in verify()[1]


def test_that_a_changed_picture_is_named_and_the_answer_is_no(verify, home: Path, taught: Taught):
    picture = home / "datasets/disc" / taught.dataset.version / "test/spot/03.png"
    picture.write_bytes(picture.read_bytes() + b"!")
    code, out = verify("--models")
    assert code == 1
    assert "1 of 14 certified pictures is gone or was changed since the teaching" in out
    assert "test/spot/03.png" in out


def test_that_without_its_pictures_the_certificate_cannot_be_repeated(verify, home: Path, taught: Taught):
    shutil.rmtree(home / "datasets/disc")
    code, out = verify("--models")
    assert code == 1
    assert f"cannot be repeated: its pictures are not at {home / 'datasets/disc' / taught.dataset.version}" in out


def test_that_another_score_is_found_and_named(verify, home: Path, taught: Taught):
    scale = taught.package.manifest.normalisation
    rewrite(home, taught, lambda package: with_scores(package, lambda raw: raw + 0.2 * scale.image_scale_raw))
    code, out = verify("--models")
    assert code == 1
    assert "score otherwise here than certified, by more than 0.001" in out


def test_that_another_verdict_is_found_and_named(verify, home: Path, taught: Taught):
    scale = taught.package.manifest.normalisation
    rewrite(home, taught, lambda package: with_scores(package, lambda raw: 2 * scale.image_threshold_raw - raw))
    code, out = verify("--models", "--json", "-")
    assert code == 1
    sentences = [json.loads(line).get("sentence", "") for line in out.splitlines()]
    (turned,) = (sentence for sentence in sentences if "another verdict" in sentence)
    assert "14 of 14" in turned
    assert "and 4 more" in turned


def test_that_verdicts_that_flipped_by_the_export_are_an_error(verify, home: Path, taught: Taught):
    parity = taught.package.manifest.parity.model_copy(update={"verdict_flips": 2})
    rewrite(home, taught, lambda package: package.model_copy(update={"parity": parity}))
    code, out = verify("--models")
    assert code == 1
    assert "'other' was exported with 2 verdicts other than those of the trained detector" in out


def test_that_a_package_without_a_certificate_is_not_an_error(verify, home: Path, taught: Taught):
    rewrite(home, taught, lambda package: package.model_copy(update={"parity": None}))
    code, out = verify("--models")
    assert code == 0
    assert "the model package 'other' has no certificate that can be repeated" in out


def test_that_verify_judges_the_reference_pictures_in_each_way(verify, ways):
    code, out = verify("--models")
    assert code == 0
    assert "8 reference pictures judged as certified in each of" in out
    names = ("f32 with 1 thread", "f32 with 2 threads", "f32 from its compiled form", "f32 with 3 pictures at once")
    assert ", ".join(f"{name} (equal)" for name in names) in out


def test_that_reference_answers_of_another_machine_are_found(verify, ways, home: Path, taught: Taught, tmp_path: Path):
    kept = read_reference(taught.package)
    moved = Reference(kept.pictures, Answers(kept.answers.scores + np.float32(0.01), kept.answers.maps))
    (tmp_path / "reference.npz").write_bytes(moved.as_bytes())
    rewrite(home, taught, lambda package: package, reference=tmp_path / "reference.npz")
    code, out = verify("--models")
    assert code == 1
    assert "the model package 'other': f32 with 1 thread is farther from f32 here than certified: scores by 0.01" in out


def test_that_a_package_of_an_older_format_says_that_it_has_no_certificate(verify, ways, home: Path, taught: Taught):
    rewrite(home, taught, lambda package: package.model_copy(update={"certificate": None}))
    code, out = verify("--models")
    assert code == 0
    assert "'other': it has no certificate of precisions, so that only f32 on the CPU may be used" in out


def test_that_a_package_keeps_its_certificate_on_the_disk(taught: Taught, workspace: Workspace):
    stored = json.loads((workspace.models / taught.package.folder.name / "manifest.json").read_text())
    assert stored["format_version"] == 5
    assert len(stored["parity"]["compared"]) == 14
