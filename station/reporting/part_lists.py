"""The parts behind every number of a shift: a list for each, whose name is printed beside the number."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from station.domain.formatting import sentence_case
from station.domain.inspection import PartKey, Run
from station.domain.shift import PartRecord, ShiftRecords
from station.domain.shift_summary import ShiftSummary
from station.domain.verdict import Verdict
from station.reporting.time_bins import step_of
from station.reporting.wording import bin_label

K = TypeVar("K", bound=Hashable)
VERDICTS, PLACES, CAUSES, HOURS, RECIPES, LOTS = "V", "P", "C", "H", "R", "L"


@dataclass(frozen=True, slots=True)
class PartList:
    """The parts that one number was counted from.

    Attributes:
        name: On paper, beside the number: "P2".
        title: What they have in common: "Place: upper left".
        parts: The parts, in the order of time.
    """

    name: str
    title: str
    parts: tuple[PartKey, ...]


def list_name(kind: str, place: int) -> str:
    """Return the name of the list behind the number in one place of a table, which counts from 0."""
    return f"{kind}{place + 1}"


def part_lists(records: ShiftRecords, summary: ShiftSummary) -> tuple[PartList, ...]:
    """Return a list for every verdict, recipe revision, lot, place, cause and hour, in the order of the report."""
    return tuple(
        PartList(list_name(kind, place), title, tuple(parts))
        for kind, lists in _by_kind(records, summary)
        for place, (title, parts) in enumerate(lists)
    )


_Lists = Iterable[tuple[str, Iterable[PartKey]]]


def _by_kind(records: ShiftRecords, summary: ShiftSummary) -> Iterator[tuple[str, _Lists]]:
    parts = records.parts
    verdicts = _grouped(parts, lambda part: part.inspection.verdict)
    yield VERDICTS, ((verdict.word, verdicts[verdict]) for verdict in Verdict)
    yield RECIPES, _revisions(records, summary)
    lots = _grouped(parts, lambda part: (part.inspection.lot, part.inspection.order))
    yield (
        LOTS,
        ((_lot_title(each.made.lot, each.made.order), lots[each.made.lot, each.made.order]) for each in summary.lots),
    )
    yield PLACES, ((f"Place: {sentence_case(each.place)}", _in_time(each.worst)) for each in summary.places)
    causes = _grouped(parts, lambda part: part.inspection.deciding.cause)
    yield CAUSES, ((f"Cause: {sentence_case(each.cause.sentence)}", causes[each.cause]) for each in summary.causes)
    yield HOURS, _hours(records, summary)


def _grouped(parts: Iterable[PartRecord], by: Callable[[PartRecord], K]) -> dict[K, list[PartKey]]:
    found: dict[K, list[PartKey]] = defaultdict(list)
    for part in parts:
        found[by(part)].append(part.inspection.key)
    return found


def _revisions(records: ShiftRecords, summary: ShiftSummary) -> _Lists:
    judged_by = {run.run_id: _identity(run) for run in records.runs}
    found = _grouped(records.parts, lambda part: judged_by[part.inspection.key.run_id])
    for each in summary.revisions:
        yield f"Recipe {each.run.recipe_name}@{each.run.recipe_revision}", found[_identity(each.run)]


def _identity(run: Run) -> tuple[str, ...]:
    """Return what runs have in common that are counted together."""
    return run.recipe_sha256, run.model_sha256, run.precision, run.program_version


def _hours(records: ShiftRecords, summary: ShiftSummary) -> _Lists:
    edges = [*(hour.start for hour in summary.hours), records.window.end]
    found = _grouped(records.parts, lambda part: step_of(part.inspection.triggered_at, edges))
    for place, hour in enumerate(summary.hours):
        yield f"From {bin_label(hour.start, records.window)} to {bin_label(hour.end, records.window)}", found[place]


def _in_time(parts: Iterable[PartRecord]) -> Iterator[PartKey]:
    return (part.inspection.key for part in sorted(parts, key=lambda part: part.inspection.triggered_at))


def _lot_title(lot: str, order: str) -> str:
    return f"Lot {lot or 'not named'}, order {order or 'not named'}"
