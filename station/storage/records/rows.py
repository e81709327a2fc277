"""Conversion between rows of the tables and values of the domain."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

from sqlalchemy import Row

from station.domain.errors import StorageError
from station.domain.feedback import Disposition, OperatorFeedback
from station.domain.frame import NotInspectedCause
from station.domain.geometry import Region
from station.domain.inspection import Inspection, PartKey, PictureOrigin, Run, RunKind, ViewInspection
from station.domain.part_code import ReadCode
from station.domain.shift import EventKind, PartRecord, StationEvent, StoredPicture, ViewPictures
from station.domain.verdict import Verdict
from station.storage.pictures.encoding import Role

AT_THE_LINE, IN_REVIEW = "line", "review"
"""In `dispute.said_in`: said at the line, or in the review of a shift."""
_Rows = Iterable[Row[Any]]
_Part = tuple[int, int]
_View = tuple[int, int, int]
_Seen = tuple[ViewInspection, ViewPictures]
_Gone = tuple[StoredPicture | None, str]


def run_from(row: Row[Any]) -> Run:
    """Return the run of a row of `run`."""
    values = dict(row._mapping)
    del values["ended_at"]
    values["kind"], values["pictures"] = RunKind(row.kind), PictureOrigin(row.pictures)
    return Run(**values)


def dispute_from(row: Row[Any]) -> OperatorFeedback:
    """Return the feedback of a row of `dispute`."""
    return OperatorFeedback(
        PartKey(row.run_id, row.number),
        Disposition(row.claim),
        row.reason,
        row.person,
        row.made_at,
        row.said_in == IN_REVIEW,
    )


def event_from(row: Row[Any]) -> StationEvent:
    """Return the event of a row of `event`."""
    return StationEvent(row.at, EventKind(row.kind), row.sentence, row.run_id, row.duration_s, row.person)


def values_of_part(inspection: Inspection) -> dict[str, object]:
    """Return the row of `part`, by column."""
    return {
        **_key_values(inspection.key),
        "triggered_at": inspection.triggered_at,
        "verdict": inspection.verdict.value,
        "serial": inspection.serial,
        "lot": inspection.lot,
        "order": inspection.order,
    }


def values_of_views(inspection: Inspection) -> list[dict[str, object]]:
    """Return the rows of `part_view`, by column."""
    key = _key_values(inspection.key)
    return [{**key, "view": place, **_values_of_view(view)} for place, view in enumerate(inspection.views)]


def values_of_regions(inspection: Inspection) -> list[dict[str, object]]:
    """Return the rows of `region`, by column."""
    key = _key_values(inspection.key)
    return [
        {**key, "view": place, "rank": rank, **asdict(region)}
        for place, view in enumerate(inspection.views)
        for rank, region in enumerate(view.regions)
    ]


def values_of_codes(inspection: Inspection) -> list[dict[str, object]]:
    """Return the rows of `part_code`, by column."""
    key = _key_values(inspection.key)
    return [
        {**key, "view": place, **asdict(view.code)}
        for place, view in enumerate(inspection.views)
        if view.code is not None
    ]


def values_of_pictures(key: PartKey, stored: Sequence[Mapping[Role, StoredPicture]]) -> list[dict[str, object]]:
    """Return the rows of `picture`, by column, from the files of each view."""
    return [
        {**_key_values(key), "view": place, "role": role.value, **asdict(picture)}
        for place, files in enumerate(stored)
        for role, picture in files.items()
    ]


def pictures_from(files: Mapping[Role, StoredPicture]) -> ViewPictures:
    """Return the files of one view by their roles."""
    return ViewPictures(files.get(Role.ORIGINAL), files.get(Role.THUMBNAIL), files.get(Role.MAP))


def _with_given_up(files: Mapping[Role, StoredPicture], gone: _Gone | None) -> ViewPictures:
    pictures = pictures_from(files)
    return pictures if gone is None else replace(pictures, given_up=gone[0], why_given_up=gone[1])


def parts_from(parts: _Rows, views: _Rows, regions: _Rows, codes: _Rows, pictures: _Rows) -> tuple[PartRecord, ...]:
    """Return the parts in the order of their rows, each with its views in order, their regions, codes and pictures.

    Raises:
        StorageError: A part has no view.
    """
    seen = _by_part(views, _regions_by_view(regions), _codes_by_view(codes), *_files_by_view(pictures))
    return tuple(_record_from(row, seen.get((row.run_id, row.number), ())) for row in parts)


def _key_values(key: PartKey) -> dict[str, int]:
    return {"run_id": key.run_id, "number": key.part}


def _values_of_view(view: ViewInspection) -> dict[str, object]:
    return {
        "name": view.name,
        "verdict": view.verdict.value,
        "reason": view.reason,
        "origin": view.origin,
        "elapsed_ms": view.elapsed_ms,
        "cause": view.cause and view.cause.value,
        "pred_score": view.pred_score,
        "raw_score": view.raw_score,
        "image_threshold": view.image_threshold,
        "frame_id": view.frame_id,
        "camera_timestamp_ns": view.camera_timestamp_ns,
        "width": view.width,
        "height": view.height,
        "conversion": view.conversion,
        "review_threshold": view.review_threshold,
        "judged_again": int(view.judged_again),
        "leaves_picture": int(view.leaves_picture),
    }


def _regions_by_view(regions: _Rows) -> Mapping[_View, Sequence[Region]]:
    found: dict[_View, list[Region]] = defaultdict(list)
    for row in regions:
        found[_view_key(row)].append(Region(row.x, row.y, row.w, row.h, row.area_px, row.score, row.place))
    return found


def _codes_by_view(codes: _Rows) -> Mapping[_View, ReadCode]:
    return {
        _view_key(row): ReadCode(
            row.text, row.serial, row.kind, row.unused_correction, row.attempts, row.problem, row.other
        )
        for row in codes
    }


def _files_by_view(pictures: _Rows) -> tuple[Mapping[_View, Mapping[Role, StoredPicture]], Mapping[_View, _Gone]]:
    """Return the pictures of each view; and if one was given up, why, and the original if it was that."""
    found: dict[_View, dict[Role, StoredPicture]] = defaultdict(dict)
    gone: dict[_View, _Gone] = {}
    for row in pictures:
        picture = StoredPicture(row.path, row.sha256, row.size)
        if row.why is None:
            found[_view_key(row)][Role(row.role)] = picture
        elif row.role == Role.ORIGINAL:
            gone[_view_key(row)] = picture, row.why
        else:
            gone.setdefault(_view_key(row), (None, row.why))
    return found, gone


def _by_part(
    views: _Rows,
    regions: Mapping[_View, Sequence[Region]],
    codes: Mapping[_View, ReadCode],
    files: Mapping[_View, Mapping[Role, StoredPicture]],
    gone: Mapping[_View, _Gone],
) -> Mapping[_Part, Sequence[_Seen]]:
    found: dict[_Part, list[_Seen]] = defaultdict(list)
    for row in views:
        key = _view_key(row)
        found[key[:2]].append(
            (_view_from(row, regions.get(key, ()), codes.get(key)), _with_given_up(files.get(key, {}), gone.get(key)))
        )
    return found


def _view_key(row: Row[Any]) -> _View:
    """Return a plain tuple, which is quick: the records of one shift need it a hundred thousand times."""
    return row.run_id, row.number, row.view


def _record_from(row: Row[Any], seen: Sequence[_Seen]) -> PartRecord:
    key = PartKey(row.run_id, row.number)
    if not seen:
        raise StorageError(
            f"The record of part {key.label} of run {key.run_id} has lost its views.", "Run 'linesidectl verify'."
        )
    views, pictures = zip(*seen, strict=True)
    return PartRecord(Inspection(key, row.triggered_at, views, row.serial, row.lot, row.order), pictures)


def _view_from(row: Row[Any], regions: Iterable[Region], code: ReadCode | None) -> ViewInspection:
    return ViewInspection(
        verdict=Verdict(row.verdict),
        reason=row.reason,
        origin=row.origin,
        elapsed_ms=row.elapsed_ms,
        name=row.name,
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
        review_threshold=row.review_threshold,
        code=code,
        judged_again=bool(row.judged_again),
        leaves_picture=bool(row.leaves_picture),
    )
