"""Between the rows of the tables and the values of the domain."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from sqlalchemy import Row

from station.domain.frame import NotInspectedCause
from station.domain.inspection import Claim, Dispute, Inspection, PartKey, Run
from station.domain.shift import EventKind, PartRecord, StationEvent, StoredPicture
from station.domain.verdict import Region, Verdict
from station.storage.images import Role

_Rows = Iterable[Row[Any]]
_Key = tuple[int, int]


def run_from(row: Row[Any]) -> Run:
    """A row of `run`."""
    values = dict(row._mapping)
    del values["ended_at"]
    return Run(**values)


def dispute_from(row: Row[Any]) -> Dispute:
    """A row of `dispute`."""
    return Dispute(PartKey(row.run_id, row.number), Claim(row.claim), row.reason, row.person, row.made_at)


def event_from(row: Row[Any]) -> StationEvent:
    """A row of `event`."""
    return StationEvent(row.at, EventKind(row.kind), row.sentence, row.run_id, row.duration_s, row.person)


def values_of_part(inspection: Inspection) -> dict[str, object]:
    """The columns of `part`."""
    return {
        "run_id": inspection.key.run_id,
        "number": inspection.key.part,
        "triggered_at": inspection.triggered_at,
        "verdict": inspection.verdict.value,
        "reason": inspection.reason,
        "origin": inspection.origin,
        "elapsed_ms": inspection.elapsed_ms,
        "cause": inspection.cause and inspection.cause.value,
        "pred_score": inspection.pred_score,
        "raw_score": inspection.raw_score,
        "image_threshold": inspection.image_threshold,
        "frame_id": inspection.frame_id,
        "camera_timestamp_ns": inspection.camera_timestamp_ns,
        "width": inspection.width,
        "height": inspection.height,
        "conversion": inspection.conversion,
    }


def values_of_regions(inspection: Inspection) -> list[dict[str, object]]:
    """The rows of `region`."""
    key = {"run_id": inspection.key.run_id, "number": inspection.key.part}
    return [{**key, "rank": rank, **asdict(region)} for rank, region in enumerate(inspection.regions)]


def values_of_pictures(key: PartKey, stored: Mapping[Role, StoredPicture]) -> list[dict[str, object]]:
    """The rows of `picture`."""
    return [
        {"run_id": key.run_id, "number": key.part, "role": role.value, **asdict(picture)}
        for role, picture in stored.items()
    ]


def parts_from(parts: _Rows, regions: _Rows, pictures: _Rows) -> tuple[PartRecord, ...]:
    """Parts in the order of their rows, each with its regions (in order) and pictures."""
    places: dict[_Key, list[Region]] = defaultdict(list)
    for row in regions:
        places[_key_of(row)].append(Region(row.x, row.y, row.w, row.h, row.area_px, row.score, row.place))
    files: dict[_Key, dict[str, StoredPicture]] = defaultdict(dict)
    for row in pictures:
        files[_key_of(row)][row.role] = StoredPicture(row.path, row.sha256, row.size)
    return tuple(_record_from(row, places.get(_key_of(row), ()), files.get(_key_of(row), {})) for row in parts)


def _key_of(row: Row[Any]) -> _Key:
    """Of a plain tuple: a shift looks it up a hundred thousand times."""
    return row.run_id, row.number


def _record_from(row: Row[Any], regions: Iterable[Region], files: Mapping[str, StoredPicture]) -> PartRecord:
    return PartRecord(
        _inspection_from(row, regions), files.get(Role.ORIGINAL), files.get(Role.THUMBNAIL), files.get(Role.MAP)
    )


def _inspection_from(row: Row[Any], regions: Iterable[Region]) -> Inspection:
    return Inspection(
        key=PartKey(row.run_id, row.number),
        triggered_at=row.triggered_at,
        verdict=Verdict(row.verdict),
        reason=row.reason,
        origin=row.origin,
        elapsed_ms=row.elapsed_ms,
        cause=NotInspectedCause(row.cause) if row.cause is not None else None,
        pred_score=row.pred_score,
        raw_score=row.raw_score,
        image_threshold=row.image_threshold,
        regions=tuple(regions),
        frame_id=row.frame_id,
        camera_timestamp_ns=row.camera_timestamp_ns,
        width=row.width,
        height=row.height,
        conversion=row.conversion,
    )
