"""Evaluation counts verdicts as the line gives them, and says what it cannot compute."""

import json
from collections import Counter, defaultdict
from datetime import UTC, datetime
from pathlib import Path

import cv2
import numpy as np
import pytest

from station.camera.pictures.reading import read_picture
from station.domain.errors import BadInputError, FaultError
from station.domain.frame import Frame, Image
from station.domain.geometry import RegionOfInterest
from station.domain.recipe import ModelReference, QualityLimits, View
from station.domain.verdict import Limits, Prediction
from station.inference.model_package import Manifest
from station.inference.normalisation import Normalisation
from station.inference.parity import Parity
from station.judgement.inspector import Inspector
from station.learning.evaluation import evaluate
from station.learning.figures.report import EvaluationReport
from station.learning.figures.saturation import read_saturation
from station.learning.layout.labelled import LabelledPicture
from station.learning.layout.reading import read_layout


class BrightnessPredictor:
    """The brighter a place, the more anomalous: scores that a test can foresee."""

    input_size = (64, 64)

    def predict(self, image: Image) -> Prediction:
        anomaly_map = cv2.resize(image[..., 0], (16, 16), interpolation=cv2.INTER_AREA).astype(np.float32) / 256
        score = float(anomaly_map.max())
        return Prediction(score, score, anomaly_map)

    def close(self) -> None:
        pass


def manifest(**more) -> Manifest:
    scale = Normalisation(image_threshold_raw=0, image_scale_raw=1, pixel_threshold_raw=0, pixel_scale_raw=1)
    return Manifest(
        method="m", input_size=(64, 64), normalisation=scale, dataset_version="d", made_by="t",
        created_at=datetime.now(UTC), format_version=1, name="n", seal="0" * 64,
        files={"model.xml": "0" * 64, "model.bin": "0" * 64}, **more,
    )  # fmt: skip


def view(**settings) -> View:
    """A view of a recipe."""
    return View(ModelReference("m", "0" * 64), **settings)


def write_part(path: Path, spot: int | None = None, side: int = 24) -> None:
    """A dark part, with a bright square where it has a spot."""
    image = np.full((64, 64), 40, np.uint8)
    if spot is not None:
        image[8 : 8 + side, 16 : 16 + side] = spot
    path.parent.mkdir(parents=True, exist_ok=True)
    cv2.imwrite(str(path), image)


@pytest.fixture
def parts(tmp_path: Path) -> Path:
    """Three dark good parts and one bright one; two bright spots and one that does not show."""
    for number in range(3):
        write_part(tmp_path / f"test/good/{number}.png")
    write_part(tmp_path / "test/good/3.png", spot=200)
    for number, spot in enumerate((220, 240, 40)):
        write_part(tmp_path / f"test/spot/{number}.png", spot)
        mask = np.zeros((64, 64), np.uint8)
        mask[8:32, 16:40] = 255
        (tmp_path / "ground_truth/spot").mkdir(parents=True, exist_ok=True)
        cv2.imwrite(str(tmp_path / f"ground_truth/spot/{number}_mask.png"), mask)
    return tmp_path


def report_of(pictures: tuple[LabelledPicture, ...], limits: Limits | None = None, **facts) -> EvaluationReport:
    return evaluate(pictures, BrightnessPredictor(), view(limits=limits or Limits()), manifest(**facts))


def test_that_escapes_and_overkill_are_counted_at_the_recipes_limit(parts):
    report = report_of(read_layout(parts).pictures)
    assert (report.escapes.count, report.escapes.n) == (1, 3)
    assert (report.overkill.count, report.overkill.n) == (1, 4)
    assert report.confusion == {"good": {"FAIL": 1, "PASS": 3}, "spot": {"FAIL": 2, "PASS": 1}}
    assert report.image_f1 == pytest.approx(2 * 2 / (2 * 2 + 1 + 1))
    assert report.image_auroc == pytest.approx((4 + 4 + 3 / 2) / 12)


def test_that_a_review_is_neither_escape_nor_overkill(parts):
    report = report_of(read_layout(parts).pictures, Limits(image_threshold=0.95, review_threshold=0.5))
    assert report.confusion == {"good": {"PASS": 3, "REVIEW": 1}, "spot": {"PASS": 1, "REVIEW": 2}}
    assert (report.escapes.count, report.overkill.count) == (1, 0)


def test_that_a_minimum_area_counts_as_on_the_line(parts):
    write_part(parts / "test/spot/0.png", spot=220, side=8)
    report = report_of(read_layout(parts).pictures, Limits(min_area_px=300))
    assert report.escapes.count == 2


