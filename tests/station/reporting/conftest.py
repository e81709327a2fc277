"""A shift recorded through the real storage, and made-up shifts of any kind."""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from view_result import view_result

from station.domain.feedback import Disposition, OperatorFeedback
from station.domain.frame import NotInspectedCause
from station.domain.geometry import Region
from station.domain.inspection import Inspection, PartKey, Run, ViewInspection
from station.domain.part_images import ViewResult
from station.domain.recipe import ModelReference, Recipe, View
from station.domain.shift import EventKind, PartRecord, ShiftRecords, ShiftWindow, StationEvent, ViewPictures
from station.domain.verdict import Verdict
from station.reporting.shift_calendar import find_shift
from station.settings import StationSettings
from station.storage.engine.database import Database
from station.storage.people.audit_log import AuditLog
from station.storage.pictures.picture_store import PictureStore
from station.storage.records.events import Events
from station.storage.records.feedback import FeedbackRecords
from station.storage.records.inspections import Inspections

PLACES = ("upper left", "centre", "lower right")
WINDOW = ShiftWindow(
    name="Early",
    day=date(2026, 11, 22),
    start=datetime(2026, 11, 22, 5, tzinfo=UTC),
    end=datetime(2026, 11, 22, 13, tzinfo=UTC),
    time_zone="Europe/Berlin",
)


def _view(number: int, verdict: Verdict, name: str = "") -> ViewInspection:
    judged = verdict is not Verdict.NOT_INSPECTED
    score = {Verdict.PASS: 0.2, Verdict.REVIEW: 0.47, Verdict.FAIL: 0.6}.get(verdict, 0.0) + number % 30 / 1000
    region = Region(4, 5, 12, 9, 100 + number, score, PLACES[number % len(PLACES)])
    rejected = verdict in (Verdict.FAIL, Verdict.REVIEW)
    return ViewInspection(
        verdict=verdict,
        reason=f"mark {region.area_px} px², {region.place}" if rejected else "",
        origin=f"{number:04d}.png",
        elapsed_ms=8 + number % 7,
        name=name,
        cause=None if judged else list(NotInspectedCause)[number % 4],
        pred_score=score if judged else None,
        raw_score=100 * score if judged else None,
        image_threshold=0.5 if judged else None,
        regions=(region,) if rejected else (),
        width=48 if judged else 0,
        height=36 if judged else 0,
    )


def _views(number: int, verdict: Verdict, names: Sequence[str]) -> tuple[ViewInspection, ...]:
    """One of them decides, now this, now that; the others say the same or something milder."""
    no_worse = [other for other in Verdict if other.severity <= verdict.severity]
    return tuple(
        _view(
            number + 5 * place,
            verdict if place == number % len(names) else no_worse[(number // 5 + place) % len(no_worse)],
            name,
        )
        for place, name in enumerate(names)
    )


def _part(key: PartKey, verdict: Verdict, at: datetime, names: Sequence[str] = ("",)) -> Inspection:
    return Inspection(key, at, _views(key.part, verdict, names))


@pytest.fixture(scope="session")
def station() -> StationSettings:
    return StationSettings(name="Station 3", plant="Northfield", line="Line 2", time_zone="Europe/Berlin")


@pytest.fixture(scope="session")
def made_up() -> Callable[..., ShiftRecords]:
    """Records of one run that were never on a disk: one part a minute from the window's start, in the order given."""

    def make(
        verdicts: Sequence[Verdict] = (),
        window: ShiftWindow = WINDOW,
        events: Sequence[StationEvent] = (),
        views: Sequence[str] = ("",),
    ) -> ShiftRecords:
        run = Run(1, window.start, "tile", 1, "a" * 64, "b" * 64, "v1", "replay:parts", "f32", "0.1", "Ada")
        times = [window.start + minute * timedelta(minutes=1) for minute in range(len(verdicts))]
        parts = (
            PartRecord(_part(PartKey(1, number), verdict, at, views), (ViewPictures(),) * len(views))
            for number, (verdict, at) in enumerate(zip(verdicts, times, strict=True), 1)
        )
        return ShiftRecords(window, (run,) if verdicts else (), tuple(parts), (), tuple(events))

    return make


class RecordedShift:
    """120 parts by two revisions of a recipe, with disputes and stops, as a line would have recorded them.

    The first revision knows one camera; for the second, another was put up beside it.
    """

    def __init__(self, root: Path, station: StationSettings) -> None:
        self.window = find_shift("2026-11-22/Early", station)
        self.database = Database.open(root / "station.db")
        self.pictures = PictureStore(root / "pictures")
        self.inspections = Inspections(self.database, self.pictures)
        self._run(1, self.window.start, ("",))
        self._run(2, self.window.start + timedelta(hours=3), ("top", "side"))

    @property
    def records(self) -> ShiftRecords:
        return self.inspections.shift_records(self.window)

    def _run(self, revision: int, at: datetime, names: Sequence[str]) -> None:
        events = Events(self.database, AuditLog.beside(self.database, "Station 1"))
        views = tuple(View(ModelReference("m", f"{revision:064d}"), name) for name in names)
        recipe = Recipe("tile", revision, "tile", views)
        run = self.inspections.begin_run(
            recipe, camera="replay:parts", program_version="0.1", person="Ada", started_at=at
        )
        events.add_event(StationEvent(at, EventKind.START, "started", run.run_id, person="Ada"))
        for number in range(1, 61):
            at += timedelta(minutes=2)
            inspection = _part(PartKey(run.run_id, number), _verdict(number * revision), at, names)
            self._record(inspection, shade=60 * revision + number)
        self.inspections.end_run(run.run_id, at)
        events.add_event(StationEvent(at, EventKind.STOP, "end of order", run.run_id, person="Ada"))

    def _record(self, inspection: Inspection, shade: int) -> None:
        images = [_images(view, shade + 10 * place) for place, view in enumerate(inspection.views)]
        self.inspections.record_part(inspection, images, keep_picture=inspection.verdict is not Verdict.PASS)
        if inspection.verdict is Verdict.FAIL and inspection.key.part % 2:
            said = OperatorFeedback(inspection.key, Disposition.GOOD_PART, "dust", "Ada", inspection.triggered_at)
            FeedbackRecords(self.database).add(said)


def _images(view: ViewInspection, shade: int) -> ViewResult:
    picture = np.full((36, 48, 3), shade, np.uint8) if view.width else None
    return view_result(picture, picture)


def _verdict(number: int) -> Verdict:
    if number % 11 == 0:
        return Verdict.FAIL
    if number % 13 == 0:
        return Verdict.REVIEW
    return Verdict.NOT_INSPECTED if number % 17 == 0 else Verdict.PASS


@pytest.fixture(scope="session")
def recorded(tmp_path_factory: pytest.TempPathFactory, station: StationSettings) -> Iterator[RecordedShift]:
    """Read only."""
    shift = RecordedShift(tmp_path_factory.mktemp("recorded"), station)
    yield shift
    shift.database.close()
