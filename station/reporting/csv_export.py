"""The records of a shift as a table for other programs, and the hash of their content."""

import csv
import io
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import astuple, replace
from pathlib import Path

from station.domain.digest import sha256_hex
from station.domain.feedback import OperatorFeedback
from station.domain.inspection import PartKey, Run
from station.domain.scanned_code import shown
from station.domain.shift import PartRecord, ShiftRecords
from station.reporting.languages import PLAIN, TableForm
from station.workspace import write_for_person

Cell = str | int | float | None

_TEXTS_KEPT = 20_000
ELSEWHERE = "Choose another folder or file name."
_FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def write_csv(records: ShiftRecords, path: Path, form: TableForm = PLAIN) -> None:
    """Write one line for each part, UTF-8 with a byte order mark for spreadsheets.

    If several cameras saw a part, its cells are those of the deciding view, and `views` holds all views as a JSON list
    in the recipe's order: objects with `view` and the columns that belong to a view, from `verdict` to `conversion`,
    `picture` and `picture_sha256`; null is an empty cell. With one camera `views` is empty. `pictures` says whether a
    camera saw the part, or whether its pictures were stored or simulated.

    The same records give the same bytes. Text that a spreadsheet would run as a formula gets an apostrophe in front.

    Args:
        records: The shift.
        path: The file.
        form: How the spreadsheet that opens it writes numbers and separates cells.

    Raises:
        BadInputError: If the file cannot be written.
    """
    write_for_person(path, csv_of(records, form), ELSEWHERE)


def csv_of(records: ShiftRecords, form: TableForm = PLAIN) -> bytes:
    """Return the content of the file that `write_csv` writes."""
    return table_of(COLUMNS, lines_of(records), form)


def lines_of(records: ShiftRecords) -> Iterator[tuple[Cell, ...]]:
    """Return one line for each part, in the order of COLUMNS."""
    runs = _by_number(records.runs)
    for cells, part in zip(_lines(records, records.parts), records.parts, strict=True):
        run = runs[part.inspection.key.run_id]
        again = int(part.inspection.judged_again)
        yield (*cells, *_seen_by(part, runs), run.pictures.value, *_named(part), *_code(part), again)


def content_sha256(records: ShiftRecords) -> str:
    """Hex SHA-256 over the window, every view of every part, dispute and event: what a report is counted from.

    A part that one camera saw counts as it did before there could be several: what was printed then can be proven now.
    """
    window = records.window
    frame = {
        "window": [
            window.name,
            window.day.isoformat(),
            window.start.isoformat(),
            window.end.isoformat(),
            window.time_zone,
            *([f"lot {window.lot}"] if window.lot else []),
        ],
        "events": [[e.at.isoformat(), e.kind, e.sentence, e.run_id, e.duration_s, e.person] for e in records.events],
    }
    head = json.dumps(frame, sort_keys=True, separators=(",", ":")).encode()
    views = [view for part in records.parts for view in _each_view(part)]
    lines = zip(_lines(records, views), views, strict=True)
    return sha256_hex(head + table_of(_COLUMNS, ((*cells, *_name(view), *_hashed(view)) for cells, view in lines)))


_COLUMNS = (
    "run", "part", "triggered_at", "verdict", "cause", "reason", "pred_score", "raw_score", "image_threshold",
    "regions", "x", "y", "w", "h", "area_px", "place", "elapsed_ms", "origin", "frame_id", "camera_timestamp_ns",
    "width", "height", "conversion", "recipe", "revision", "recipe_sha256", "model_sha256", "dataset_version",
    "camera", "precision", "program_version", "person", "picture", "picture_sha256", "disputes",
)  # fmt: skip
_OF_CODE = ("code", "code_kind", "code_correction_left", "code_attempts", "code_problem", "code_other")
_OUTSIDE_THE_HASH = ("view", "views", "pictures", "serial", "lot", "order", *_OF_CODE, "judged_again")
COLUMNS = (*_COLUMNS, *_OUTSIDE_THE_HASH)
"""The headings of the table. New ones come last, and the content hash is over those of the first version."""

_OF_A_VIEW = (*_COLUMNS[_COLUMNS.index("verdict") : _COLUMNS.index("recipe")], "picture", "picture_sha256")


def table_of(columns: Iterable[str], lines: Iterable[Iterable[Cell]], form: TableForm = PLAIN) -> bytes:
    """Return a table as CSV, UTF-8 with a byte order mark; formulas get an apostrophe in front."""
    text = io.StringIO(newline="")
    table = csv.writer(text, delimiter=form.separator)
    table.writerow(columns)
    texts = _WrittenTexts()
    for line in lines:
        table.writerow(
            [
                texts[cell] if isinstance(cell, str) else _number(cell, form) if isinstance(cell, float) else cell
                for cell in line
            ]
        )
    return text.getvalue().encode("utf-8-sig", "backslashreplace")


