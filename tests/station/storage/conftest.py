"""A fresh station's records, and parts to put in."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from station.domain.frame import NotInspectedCause
from station.domain.inspection import Inspection, PartKey, Run
from station.domain.recipe import ModelReference, Recipe
from station.domain.verdict import Region, Verdict
from station.storage.database import Database
from station.storage.images import PictureStore
from station.storage.inspections import Inspections

NOON = datetime(2026, 11, 22, 12, 0, 0, 123456, tzinfo=UTC)


@pytest.fixture
def noon() -> datetime:
    return NOON


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = Database.open(tmp_path / "station.db")
    yield opened
    opened.close()


@pytest.fixture
def pictures(tmp_path: Path) -> PictureStore:
    folder = tmp_path / "pictures"
    folder.mkdir()
    return PictureStore(folder)


@pytest.fixture
def inspections(database: Database, pictures: PictureStore) -> Inspections:
    return Inspections(database, pictures)


@pytest.fixture
def recipe() -> Recipe:
    return Recipe("tile", 1, "tile", ModelReference("tile-model", "0" * 64), author="Ada", reason="first")


@pytest.fixture
def run(inspections: Inspections, recipe: Recipe) -> Run:
    return inspections.begin_run(recipe, camera="replay:parts", program_version="0.1", person="Ada", started_at=NOON)


@pytest.fixture
def part(run: Run) -> Callable[..., Inspection]:
    """A part of the run, a second apart from the next; judged PASS unless told otherwise."""

    def make(number: int, verdict: Verdict = Verdict.PASS, **others: object) -> Inspection:
        fields: dict[str, object] = {
            "key": PartKey(run.run_id, number),
            "triggered_at": NOON + timedelta(seconds=number),
            "verdict": verdict,
            "reason": "mark 412 px2, upper left" if verdict is Verdict.FAIL else "",
            "origin": f"{number:03d}.png",
            "elapsed_ms": 9.4,
        }
        if verdict is Verdict.NOT_INSPECTED:
            fields |= {"cause": NotInspectedCause.TOO_DARK}
        else:
            fields |= {"pred_score": 0.25, "raw_score": 31.5, "image_threshold": 0.5, "width": 64, "height": 48}
        if verdict is Verdict.FAIL:
            fields |= {"pred_score": 0.81, "regions": (Region(1, 2, 30, 20, 412, 0.81, "upper left"),)}
        return Inspection(**(fields | others))  # type: ignore[arg-type]

    return make
