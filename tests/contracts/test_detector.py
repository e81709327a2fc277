"""The contract of every method that is taught through `station.trainer.detectors`, on a few real pictures.

Each method is taught once, as `linesidectl teach` does, with few steps: enough for the way from pictures to verdicts,
not for its accuracy.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import psutil
import pytest
from contrast_plugin import install

from station.app import Station
from station.domain.errors import BadInputError
from station.domain.inspection import Inspection
from station.domain.part_images import ViewResult
from station.domain.recipe import InferenceSettings, Recipe
from station.domain.verdict import Verdict
from station.inference.model_package import find_package
from station.inference.opening import open_predictor
from station.learning import teaching
from station.learning.brought_pictures import PHOTOGRAPHS, TEXTURES
from station.learning.brought_settings import Brought, BroughtSettings
from station.learning.jobs import Cancellation, TrainingCancelledError
from station.learning.layout.labelled import LabelledPicture
from station.learning.picture_judge import PictureJudge
from station.learning.plugin_method import PluginMethod
from station.learning.presets import METHODS, AnyMethod, Method, UseOfDefects
from station.learning.progress import Progress
from station.learning.session import Session
from station.learning.teaching import Taught, teach
from station.storage.records.integrity import Severity
from station.vision.regions import WHOLE_PART
from station.workspace import Workspace

_GOOD, _TESTED = 12, 4
SMALL: dict[str, dict[str, object]] = {
    "padim": {"features": 40},
    "fre": {"epochs": 5},
    "cflow": {"epochs": 2, "blocks": 2},
    "stfpm": {"epochs": 1},
    "supersimplenet": {"epochs": 1},
    "fcdd": {"steps": 20, "channels": 16},
    "autoencoder": {"steps": 20, "channels": 8},
    "fastflow": {"epochs": 1, "steps": 2},
    "reverse-distillation": {"epochs": 1, "network": "resnet18"},
    "dinomaly": {"epochs": 1},
    "efficient-ad": {"epochs": 1, "at_once": 4},
    "draem": {"epochs": 1, "channels": 4},
    "dsr": {"epochs": 1, "side_px": 64},
    "balanced+dfm": {"members": (METHODS["balanced"], METHODS["dfm"].model_copy(update={"pooled": 4}))},
}
"""Settings with which a method is taught in seconds."""
CASES = {
    name: method.model_copy(update={"side_px": 128, **SMALL.get(name, {})})
    for name, method in METHODS.items()
    if not isinstance(method, Method)
}
CASES |= {
    f"classical-{scorer}": PluginMethod(
        name=f"classical-{scorer}", plugin="classical_features", side_px=128, settings={"windows": 500}
    )
    for scorer in ("knn", "forest", "svm")
}
EVERYWHERE = {name: method for name, method in METHODS.items() if isinstance(method, Method)} | CASES
"""What is compared on all pictures of all sets: every method of the station."""
SETS = ("bottle", "cookie", "pan", "tile")
LEARNED = 40
"""Good parts of a set that a method learns: the question is whether verdicts are the same, not how good they are."""
READING = "Reading pictures"


def some_by_day(names: Iterable[str]) -> list[object]:
    """Return one method of each way to hold out by day, and all others at night."""
    return [pytest.param(name, marks=[] if name in ("padim", "fre") else pytest.mark.nightly) for name in sorted(names)]


_DRAW_NETWORKS = """
import sys
from station.trainer.detectors.anomalib_models.brought import architecture_of
from station.trainer.detectors.anomalib_models.library import save_file
for name in sys.argv[2:]:
    weights = architecture_of(name).state_dict()
    save_file({key: value.contiguous() for key, value in weights.items()}, f"{sys.argv[1]}/{name}.safetensors")