def _lines(records: ShiftRecords, parts: Iterable[PartRecord]) -> Iterator[tuple[Cell, ...]]:
    runs = _by_number(records.runs)
    said = _by_part(records.disputes)
    for part in parts:
        key = part.inspection.key
        yield _cells(part, runs[key.run_id], said.get(key, ()))


def _cells(part: PartRecord, run: Run, disputes: Iterable[OperatorFeedback]) -> tuple[Cell, ...]:
    """In the order of _COLUMNS, of the view that decided; the place is that of the region that scores highest."""
    i, view, original = part.inspection, part.inspection.deciding, part.deciding.original or part.deciding.given_up
    top = view.regions[0] if view.regions else None
    place = (top.x, top.y, top.w, top.h, top.area_px, top.place) if top else (None,) * 6
    picture = (original.path, original.sha256) if original else (None, None)
    return (
        i.key.run_id, i.key.part, i.triggered_at.isoformat(timespec="microseconds"), view.verdict, view.cause, i.reason,
        view.pred_score, view.raw_score, view.image_threshold, len(view.regions), *place, i.elapsed_ms, view.origin,
        view.frame_id, view.camera_timestamp_ns, view.width, view.height, view.conversion, run.recipe_name,
        run.recipe_revision, run.recipe_sha256, run.model_sha256, run.dataset_version, run.camera, run.precision,
        run.program_version, run.person, *picture, "; ".join(_said(dispute) for dispute in disputes),
    )  # fmt: skip


def _seen_by(part: PartRecord, runs: Mapping[int, Run]) -> tuple[Cell, Cell]:
    """Which view decided, and what is known of each of several."""
    if len(part.inspection.views) == 1:
        return part.inspection.deciding.name, ""
    seen = [_said_by(view, runs[part.inspection.key.run_id]) for view in _each_view(part)]
    return part.inspection.deciding.name, json.dumps(seen, ensure_ascii=False)


def _said_by(view: PartRecord, run: Run) -> dict[str, Cell]:
    """A part with one view, by the columns that are that view's own."""
    cells = dict(zip(_COLUMNS, _cells(view, run, ()), strict=True))
    code = dict(zip(_OF_CODE, _code(view), strict=True)) if view.inspection.deciding.code else {}
    return {"view": view.inspection.deciding.name} | {name: cells[name] for name in _OF_A_VIEW} | code


def _each_view(part: PartRecord) -> Iterator[PartRecord]:
    """The part as each of its cameras alone would have recorded it."""
    if len(part.views) == 1:
        yield part
        return
    for view, pictures in zip(part.inspection.views, part.views, strict=True):
        yield PartRecord(replace(part.inspection, views=(view,)), (pictures,))


def _name(part: PartRecord) -> tuple[Cell, ...]:
    """That of the part's only view, where it has one."""
    return tuple(view.name for view in part.inspection.views if view.name)


def _named(part: PartRecord) -> tuple[Cell, ...]:
    """The part's serial, lot and order, as they can be read."""
    return tuple(shown(text) for _, text in _names(part))


def _code(part: PartRecord) -> tuple[Cell, ...]:
    """What was read of the part's code, in the first view that has one; in the order of _OF_CODE."""
    code = next((view.code for view in part.inspection.views if view.code is not None), None)
    if code is None:
        return (None,) * len(_OF_CODE)
    return (
        shown(code.text), code.kind, code.unused_correction, code.attempts, shown(code.problem), shown(code.other)
    )  # fmt: skip


def _hashed(part: PartRecord) -> tuple[Cell, ...]:
    """Serial, lot, order and codes where there are any: a part without them counts as it did before there were any."""
    named = tuple(f"{what} {text}" for what, text in _names(part) if text)
    codes = (view.code for view in part.inspection.views if view.code is not None)
    return (*named, *(json.dumps(["code", *astuple(code)]) for code in codes))


def _names(part: PartRecord) -> tuple[tuple[str, str], ...]:
    named = part.inspection
    return ("serial", named.serial), ("lot", named.lot), ("order", named.order)


def _said(dispute: OperatorFeedback) -> str:
    made_at = dispute.made_at.isoformat(timespec="seconds")
    return f"{dispute.words}: {dispute.reason} ({dispute.author}, {made_at})"


class _WrittenTexts(dict[str, str]):
    """Each text as it is written: of a million cells of a shift most are one of a few texts."""

    def __missing__(self, text: str) -> str:
        if len(self) > _TEXTS_KEPT:
            self.clear()
        written = self[text] = _safe(text)
        return written


def _number(value: float, form: TableForm) -> str:
    return str(value).replace(".", form.decimal)


def _safe(text: str) -> str:
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA_SIGNS) else text


def _by_number(runs: Iterable[Run]) -> Mapping[int, Run]:
    return {run.run_id: run for run in runs}


def _by_part(disputes: Iterable[OperatorFeedback]) -> Mapping[PartKey, list[OperatorFeedback]]:
    found: dict[PartKey, list[OperatorFeedback]] = defaultdict(list)
    for dispute in disputes:
        found[dispute.key].append(dispute)
    return found
