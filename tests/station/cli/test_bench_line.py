"""The measurement of a whole line is made on a real one, and of parts that were judged."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from station.cli.bench_line import LineTiming, measure_line
from station.domain.errors import FaultError
from station.domain.frame import Image
from station.domain.recipe import ModelReference, QualityLimits, Recipe, View
from station.inference.openvino_predictor import OpenVinoPredictor

VIEW = View(ModelReference("tiny", "0" * 64), quality=QualityLimits())
RECIPE = Recipe("plate", 1, "plate", (VIEW,))


@pytest.fixture
def predictor(tiny_package, tmp_path: Path) -> OpenVinoPredictor:
    return OpenVinoPredictor(tiny_package, VIEW.inference, tmp_path / "cache", threads=1)


def pictures(level: int) -> list[Image]:
    rng = np.random.default_rng(1)
    return [rng.integers(level, level + 20, (240, 320), np.uint8) for _ in range(3)]


def test_that_the_way_of_each_part_is_measured_from_the_frame_to_the_overlay_beside_the_bare_model(
    predictor: OpenVinoPredictor, tmp_path: Path
) -> None:
    timing = measure_line(RECIPE, predictor, pictures(100), 3, tmp_path)
    assert len(timing.infer_ms) == len(timing.way_ms) == 3
    assert all(len(each) == 3 for each in timing.stages_ms.values())
    assert all(way > model for way, model in zip(timing.way_ms, timing.stages_ms["model"], strict=True))
    assert min(timing.stages_ms["pictures and record on the disk"]) > 0
    assert not list(tmp_path.glob(".bench-*"))


def test_that_parts_that_are_not_judged_give_no_figures(predictor: OpenVinoPredictor, tmp_path: Path) -> None:
    dark = replace(RECIPE, views=(replace(VIEW, quality=QualityLimits(min_brightness=90.0)),))
    with pytest.raises(FaultError, match="not judged"):
        measure_line(dark, predictor, pictures(0), 3, tmp_path)


def test_that_the_ratio_is_that_of_the_pairs_and_the_table_has_every_stage() -> None:
    timing = LineTiming([10.0, 20.0, 10.0], [11.0, 22.0, 30.0], {"model": [9.0, 18.0, 9.0], "overlay": [1.0, 1.0, 1.0]})
    assert timing.figures()["way_ratio_p50"] == pytest.approx(1.1)
    head, *stages = timing.table("grey")
    assert "ratio 1.100" in head
    assert [line.split()[0] for line in stages] == ["model", "overlay"]