def test_that_pixel_figures_compare_places_with_masks(parts):
    report = report_of(read_layout(parts).pictures)
    found, missed, wrongly = 2, 1, 1
    assert report.pixel_f1 == pytest.approx(2 * found / (2 * found + missed + wrongly), abs=0.06)
    assert report.pixel_auroc is not None
    assert report.aupro is not None


def test_that_each_kind_has_its_own_figures(parts):
    write_part(parts / "test/dark/0.png", spot=10)
    report = report_of(read_layout(parts).pictures)
    assert set(report.per_kind) == {"spot", "dark"}
    spot, dark = report.per_kind["spot"], report.per_kind["dark"]
    assert (spot.escapes.count, spot.escapes.n, dark.escapes.count, dark.escapes.n) == (1, 3, 1, 1)
    assert spot.figures["image_auroc"].value == pytest.approx((4 + 4 + 3 / 2) / 12)
    assert spot.figures["aupro"].value == report.aupro
    assert dark.figures["aupro"] is None
    assert report.as_json()["per_kind"]["dark"]["aupro"] is None


def test_that_figures_have_intervals_around_them(parts):
    report = report_of(read_layout(parts).pictures)
    assert {"image_auroc", "image_f1", "pixel_auroc", "aupro", "aupro_5", "pixel_f1"} <= set(report.intervals)
    for name, (low, high) in report.intervals.items():
        assert 0 <= low <= getattr(report, name) <= high <= 1


def test_that_all_masks_of_a_picture_count(parts):
    mask = np.zeros((64, 64), np.uint8)
    mask[50:60, 2:12] = 255
    (parts / "ground_truth/spot/0").mkdir()
    (parts / "ground_truth/spot/0_mask.png").rename(parts / "ground_truth/spot/0/0.png")
    whole = report_of(read_layout(parts).pictures)
    cv2.imwrite(str(parts / "ground_truth/spot/0/1.png"), mask)
    (parts / "ground_truth/spot/0/0.png").rename(parts / "ground_truth/spot/0/2.png")
    both = report_of(read_layout(parts).pictures)
    assert both.aupro < whole.aupro
    assert both.pixel_auroc < whole.pixel_auroc


def test_that_a_set_that_says_how_much_is_enough_has_spro(parts, tmp_path):
    defects = [{"defect_name": "s", "pixel_value": 255, "saturation_threshold": 9, "relative_saturation": False}]
    (parts / "defects_config.json").write_text(json.dumps(defects))
    saturation = read_saturation(parts)
    report = evaluate(
        read_layout(parts).pictures, BrightnessPredictor(), view(), manifest(), saturation=saturation
    )  # fmt: skip
    assert report.spro == report.per_kind["spot"].figures["spro"].value
    assert report.spro > report.aupro_5
    assert "spro" not in report.reasons
    assert "spro" in report_of(read_layout(parts).pictures).reasons


def test_that_the_report_says_what_was_taken_for_marked(parts):
    assert report_of(read_layout(parts).pictures).masks == ("3 masks: everything above 0 is marked",)


def test_that_a_mask_that_marks_nothing_is_named_and_counts_no_pixel(parts):
    marked = [picture for picture in read_layout(parts).pictures if picture.good or picture.path.stem != "1"]
    without = report_of(tuple(marked))
    (empty,) = (picture for picture in read_layout(parts).pictures if picture.name == "test/spot/1.png")
    cv2.imwrite(str(empty.masks[0]), np.zeros((64, 64), np.uint8))
    report = report_of((*marked, empty))
    assert report.masks == ("3 masks: everything above 0 is marked", "spot/1_mask.png marks nothing")
    for name in ("pixel_auroc", "aupro", "aupro_5", "pixel_f1"):
        assert getattr(report, name) == getattr(without, name)


def test_that_masks_that_all_mark_nothing_leave_the_figures_of_pixels_empty_with_a_reason(parts):
    for mask in (parts / "ground_truth/spot").iterdir():
        cv2.imwrite(str(mask), np.zeros((64, 64), np.uint8))
    assert report_of(read_layout(parts).pictures).reasons["pixel_auroc"] == "no mask marks anything"


def test_that_good_parts_alone_leave_figures_empty_with_a_reason(parts):
    report = report_of(tuple(picture for picture in read_layout(parts).pictures if picture.good))
    for name in ("image_auroc", "image_f1", "image_f1_best", "pixel_auroc", "aupro", "aupro_5", "spro", "pixel_f1"):
        assert getattr(report, name) is None
        assert report.reasons[name] == "there is no defect among the pictures"
    assert (report.escapes.n, report.overkill.n) == (0, 4)
    assert report.reasons["escapes"] == "there is no defect among the pictures"


