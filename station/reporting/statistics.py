"""What a shift comes to, counted from its records and from nothing else."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from itertools import pairwise
from statistics import median

from station.domain.feedback import Disposition
from station.domain.inspection import Counts, PictureOrigin, Run, ViewInspection
from station.domain.lot_order import NO_LOT, LotOrder
from station.domain.rates import Rate
from station.domain.shift import PartRecord, ShiftRecords
from station.domain.shift_summary import (
    CauseSummary,
    CycleTimes,
    HourSummary,
    LotSummary,
    PlaceSummary,
    RevisionSummary,
    ShiftSummary,
)
from station.domain.verdict import Verdict, fails_in_a_row
from station.reporting.stoppages import covers, stoppages, unknown_spans
from station.reporting.time_bins import edges, step_of

NO_PLACE = "no single place"
"""Where a part is bad as a whole."""


def summarise(records: ShiftRecords) -> ShiftSummary:
    """Everything a report says in numbers. The same records give the same numbers on any day."""
    counts = _counted(records.parts)
    stops = stoppages(records)
    return ShiftSummary(
        window=records.window,
        counts=counts,
        first_pass_yield=Rate(counts.passed, counts.inspected),
        revisions=_by_revision(records),
        hours=_by_hour(records),
        places=_by_place(records.parts),
        causes=_by_cause(records.parts),
        disputed=_disputed(records),
        stoppages=stops,
        cycle_times=_cycle_times(records.parts),
        unknown=unknown_spans(records),
        stopped_throughout=not counts.triggers and covers(stops, records.window, records.known_until),
        as_of=records.as_of,
        not_counted=records.not_counted,
        origins=_by_origin(records),
        clock_behind=records.clock_behind,
        lots=_by_lot(records.parts),
        judged_again=sum(part.inspection.judged_again for part in records.parts),
    )


def _disputed(records: ShiftRecords) -> dict[Disposition, int]:
    at_the_line = [each.claim for each in records.disputes if not each.in_review]
    return {claim: at_the_line.count(claim) for claim in Disposition if claim.by_person}


def _counted(parts: Iterable[PartRecord]) -> Counts:
    verdicts = [part.inspection.verdict for part in parts]
    found = Counter(verdicts)
    return Counts(
        found[Verdict.PASS],
        found[Verdict.REVIEW],
        found[Verdict.FAIL],
        found[Verdict.NOT_INSPECTED],
        fails_in_a_row=fails_in_a_row(reversed(verdicts)),
    )


def _by_revision(records: ShiftRecords) -> tuple[RevisionSummary, ...]:
    runs = {run.run_id: run for run in records.runs}
    first: dict[tuple[str, ...], Run] = {}
    parts: dict[tuple[str, ...], list[PartRecord]] = defaultdict(list)
    for part in records.parts:
        run = runs[part.inspection.key.run_id]
        identity = (run.recipe_sha256, run.model_sha256, run.precision, run.program_version)
        first.setdefault(identity, run)
        parts[identity].append(part)
    return tuple(_revision(first[identity], parts[identity]) for identity in first)


def _revision(run: Run, parts: Sequence[PartRecord]) -> RevisionSummary:
    counts = _counted(parts)
    return RevisionSummary(run, counts, Rate(counts.passed, counts.inspected))


def _by_lot(parts: Iterable[PartRecord]) -> tuple[LotSummary, ...]:
    found: dict[LotOrder, list[PartRecord]] = defaultdict(list)
    for part in parts:
        found[LotOrder(part.inspection.lot, part.inspection.order)].append(part)
    if set(found) <= {NO_LOT}:
        return ()
    counted = ((made, _counted(of_lot)) for made, of_lot in found.items())
    return tuple(LotSummary(made, counts, Rate(counts.passed, counts.inspected)) for made, counts in counted)


def _by_origin(records: ShiftRecords) -> dict[PictureOrigin, int]:
    origin = {run.run_id: run.pictures for run in records.runs}
    found = Counter(origin[part.inspection.key.run_id] for part in records.parts)
    return {each: found[each] for each in PictureOrigin if each in found}


def _by_hour(records: ShiftRecords) -> tuple[HourSummary, ...]:
    between = edges(records.window)
    parts: list[list[PartRecord]] = [[] for _ in between[1:]]
    for part in records.parts:
        parts[step_of(part.inspection.triggered_at, between)].append(part)
    spans = zip(pairwise(between), parts, strict=True)
    return tuple(HourSummary(start, end, _counted(inside)) for (start, end), inside in spans)


def _by_place(parts: Iterable[PartRecord]) -> tuple[PlaceSummary, ...]:
    rejects = [part for part in parts if part.inspection.verdict.rejected]
    places: dict[str, list[PartRecord]] = defaultdict(list)
    for part in rejects:
        places[_place_of(part.inspection.deciding)].append(part)
    summaries = (_place(place, found, len(rejects)) for place, found in places.items())
    return tuple(sorted(summaries, key=lambda summary: (-summary.share.count, summary.place)))


def _place_of(view: ViewInspection) -> str:
    return view.place or view.with_view_name(NO_PLACE)


def _place(place: str, parts: Sequence[PartRecord], rejects: int) -> PlaceSummary:
    regions = [part.inspection.deciding.regions for part in parts]
    areas = [found[0].area_px for found in regions if found]
    return PlaceSummary(
        place=place,
        failed=sum(part.inspection.verdict is Verdict.FAIL for part in parts),
        review=sum(part.inspection.verdict is Verdict.REVIEW for part in parts),
        share=Rate(len(parts), rejects),
        median_area_px=median(areas) if areas else None,
        worst=tuple(sorted(parts, key=lambda part: (-(part.inspection.deciding.pred_score or 0), part.inspection.key))),
    )


def _by_cause(parts: Iterable[PartRecord]) -> tuple[CauseSummary, ...]:
    decided = (part.inspection.deciding.cause for part in parts)
    causes = Counter(cause for cause in decided if cause is not None)
    ranked = sorted(causes.items(), key=lambda item: (-item[1], item[0]))
    return tuple(CauseSummary(cause, Rate(count, causes.total())) for cause, count in ranked)


def _cycle_times(parts: Iterable[PartRecord]) -> CycleTimes | None:
    times = sorted(p.inspection.elapsed_ms for p in parts if p.inspection.verdict is not Verdict.NOT_INSPECTED)
    if not times:
        return None
    return CycleTimes(median(times), times[math.ceil(len(times) * 95 / 100) - 1], times[-1])
