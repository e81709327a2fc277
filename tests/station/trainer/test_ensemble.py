"""Several methods as one model: its score is the mean of the members' normalised scores, and its map has it as peak."""

import shutil
from contextlib import closing
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from station.domain.digest import sha256_hex
from station.domain.errors import FaultError
from station.domain.recipe import InferenceSettings
from station.inference.model_package import ModelPackage
from station.inference.opening import open_predictor
from station.inference.silent_openvino import opset, ov
from station.learning.jobs import TrainingJob
from station.learning.layout.labelled import LabelledPicture
from station.learning.picture_judge import PictureJudge
from station.learning.presets import METHODS, Ensemble
from station.learning.teaching import Taught, teach
from station.trainer.ensemble import learn_each
from station.trainer.export import save_graph
from station.trainer.fitted import Answer, Fitted, Lesson
from station.trainer.graph import answering, highest_place
from station.trainer.joined_graph import joined_graph
from station.trainer.mean_of_maps import MeanOfMaps
from station.trainer.other_grid import OtherGrid
from station.workspace import Workspace

_SIZE = (64, 96)
_EXACT = {"INFERENCE_PRECISION_HINT": "f32"}


def averaging(cell_px: int, weight: float) -> "ov.Model":
    """Make the graph of a package whose map is the mean brightness of each cell."""
    pixels = opset.parameter([1, *_SIZE, 3], ov.Type.u8)
    grey = opset.reduce_mean(opset.convert(pixels, "f32"), opset.constant(np.array([3])), keep_dims=True)
    rows = opset.transpose(grey, opset.constant(np.array([0, 3, 1, 2])))
    side = [cell_px, cell_px]
    cells = opset.avg_pool(rows, side, [0, 0], [0, 0], side, exclude_pad=True)
    raw = opset.multiply(cells, opset.constant(np.full((1, 1, 1, 1), weight, np.float32)))
    return answering(highest_place(raw), raw, [pixels])


def compiled(graph: "ov.Model") -> "ov.CompiledModel":
    return ov.Core().compile_model(graph, "CPU", _EXACT)