"""
_MISSING = [package for package in ("torch", "anomalib", "pyod") if find_spec(package) is None]

pytestmark = [
    pytest.mark.slow,
    pytest.mark.data,
    pytest.mark.skipif(bool(_MISSING), reason="these methods need the training extra"),
]


@dataclass
class Lesson:
    """One method, taught."""

    method: AnyMethod
    workspace: Workspace
    folder: Path
    steps: list[Progress] = field(default_factory=list)
    taught: Taught | None = None

    @property
    def result(self) -> Taught:
        assert self.taught is not None
        return self.taught


@pytest.fixture(scope="module", autouse=True)
def classical_plugin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Install the plug-in with the classical methods, also for the processes that teach."""
    site = tmp_path_factory.mktemp("site")
    install(site, "plugins.classical_features:plugin", "classical_features")
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(site))
        patch.setenv("PYTHONPATH", os.pathsep.join([str(site), os.environ.get("PYTHONPATH", "")]))
        yield


@pytest.fixture(scope="module")
def few_pictures(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """12 good cookies to learn; 4 good and 4 broken ones to measure with, masked."""
    cookies, few = shared_data / "cookie", tmp_path_factory.mktemp("cookies")
    for kind, count in (("train/good", _GOOD), ("test/good", _TESTED), ("test/broken", _TESTED)):
        (few / kind).mkdir(parents=True)
        for picture in sorted((cookies / kind).iterdir())[:count]:
            shutil.copy(picture, few / kind)
    shutil.copytree(cookies / "ground_truth/broken", few / "ground_truth/broken")
    for mask in (few / "ground_truth/broken").iterdir():
        if not any((few / "test/broken").glob(f"{mask.stem.removesuffix('_mask')}.*")):
            mask.unlink()
    return few


@pytest.fixture(scope="module")
def brought(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Networks as a site brings them, of the right shape, with weights drawn by chance; and a few pictures."""
    folder = tmp_path_factory.mktemp("backbones")
    bring(CASES.values(), shared_data, folder)
    return folder


def bring(methods: Iterable[AnyMethod], shared_data: Path, folder: Path) -> None:
    for name in (PHOTOGRAPHS, TEXTURES):
        (folder / name).mkdir(parents=True)
        for picture in sorted((shared_data / "tile/train/good").iterdir())[:3]:
            shutil.copy(picture, folder / name)
    names = {method.network for method in methods if isinstance(method, BroughtSettings)}
    subprocess.run([sys.executable, "-c", _DRAW_NETWORKS, str(folder), *sorted(names)], check=True, capture_output=True)


@pytest.fixture(scope="module", params=sorted(CASES))
def lesson(request: pytest.FixtureRequest, few_pictures: Path, tmp_path_factory: pytest.TempPathFactory) -> Lesson:
    with Station.open(tmp_path_factory.mktemp(request.param)) as station:
        workspace = station.workspace
    lesson = Lesson(CASES[request.param], workspace, few_pictures)
    if isinstance(lesson.method, Brought):
        workspace.backbones.symlink_to(request.getfixturevalue("brought"))
    session = Session(lesson.steps.append)
    lesson.taught = teach(few_pictures, "cookie", workspace, method=lesson.method, session=session)
    return lesson


def judged(lesson: Lesson, folder: str) -> Iterator[ViewResult]:
    """Judge test pictures as the line does."""
    taught = lesson.result
    package = taught.package
    with closing(open_predictor(package, InferenceSettings(), lesson.workspace.cache)) as predictor:
        judge = PictureJudge(taught.view, predictor)
        for path in sorted((lesson.folder / "test" / folder).iterdir()):
            yield judge.inspect_picture(LabelledPicture(path.name, "test", folder, path))


def test_that_the_exported_graph_gives_the_verdicts_of_the_trained_network(lesson):
    parity = lesson.result.evaluation.parity
    assert parity is not None
    assert parity.pictures == 2 * _TESTED
    assert parity.verdict_flips == 0
    assert parity.max_difference < 0.001


def test_that_the_package_names_the_method_and_its_network(lesson):
    manifest = lesson.result.package.manifest
    assert manifest.method == lesson.method.described
    assert manifest.backbone == lesson.method.network_of(lesson.workspace.backbones)
    assert manifest.has_map == lesson.method.has_map


def test_that_the_limit_rests_on_good_parts_that_were_not_learned(lesson):
    reasons = lesson.result.evaluation.reasons
    if lesson.method.held_out == "once":
        assert f"of {_GOOD}" in reasons["limit"]
    else:
        assert "limit" not in reasons
    assert lesson.result.package.manifest.normalisation.image_threshold_raw > 0


def test_that_a_running_line_judges_each_part_by_the_package(lesson):
    expected = [result.inspection.raw_score for kind in ("broken", "good") for result in judged(lesson, kind)]
    parts: list[Inspection] = []
    with Station.open(lesson.workspace.root) as station:
        recipe = Recipe("cookie", 1, "cookie", (lesson.result.view,))
        station.line.run(f"replay:{lesson.folder / 'test'}", on_part=parts.append, recipe=recipe)
    assert [part.verdict for part in parts if part.verdict is Verdict.NOT_INSPECTED] == []
    scores = [part.views[0].raw_score for part in parts]
    assert scores == pytest.approx(expected, rel=1e-4)
    assert all(np.isfinite(score) and score >= 0 for score in scores)


def test_that_a_rejected_part_has_a_mark_or_the_words_for_the_whole_part(lesson):
    for result in judged(lesson, "broken"):
        inspection = result.inspection
        if inspection.pred_score is None or inspection.pred_score <= 0.5:
            continue
        if lesson.method.has_map:
            assert inspection.regions
        else:
            assert not inspection.regions
            assert WHOLE_PART in inspection.reason


def test_that_figures_of_places_are_of_a_map_alone(lesson):
    evaluation = lesson.result.evaluation
    assert (evaluation.pixel_auroc is not None) == lesson.method.has_map
    assert (evaluation.reasons.get("aupro") == "the model has no map") != lesson.method.has_map
    assert evaluation.image_auroc is not None


def test_that_teaching_says_how_far_it_is(lesson):
    measured = [step for step in lesson.steps if step.total]
    assert measured
    assert all(0 <= step.done <= step.total for step in measured)
    assert any(step.left_s is not None for step in measured)


def test_that_training_by_gradients_has_a_curve_of_its_loss(lesson):
    losses = [step.loss for step in lesson.steps if step.loss is not None]
    assert bool(losses) == (lesson.method.held_out == "once")
    assert all(np.isfinite(loss) for loss in losses)


def test_that_an_equal_teaching_gives_equal_limits(lesson, tmp_path):
    if lesson.method.name != "padim":
        pytest.skip("one method shows what the seed of the job does")
    again = teach(lesson.folder, "cookie", Workspace.open(tmp_path), method=lesson.method)
    assert again.package.manifest.normalisation == lesson.result.package.manifest.normalisation


@pytest.mark.parametrize("name", some_by_day(CASES))
def test_that_a_cancelled_teaching_ends_its_process_and_leaves_no_model(name, few_pictures, tmp_path, request):
    cancellation, workspace = Cancellation(), Workspace.open(tmp_path)
    if isinstance(CASES[name], Brought):
        workspace.backbones.symlink_to(request.getfixturevalue("brought"))
    stages: list[str] = []
    before = teaching_processes()

    def stop_when_it_learns(step: Progress) -> None:
        stages.append(step.stage)
        if READING in stages and step.stage != READING:
            cancellation.request()

    session = Session(stop_when_it_learns, cancellation)
    with pytest.raises(TrainingCancelledError):
        teach(few_pictures, "cookie", workspace, method=CASES[name], session=session)
    assert teaching_processes() <= before
    assert models_of(workspace) == []


def models_of(workspace: Workspace) -> list[str]:
    return [each.name for each in workspace.models.iterdir() if not each.name.startswith(".compiled")]


def teaching_processes() -> set[psutil.Process]:
    """Return the processes that teach and were started by this one; those of an earlier test may be among them."""
    teaching = set()
    for each in psutil.Process().children(recursive=True):
        with suppress(psutil.NoSuchProcess):  # it has ended in this moment, or nobody has noted its end
            if "station.trainer" in each.cmdline():
                teaching.add(each)
    return teaching


@pytest.mark.parametrize("name", sorted(CASES))
def test_that_learning_from_defects_is_refused_before_pictures_are_imported(name, few_pictures, tmp_path):
    workspace = Workspace.open(tmp_path)
    with pytest.raises(BadInputError, match="does not learn from labelled defects"):
        teach(few_pictures, "cookie", workspace, method=CASES[name], use=UseOfDefects(learned=True))
    assert list(workspace.datasets.iterdir()) == []


@pytest.mark.parametrize("name", sorted(name for name, each in CASES.items() if isinstance(each, Brought)))
def test_that_a_method_without_what_a_site_brings_is_refused_before_pictures_are_imported(name, few_pictures, tmp_path):
    workspace, method = Workspace.open(tmp_path), CASES[name]
    network = isinstance(method, BroughtSettings)
    needed = f"the pretrained network {method.network}" if network else "pictures of textures"
    with pytest.raises(BadInputError, match=f"{name} needs {needed}") as refused:
        teach(few_pictures, "cookie", workspace, method=method)
    assert (f"{method.network}.safetensors" if network else TEXTURES) in refused.value.advice
    assert str(workspace.backbones) in refused.value.advice
    assert list(workspace.datasets.iterdir()) == []


def test_that_the_file_of_another_network_is_refused_with_its_name(few_pictures, brought, tmp_path):
    workspace = Workspace.open(tmp_path)
    workspace.backbones.mkdir()
    shutil.copy(brought / "resnet18.safetensors", workspace.backbones / "wide_resnet50_2.safetensors")
    method = CASES["fastflow"].model_copy(update={"network": "wide_resnet50_2"})
    with pytest.raises(BadInputError, match="does not hold the network wide_resnet50_2"):
        teach(few_pictures, "cookie", workspace, method=method)
    assert models_of(workspace) == []


@pytest.mark.nightly
@pytest.mark.timeout(30 * 60)
@pytest.mark.parametrize("name", sorted(EVERYWHERE))
@pytest.mark.parametrize("of", SETS)
def test_that_no_picture_of_any_set_gets_another_verdict(
    of, name, shared_data, request, tmp_path, monkeypatch, record_property
):
    """Teach quickly, compare trained network and package on all pictures of the set, and repeat that twice."""
    method, folder = EVERYWHERE[name], shared_data / of
    monkeypatch.setattr(teaching, "_job", scoring_all(teaching._job))
    with Station.open(tmp_path) as station:
        if isinstance(method, Brought):
            station.workspace.backbones.symlink_to(request.getfixturevalue("brought"))
        entry = station.learning.teach(few_to_learn(folder, tmp_path / "set"), of, model=method).entry
        parity = find_package(station.workspace.models, entry.recipe.views[0].model).manifest.parity
        once, again = (station.learning.verify_models() for _ in range(2))
    assert parity is not None
    assert parity.pictures == len(list(folder.glob("t*/*/*.*")))
    assert parity.verdict_flips == 0
    assert once == again
    assert [finding for finding in once if finding.severity is Severity.ERROR] == []
    figures = f"0 flips of {parity.pictures} pictures, largest difference {parity.max_difference:.1g}"
    record_property(f"{name} on {of}, trained and exported", figures)


def scoring_all(job_of):
    """Return what makes jobs in which the trained network scores every picture, in the place of some."""

    def job(dataset, *others):
        made, depth = job_of(dataset, *others)
        return made.model_copy(update={"scored": tuple(picture.name for picture in dataset.pictures)}), depth

    return job


def few_to_learn(folder: Path, target: Path) -> Path:
    """Return a folder with all pictures of a set, of which some good parts are learned and all others only judged.

    There are no masks in it: figures of places are not asked for, and take a minute.
    """
    good = sorted((folder / "train" / "good").iterdir())
    learned, judged = good[:LEARNED], [*good[LEARNED:], *folder.glob("test/*/*.*")]
    for picture in (*learned, *judged):
        of, kind = picture.relative_to(folder).parts[:2]
        link = target / ("train" if picture in learned else "test") / kind / f"{of}-{picture.name}"
        link.parent.mkdir(parents=True, exist_ok=True)
        link.symlink_to(picture)
    return target
