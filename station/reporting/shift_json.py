"""A shift in figures, as programs read it."""

from station.domain.part_ranges import parts_in_words
from station.domain.rates import Rate
from station.domain.shift import ShiftRecords
from station.domain.shift_account import NOTHING_DONE, ShiftAccount
from station.domain.shift_summary import LotSummary, ShiftSummary, Stoppage
from station.domain.verdict import Verdict
from station.reporting.account_tables import AccountTable, account_tables
from station.reporting.csv_export import content_sha256
from station.reporting.part_lists import PartList, part_lists


def shift_values(
    records: ShiftRecords, summary: ShiftSummary, account: ShiftAccount = NOTHING_DONE
) -> dict[str, object]:
    """Return the object of `report --json`: times as ISO 8601 in UTC, shares 0..1, lengths in seconds, null if unknown.

    `as_of` is null for a shift that has ended. `pictures` counts the parts by where their pictures came from, and
    `not_counted` the parts of trials and challenges, which are in no other figure. `parts_of` names the parts behind
    each number by the marks of the printed report. The tables on what was done, such as `people`, are as printed.
    """
    window, counts = summary.window, summary.counts
    return {
        "shift": window.name,
        "day": window.day.isoformat(),
        "start": window.start.isoformat(),
        "end": window.end.isoformat(),
        "time_zone": window.time_zone,
        "lot": window.lot or None,
        "as_of": summary.as_of and summary.as_of.isoformat(),
        "parts": counts.triggers,
        **{verdict.value: counts.of(verdict) for verdict in Verdict},
        "inspected": counts.inspected,
        "first_pass_yield": _rate(summary.first_pass_yield),
        "pictures": {origin.value: count for origin, count in summary.origins.items()},
        "not_counted": {kind.value: count for kind, count in summary.not_counted.items()},
        "judged_again": summary.judged_again,
        "stopped_throughout": summary.stopped_throughout,
        "stoppages": [_stoppage(stoppage) for stoppage in summary.stoppages],
        "unknown": [{"start": span.start.isoformat(), "end": span.end.isoformat()} for span in summary.unknown],
        "lots": [_lot(lot) for lot in summary.lots],
        "places": {place.place: place.share.count for place in summary.places},
        "causes": {cause.cause.value: cause.share.count for cause in summary.causes},
        **{table.key: _objects(table) for table in account_tables(records, account)},
        "parts_of": {each.name: _list(each) for each in part_lists(records, summary)},
        "content_sha256": content_sha256(records),
    }


def _objects(table: AccountTable) -> list[dict[str, str]]:
    return [dict(zip(table.columns, row, strict=True)) for row in table.rows]


def _list(each: PartList) -> dict[str, object]:
    return {"of": each.title, "count": len(each.parts), "parts": parts_in_words(each.parts)}


def _rate(rate: Rate) -> dict[str, object]:
    low, high = rate.interval if rate.n else (None, None)
    return {"value": rate.value, "count": rate.count, "n": rate.n, "low_95": low, "high_95": high}


def _lot(lot: LotSummary) -> dict[str, object]:
    return {
        "lot": lot.made.lot or None,
        "order": lot.made.order or None,
        "parts": lot.counts.triggers,
        **{verdict.value: lot.counts.of(verdict) for verdict in Verdict},
        "first_pass_yield": _rate(lot.first_pass_yield),
    }


def _stoppage(stoppage: Stoppage) -> dict[str, object]:
    return {
        "kind": stoppage.kind.value,
        "start": stoppage.start.isoformat(),
        "end": stoppage.end and stoppage.end.isoformat(),
        "duration_s": None if stoppage.duration is None else stoppage.duration.total_seconds(),
        "began_before": stoppage.began_before,
        "goes_on": stoppage.goes_on,
        "sentence": stoppage.sentence,
        "person": stoppage.person,
    }