def test_that_score_and_map_of_the_graph_are_those_of_the_formula():
    makes, normalisers = (
        (partial(averaging, 8, 1.0), partial(averaging, 16, 30.0), partial(averaging, 32, 0.1)),
        (90.0, 2500.0, 7.0),
    )
    grids = tuple(OtherGrid.of((64 // cell, 96 // cell), (8, 12)) for cell in (8, 16, 32))
    joined, alone = (
        compiled(joined_graph([make() for make in makes], grids, normalisers)),
        [compiled(make()) for make in makes],
    )
    for seed in range(5):
        picture = np.random.default_rng(seed).integers(0, 256, (1, *_SIZE, 3), np.uint8)
        answer, members = joined(picture), [each(picture) for each in alone]
        score = float(answer["score"].item())
        wanted = [float(each["score"].item()) / one for each, one in zip(members, normalisers, strict=True)]
        assert score == pytest.approx(np.mean(wanted), rel=1e-5)
        assert score == answer["map"].max()
        by_formula = MeanOfMaps(grids, normalisers).of([each["map"][0, 0] for each in members])
        np.testing.assert_allclose(answer["map"][0, 0], by_formula, rtol=1e-4)


def test_that_a_picture_in_which_no_member_sees_anything_scores_0():
    joined = compiled(
        joined_graph([averaging(8, 1.0), averaging(8, 2.0)], (OtherGrid.of((8, 12), (8, 12)),) * 2, (1.0, 1.0))
    )
    answer = joined(np.zeros((1, *_SIZE, 3), np.uint8))
    assert answer["score"].item() == 0
    assert not answer["map"].any()


def test_that_a_map_on_a_finer_grid_keeps_slopes_and_level():
    slope = np.arange(4, dtype=np.float32)[None] * np.ones((3, 1), np.float32)
    finer = OtherGrid.of((3, 4), (9, 16))(slope)
    np.testing.assert_allclose(np.diff(finer[0, 2:-2]), 0.25, rtol=1e-5)
    assert (finer[0, 0], finer[0, -1]) == (0, 3)
    assert np.ptp(finer, axis=0).max() == 0
    assert OtherGrid.of((3, 4), (3, 4))(slope) is slope


def lesson_of(tmp_path: Path) -> Lesson:
    method = Ensemble.of((METHODS["balanced"], METHODS["fcdd"]))
    job = TrainingJob(dataset=tmp_path, output=tmp_path, cache=tmp_path, method=method, input_size=_SIZE)
    return Lesson(job, None, ())


def fitted(lesson: Lesson, held_out: dict[str, tuple[list[int], float]]) -> Fitted:
    """Return what a member learned, of which the numbers and the brightness of held-out maps are given."""
    name = lesson.job.method.name
    numbers, brightness = held_out[name]
    maps = brightness * (1 + np.array(numbers, np.float32))[:, None, None] * np.ones((1, 8, 12), np.float32)
    save = partial(save_graph, averaging(8, 1.0), fp16_weights=False)
    answers = lambda pictures, _: [Answer(float(each), np.full((8, 12), each, np.float32)) for each in pictures]  # noqa: E731
    return Fitted("", np.array(numbers), maps, answers, save, note="a fifth" if name == "fcdd" else "")


def test_that_the_limit_rests_on_pictures_that_no_member_learned(tmp_path):
    every, some = list(range(10)), [2, 7]
    learned = learn_each(
        lesson_of(tmp_path),
        lambda each, _: fitted(each, {"balanced": (every, 1.0), "fcdd": (some, 3.0)}),
        lambda _: None,
    )
    assert learned.numbers.tolist() == some
    of_balanced, of_fcdd = (member.normaliser for member in learned.members)
    for number, anomaly in zip(some, learned.maps, strict=True):
        assert anomaly.max() == pytest.approx(((number + 1) / of_balanced + 3 * (number + 1) / of_fcdd) / 2)
    assert learned.note == "a fifth"
    assert [member.method for member in learned.members] == ["patchcore balanced", "fcdd"]
    (answer,) = learned.answers([4], lambda _: None)
    assert answer.score == pytest.approx((4 / of_balanced + 4 / of_fcdd) / 2)


def test_that_a_member_without_a_scale_is_refused_by_its_name(tmp_path):
    with pytest.raises(FaultError, match="fcdd gives the held-out good parts all the same score") as refused:
        learn_each(
            lesson_of(tmp_path),
            lambda each, _: fitted(each, {"balanced": ([0, 1], 1.0), "fcdd": ([0, 1], 0.0)}),
            lambda _: None,
        )
    assert "fcdd alone" in refused.value.advice


@pytest.fixture(scope="module")
def cookies(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """12 good cookies to learn; 3 good and 3 broken ones to measure with."""
    few = tmp_path_factory.mktemp("cookies")
    for kind, count in (("train/good", 12), ("test/good", 3), ("test/broken", 3)):
        (few / kind).mkdir(parents=True)
        for picture in sorted((shared_data / "cookie" / kind).iterdir())[:count]:
            shutil.copy(picture, few / kind)
    return few


def raw_scores(taught: Taught, package: ModelPackage, folder: Path, cache: Path) -> np.ndarray:
    """Judge the test pictures as the line does."""
    with closing(open_predictor(package, InferenceSettings(), cache)) as predictor:
        judge = PictureJudge(taught.view, predictor)
        pictures = [LabelledPicture(path.name, "test", "good", path) for path in sorted(folder.glob("test/*/*"))]
        results = [judge.inspect_picture(picture) for picture in pictures]
    return np.array([result.inspection.raw_score for result in results])


@pytest.mark.slow
@pytest.mark.data
def test_that_an_ensemble_scores_real_pictures_by_the_mean_of_its_members_own_packages(cookies, tmp_path):
    workspace = Workspace.open(tmp_path)
    members = [METHODS[name].model_copy(update={"side_px": 128}) for name in ("balanced", "fast")]
    alone = [teach(cookies, "cookie", workspace, method=member) for member in members]
    together = teach(cookies, "cookie", workspace, method=Ensemble.of(members))
    named = together.package.manifest.members
    for member, taught in zip(named, alone, strict=True):
        assert member.sha256 == sha256_hex(taught.package.weights())
        assert member.method == taught.package.manifest.method
    scores = [raw_scores(taught, taught.package, cookies, tmp_path) for taught in alone]
    wanted = np.mean([one / member.normaliser for one, member in zip(scores, named, strict=True)], axis=0)
    np.testing.assert_allclose(raw_scores(together, together.package, cookies, tmp_path), wanted, rtol=1e-5)
    assert together.evaluation.parity.verdict_flips == 0
