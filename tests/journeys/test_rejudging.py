"""A stored part judged again: the station's own picture files, as a source, give the same scores and verdicts."""

import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from station.app import Station
from station.camera.genicam.frame_conversion import to_frame
from station.camera.genicam.payload_size import payload_size
from station.camera.genicam.pixel_formats import FORMATS
from station.camera.genicam.protocol import FrameFacts
from station.domain.frame import Frame
from station.domain.inspection import Inspection, PartKey, ViewInspection
from station.domain.picture_form import PictureForm
from station.domain.recipe import Recipe, RecipeState
from station.domain.verdict import Verdict
from station.inference.model_package import find_package
from station.inference.openvino_predictor import OpenVinoPredictor
from station.judgement.inspector import Inspector

_WIDTH, _HEIGHT = 64, 48
_OF_EACH_FORMAT = 14
_WORDS_OF_16 = ("10", "12", "14", "16")


def camera_bytes(name: str, rng: np.random.Generator) -> bytes:
    """Return what a camera sends in this format: light noise, dark or light places, sometimes more than fits."""
    size = payload_size(_WIDTH, _HEIGHT, FORMATS[name].bits, 0)
    if not name.endswith(_WORDS_OF_16):
        data = rng.integers(90, 150, size, np.uint8)
        begin = rng.integers(0, size // 2)
        data[begin : begin + rng.integers(0, size // 2)] = rng.integers(0, 256)
        return data.tobytes()
    white = (1 << rng.choice([FORMATS[name].significant_bits, 12, 16], p=[0.8, 0.1, 0.1])) - 1
    scene = rng.integers(white // 3, white // 2, (_HEIGHT, _WIDTH))
    top, left = rng.integers(0, _HEIGHT - 12), rng.integers(0, _WIDTH - 16)
    scene[top : top + 12, left : left + 16] = rng.integers(0, white)
    return scene.astype("<u2").tobytes()


def frames() -> Iterator[Frame]:
    rng = np.random.default_rng(9)
    for name in FORMATS:
        for _ in range(_OF_EACH_FORMAT):
            data = camera_bytes(name, rng)
            facts = FrameFacts(
                frame_id=1,
                timestamp_ns=None,
                received_ns=time.monotonic_ns(),
                width=_WIDTH,
                height=_HEIGHT,
                pixel_format=name,
                padding_bytes=0,
                size=len(data),
            )
            frame = to_frame(facts, memoryview(data), "4711")
            assert isinstance(frame, Frame)
            yield frame


def record_all(station: Station, recipe: Recipe) -> dict[str, ViewInspection]:
    """Judge and record a frame of every kind; return the judgements by the file of the part's picture."""
    (view,), inspections = recipe.views, station.records._inspections
    run = inspections.begin_run(recipe, camera="", program_version="", person="", started_at=datetime.now(UTC))
    predictor = OpenVinoPredictor(
        find_package(station.workspace.models, view.model), view.inference, station.workspace.cache
    )
    inspector, recorded = Inspector(view, predictor), {}
    for number, frame in enumerate(frames(), 1):
        result = inspector.inspect(frame)
        part = Inspection(PartKey(run.run_id, number), datetime.now(UTC), (result.inspection,))
        stored = inspections.record_part(part, [result], keep_picture=True).views[0].original
        assert stored is not None
        recorded[stored.path] = result.inspection
    predictor.close()
    inspections.end_run(run.run_id, datetime.now(UTC))
    return recorded


def judged(view: ViewInspection) -> tuple[object, ...]:
    return view.verdict, view.pred_score, view.raw_score, view.regions, view.cause, view.width, view.height


@pytest.mark.slow
@pytest.mark.parametrize(
    "form", [None, PictureForm(bits=12, stored_bits=16)], ids=["old recipe", "taught with 12 bits"]
)
def test_that_500_stored_parts_of_all_pixel_formats_are_judged_again_with_0_differences(
    station: Station, form: PictureForm | None
) -> None:
    old = station.recipes.find("plate").recipe
    recipe = replace(old, revision=2, views=(replace(old.views[0], form=form),))
    station.recipes.add(recipe, RecipeState.DRAFT)
    recorded = record_all(station, recipe)
    pictures: Path = station.workspace.pictures
    again: dict[str, ViewInspection] = {}
    before = set(pictures.rglob("*.png"))
    for folder in sorted({path.parent for path in before}):
        station.line.run(
            {"": str(folder)},
            on_part=lambda part, folder=folder: again.update(
                {str((folder / part.deciding.origin).relative_to(pictures)): part.deciding}
            ),
            recipe=recipe,
        )
    assert again.keys() == recorded.keys()
    assert len(again) == len(FORMATS) * _OF_EACH_FORMAT > 500
    assert [path for path, view in recorded.items() if judged(again[path]) != judged(view)] == []
    verdicts = Counter(view.verdict for view in recorded.values())
    assert min(verdicts[verdict] for verdict in (Verdict.PASS, Verdict.FAIL, Verdict.NOT_INSPECTED)) > 10