def test_that_nothing_to_test_with_leaves_no_figure_without_a_reason():
    figures = report_of(()).as_json()
    empty = {name for name, value in figures.items() if value in (None, {}) or (name in ("escapes", "overkill"))}
    assert empty - {"masks", "reasons", "intervals", "per_kind"} <= figures["reasons"].keys()
    assert figures["confusion"] == {}


def test_that_defects_alone_leave_auroc_empty_with_a_reason(parts):
    report = report_of(tuple(picture for picture in read_layout(parts).pictures if not picture.good))
    assert report.image_auroc is None
    assert report.reasons["image_auroc"] == "there is no good part among the pictures"


def test_that_defects_without_masks_leave_pixel_figures_empty_with_a_reason(parts):
    for mask in (parts / "ground_truth/spot").iterdir():
        mask.unlink()
    report = report_of(read_layout(parts).pictures)
    assert report.image_auroc is not None
    assert report.aupro is None
    assert report.reasons["aupro"] == "no defect has a mask"


def test_that_training_time_and_parity_come_from_the_package(parts):
    parity = Parity(pictures=3, max_difference=1e-6, mean_difference=1e-7, verdict_flips=0)
    with_facts = report_of(read_layout(parts).pictures, evaluation={"train_s": 12.5}, parity=parity)
    assert (with_facts.train_s, with_facts.parity) == (12.5, parity)
    assert "train_s" in report_of(read_layout(parts).pictures).reasons


def test_that_every_rate_goes_out_with_its_interval(parts):
    overkill = report_of(read_layout(parts).pictures).as_json()["overkill"]
    assert isinstance(overkill, dict)
    assert (overkill["count"], overkill["n"], overkill["rate"]) == (1, 4, 0.25)
    assert (overkill["low"], overkill["high"]) == (pytest.approx(0.0456, abs=1e-3), pytest.approx(0.6994, abs=1e-3))


def test_that_a_report_of_nothing_is_still_json():
    json.dumps(report_of(()).as_json(), allow_nan=False)


def test_that_a_picture_that_does_not_fit_the_recipe_is_named(parts):
    with pytest.raises(BadInputError, match=r"0\.png.*does not fit"):
        evaluate(
            read_layout(parts).pictures, BrightnessPredictor(), view(roi=RegionOfInterest(0, 0, 99, 99)), manifest()
        )


def test_that_a_picture_that_the_quality_limits_refuse_counts_and_is_reported(parts):
    quality = QualityLimits(min_brightness=50)
    strict = evaluate(read_layout(parts).pictures, BrightnessPredictor(), view(quality=quality), manifest())
    usual = report_of(read_layout(parts).pictures)
    assert strict.reasons["confusion"] == (
        "4 of the pictures would be NOT INSPECTED on the line (picture too dark to judge: 4)"
    )
    assert (strict.confusion, strict.image_auroc) == (usual.confusion, usual.image_auroc)
    assert "confusion" not in usual.reasons


def test_that_equal_pictures_of_a_folder_are_not_a_frozen_camera(parts):
    report = evaluate(
        read_layout(parts).pictures, BrightnessPredictor(), view(quality=QualityLimits(frozen_after=2)), manifest()
    )
    assert "confusion" not in report.reasons


def test_that_a_failed_model_ends_the_evaluation_and_names_the_picture(parts):
    class Broken(BrightnessPredictor):
        def predict(self, image: Image) -> Prediction:
            raise FaultError("The device failed.")

    with pytest.raises(FaultError, match=r"0\.png: the model failed on this picture: The device failed"):
        evaluate(read_layout(parts).pictures, Broken(), view(), manifest())


def test_that_evaluation_and_line_judge_alike(parts):
    pictures = read_layout(parts).pictures
    report = report_of(pictures, Limits(image_threshold=0.7, min_area_px=100))
    inspector = Inspector(
        view(limits=Limits(image_threshold=0.7, min_area_px=100), quality=QualityLimits(frozen_after=0)),
        BrightnessPredictor(),
    )
    line: dict[str, Counter] = defaultdict(Counter)
    for picture in pictures:
        frame = Frame(read_picture(picture.path).image, 1, datetime.now(UTC), 0, picture.path.name)
        line[picture.kind][inspector.inspect(frame).inspection.verdict.value] += 1
    assert report.confusion == {kind: dict(verdicts) for kind, verdicts in line.items()}


def test_that_inference_is_timed_on_pictures_that_are_judged_and_after_all_of_them(parts: Path):
    class Watched(BrightnessPredictor):
        def __init__(self) -> None:
            self.seen: list[bytes] = []

        def predict(self, image: Image) -> Prediction:
            self.seen.append(image.tobytes())
            return super().predict(image)

    predictor = Watched()
    report = evaluate(read_layout(parts).pictures, predictor, view(), manifest())
    assert report.infer_ms_p50 is not None
    assert predictor.seen[:7] == predictor.seen[7:]
