"""Empty records of a station, and parts to record."""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from postgres_server import PostgresServer

from station.domain.frame import NotInspectedCause
from station.domain.geometry import Region
from station.domain.inspection import Inspection, PartKey, Run, ViewInspection
from station.domain.recipe import ModelReference, Recipe, View
from station.domain.verdict import Verdict
from station.storage.engine.database import Database
from station.storage.pictures.picture_store import PictureStore
from station.storage.records.inspections import Inspections

NOON = datetime(2026, 11, 22, 12, 0, 0, 123456, tzinfo=UTC)


@pytest.fixture
def noon() -> datetime:
    return NOON


ENGINES = ("sqlite", "postgresql")
_SCHEMA = "storage_tests"


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> str:
    """Every test of the records runs on the engine of a station and on that of a plant; see `sqlite_alone`."""
    return str(request.param)


@pytest.fixture(scope="session")
def schema_on_server(postgres: PostgresServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """One schema for all tests: it is migrated once, which takes longer than most tests."""
    opened = Database.on_server(postgres.url(), _SCHEMA, tmp_path_factory.mktemp("on_server"))
    yield opened
    opened.close()


@pytest.fixture
def on_server(postgres: PostgresServer, schema_on_server: Database) -> Database:
    """Records on the server, without a row."""
    postgres.empty(_SCHEMA)
    return schema_on_server


@pytest.fixture
def database(engine: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Database]:
    if engine == "sqlite":
        opened = Database.open(tmp_path / "station.db")
    else:
        opened = request.getfixturevalue("on_server")
        opened.path = tmp_path / "station.db"
    yield opened
    if engine == "sqlite":
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
    return Recipe("tile", 1, "tile", (View(ModelReference("tile-model", "0" * 64)),), author="Ada", reason="first")


@pytest.fixture
def run(inspections: Inspections, recipe: Recipe) -> Run:
    return inspections.begin_run(recipe, camera="replay:parts", program_version="0.1", person="Ada", started_at=NOON)


@pytest.fixture
def view() -> Callable[..., ViewInspection]:
    """Makes the judgement of one view; PASS by default."""

    def make(name: str = "", verdict: Verdict = Verdict.PASS, **others: object) -> ViewInspection:
        fields: dict[str, object] = {
            "verdict": verdict,
            "reason": "mark 412 px2, upper left" if verdict is Verdict.FAIL else "",
            "origin": "drawn.png",
            "elapsed_ms": 9.4,
            "name": name,
        }
        if verdict is Verdict.NOT_INSPECTED:
            fields |= {"cause": NotInspectedCause.TOO_DARK}
        else:
            fields |= {"pred_score": 0.25, "raw_score": 31.5, "image_threshold": 0.5, "width": 64, "height": 48}
        if verdict is Verdict.FAIL:
            fields |= {"pred_score": 0.81, "regions": (Region(1, 2, 30, 20, 412, 0.81, "upper left"),)}
        return ViewInspection(**(fields | others))  # type: ignore[arg-type]

    return make


@pytest.fixture
def part(run: Run, view: Callable[..., ViewInspection]) -> Callable[..., Inspection]:
    """Makes a part of the run, one second after the part before; it has one view unless `views` are given."""

    def make(
        number: int,
        verdict: Verdict = Verdict.PASS,
        *,
        key: PartKey | None = None,
        triggered_at: datetime | None = None,
        views: Sequence[ViewInspection] = (),
        **of_the_view: object,
    ) -> Inspection:
        return Inspection(
            key or PartKey(run.run_id, number),
            triggered_at or NOON + timedelta(seconds=number),
            tuple(views) or (view("", verdict, **of_the_view),),
        )

    return make
