"""The parts of a shift report, each from the summary or the records to what is printed."""

from collections.abc import Iterable, Sequence
from itertools import chain, islice, zip_longest
from pathlib import Path

from reportlab.lib.units import mm
from reportlab.platypus import CondPageBreak, Flowable, KeepTogether, Paragraph, Spacer, Table, TableStyle

from station.domain.feedback import OperatorFeedback
from station.domain.formatting import (
    UNKNOWN,
    area,
    milliseconds,
    number,
    rate,
    score,
    sentence_case,
    share,
    shortened,
)
from station.domain.inspection import Counts, Inspection, PartKey
from station.domain.scanned_code import shown
from station.domain.shift import PartRecord, ShiftRecords
from station.domain.shift_summary import CauseSummary, LotSummary, PlaceSummary, RevisionSummary, ShiftSummary, Stoppage
from station.domain.verdict import Verdict
from station.reporting.part_lists import CAUSES, HOURS, LOTS, PLACES, RECIPES, list_name
from station.reporting.pdf.hour_chart import chart_in_words, hour_chart
from station.reporting.pdf.page_template import TEXT_WIDTH
from station.reporting.pdf.part_picture import PartPicture
from station.reporting.pdf.tables import Cell, beside_each_other, listing
from station.reporting.pdf.tags import Pictured
from station.reporting.pdf.typeface import MUTED, RULE, paragraph, style
from station.reporting.pdf.verdict_colours import PRINT
from station.reporting.wording import bins_title, end_of, length_of, models, start_of, time_in

_PICTURES, _PICTURES_IN_A_ROW = 15, 5
_PICTURE_WIDTH, _PICTURE_HEIGHT = 33 * mm, 30 * mm
_VERDICT = {verdict: style(8.5, bold=True, colour=colour) for verdict, colour in PRINT.items()}
_HEADING = style(11, bold=True, tag="H2")
_JUDGED = ("Inspected", "PASS", "REVIEW", "FAIL", "NOT INSPECTED", "First-pass yield (95 %)", "List")
_LOT_IN_A_CELL = 120
_NOTE = style(7.5, colour=MUTED)


def heading(text: str) -> list[Flowable]:
    """The title of a section, never alone at the foot of a page."""
    return [CondPageBreak(32 * mm), Spacer(0, 4.5 * mm), paragraph(text, _HEADING), Spacer(0, 1.5 * mm)]


def note(text: str) -> Paragraph:
    """A remark in small grey type."""
    return paragraph(text, _NOTE)


def timeline(summary: ShiftSummary) -> list[Flowable]:
    """The shift through time."""
    chart = Pictured(hour_chart(summary, TEXT_WIDTH), chart_in_words(summary))
    lists = f"Lists {list_name(HOURS, 0)} to {list_name(HOURS, len(summary.hours) - 1)} name the parts of each bar."
    return [*heading(bins_title(summary.window)), KeepTogether(chart), note(lists), _cycle_times(summary)]


def revisions(summary: ShiftSummary) -> list[Flowable]:
    """One line for each revision of a recipe that ran."""
    titles = ("Recipe", "Model", *_JUDGED)
    rows = _marked(RECIPES, [_revision(revision) for revision in summary.revisions])
    return [*heading("By recipe revision"), *_or_none(titles, rows, (20, 15, 14, 9, 11, 9, 14, 37, 8), "ttnnnnntn")]


def lots(summary: ShiftSummary) -> list[Flowable]:
    """One line for each lot and order; nothing if no part has either."""
    if not summary.lots:
        return []
    titles = ("Lot", "Order", *_JUDGED)
    rows = _marked(LOTS, [_lot(lot) for lot in summary.lots])
    return [*heading("By lot and order"), listing(titles, rows, (22, 18, 14, 9, 11, 9, 14, 31, 8), "ttnnnnntn")]


def places(summary: ShiftSummary, pictures_folder: Path) -> list[Flowable]:
    """Where rejects are bad, and the worst of each place to look at."""
    titles = ("Place", "FAIL", "REVIEW", "Share of rejects (95 %)", "Median area", "Highest score", "List")
    rows = _marked(PLACES, [_place(place) for place in summary.places])
    return [
        *heading("Where the defects are"),
        *_or_none(titles, rows, (30, 10, 10, 40, 16, 16, 6), "tnntnnn", "No part failed and none was for review."),
        *_gallery(summary, pictures_folder),
    ]


def causes(summary: ShiftSummary) -> list[Flowable]:
    """Why parts were not inspected."""
    rows = _marked(CAUSES, [_cause(cause) for cause in summary.causes])
    titles, none = ("Cause", "Parts", "Share", "List"), "No part was left without a verdict."
    table = _or_none(titles, rows, (67, 15, 15, 5), "tnnn", none)
    return [*heading("NOT INSPECTED, by cause"), *table]


def disputes(records: ShiftRecords) -> list[Flowable]:
    """What people said of parts, beside what the station said."""
    verdicts = {part.inspection.key: part.inspection.verdict for part in records.parts}
    rows = [_dispute(dispute, records, verdicts) for dispute in records.disputes]
    titles = ("At", "Run", "Part", "Verdict", "Said", "Reason", "By")
    table = _or_none(titles, rows, (13, 7, 10, 18, 17, 30, 20), "tnntttt", "No verdict was disputed or confirmed.")
    return [*heading("What people said of parts"), *table]


def stops(summary: ShiftSummary) -> list[Flowable]:
    """When the line did not inspect."""
    rows = [_stoppage(stoppage, summary) for stoppage in summary.stoppages]
    titles = ("From", "To", "Duration", "What", "Detail", "Person")
    known = any(span.start == summary.window.start for span in summary.unknown)
    none = "No stop and no fault was recorded." if not known else "It is not known what the line did at first."
    table = _or_none(titles, rows, (15, 15, 15, 15, 40, 15), "ttnttt", none)
    return [*heading("Stops and faults"), *table]


def signatures(content_sha256: str, over: str = "every part, dispute and event of this report") -> Flowable:
    """Room for comments and two names, and the hash that the signed numbers can be proven by."""
    names = [note("Quality: name, date, signature"), "", note("Supervisor: name, date, signature")]
    rows = [[note("Comments"), "", ""], ["", "", ""], ["", "", ""], names]
    lines = beside_each_other(rows, _SIGNATURE_COLUMNS, _SIGNATURE_LINES, [8 * mm, 8 * mm, 12 * mm, None])
    proof = f"Content SHA-256 (over {over}; printed again, it is the same):"
    hash_line = paragraph(content_sha256, style(8))
    return KeepTogether([*heading("Signatures"), lines, Spacer(0, 2 * mm), note(proof), hash_line])


def _marked(kind: str, rows: Sequence[tuple[Cell, ...]]) -> list[tuple[Cell, ...]]:
    """Return rows with the name of the list of their parts at the end of each."""
    return [(*row, list_name(kind, place)) for place, row in enumerate(rows)]


def _or_none(
    titles: Sequence[str],
    rows: Sequence[Sequence[Cell]],
    widths: Sequence[float],
    numbers: str,
    none: str = "No parts were recorded.",
) -> list[Flowable]:
    return [listing(titles, rows, widths, numbers)] if rows else [paragraph(none, style())]


def _cycle_times(summary: ShiftSummary) -> Paragraph:
    times = summary.cycle_times
    if times is None:
        return note("No part was inspected." if summary.counts.triggers else "No part came in this shift.")
    return note(
        f"From picture to verdict: median {milliseconds(times.median_ms)}, "
        f"95 % within {milliseconds(times.p95_ms)}, "
        f"longest {milliseconds(times.worst_ms)} (n = {number(summary.counts.inspected)})."
    )


def _revision(revision: RevisionSummary) -> tuple[Cell, ...]:
    run = revision.run
    return (
        f"{run.recipe_name}@{run.recipe_revision}",
        models(run.model_sha256),
        *_figures(revision.counts),
        rate(revision.first_pass_yield),
    )


def _lot(lot: LotSummary) -> tuple[Cell, ...]:
    named = (shortened(shown(text), _LOT_IN_A_CELL) or UNKNOWN for text in (lot.made.lot, lot.made.order))
    return (*named, *_figures(lot.counts), rate(lot.first_pass_yield))


def _figures(counts: Counts) -> tuple[str, ...]:
    judged = (counts.inspected, counts.passed, counts.review, counts.failed, counts.not_inspected)
    return tuple(number(count) for count in judged)


def _place(place: PlaceSummary) -> tuple[Cell, ...]:
    return (
        sentence_case(place.place), number(place.failed), number(place.review), rate(place.share),
        area(place.median_area_px), score(place.worst[0].inspection.deciding.pred_score),
    )  # fmt: skip


def _cause(cause: CauseSummary) -> tuple[Cell, ...]:
    return sentence_case(cause.cause.sentence), number(cause.share.count), share(cause.share.value)


def _dispute(dispute: OperatorFeedback, records: ShiftRecords, verdicts: dict[PartKey, Verdict]) -> tuple[Cell, ...]:
    verdict = verdicts[dispute.key]
    return (
        time_in(records.window, dispute.made_at), str(dispute.key.run_id), dispute.key.label,
        paragraph(verdict.word, _VERDICT[verdict]), dispute.words, dispute.reason, dispute.author,
    )  # fmt: skip


def _stoppage(stoppage: Stoppage, summary: ShiftSummary) -> tuple[Cell, ...]:
    window = summary.window
    return (
        start_of(stoppage, window), end_of(stoppage, window), length_of(stoppage), stoppage.kind,
        stoppage.sentence, stoppage.person or "station",
    )  # fmt: skip


def _gallery(summary: ShiftSummary, pictures_folder: Path) -> list[Flowable]:
    """The worst part of each place, then the second of each, and so on."""
    in_turn = chain.from_iterable(zip_longest(*(place.worst[:_PICTURES] for place in summary.places)))
    shown = list(islice((part for part in in_turn if part is not None), _PICTURES))
    rejects = summary.counts.failed + summary.counts.review
    if not shown:
        return []
    said = f"{number(len(shown))} of {number(rejects)} rejects: of each place those with the highest score first."
    rows = [shown[start : start + _PICTURES_IN_A_ROW] for start in range(0, len(shown), _PICTURES_IN_A_ROW)]
    first, *others = (_picture_row(row, summary, pictures_folder) for row in rows)
    return [Spacer(0, 3 * mm), KeepTogether([note(said), first]), *others]


def _picture_row(row: Iterable[PartRecord], summary: ShiftSummary, pictures_folder: Path) -> Table:
    cells: list[object] = [_captioned(part, summary, pictures_folder) for part in row]
    cells += [""] * (_PICTURES_IN_A_ROW - len(cells))
    return beside_each_other([cells], [TEXT_WIDTH / _PICTURES_IN_A_ROW] * _PICTURES_IN_A_ROW, _GALLERY)


def _captioned(part: PartRecord, summary: ShiftSummary, pictures_folder: Path) -> list[Flowable]:
    i = part.inspection
    return [
        Pictured(PartPicture(part, pictures_folder, _PICTURE_WIDTH, _PICTURE_HEIGHT), _in_words(part)),
        Spacer(0, 1 * mm),
        paragraph(f"{i.verdict.word}  {i.key.label}", _VERDICT[i.verdict]),
        note(f"run {i.key.run_id}, {time_in(summary.window, i.triggered_at)}"),
        *(note(f"{what} {shortened(shown(text), _LOT_IN_A_CELL)}") for what, text in _named(i) if text),
        note(i.reason),
    ]


def _in_words(part: PartRecord) -> str:
    i = part.inspection
    return f"Picture of part {i.key.label} of run {i.key.run_id}, {i.verdict.word}: {i.reason or 'no reason'}"


def _named(part: Inspection) -> tuple[tuple[str, str], ...]:
    return ("serial", part.serial), ("lot", part.lot)


_GALLERY = TableStyle(
    [
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LEFTPADDING", (0, 0), (-1, -1), 0),
        ("RIGHTPADDING", (0, 0), (-1, -1), 4),
        ("TOPPADDING", (0, 0), (-1, -1), 4),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 4),
    ]
)
_SIGNATURE_COLUMNS = [TEXT_WIDTH * width for width in (0.48, 0.04, 0.48)]
_SIGNATURE_LINES = TableStyle(
    [
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LEFTPADDING", (0, 0), (-1, -1), 0),
        ("LINEBELOW", (0, 0), (-1, 1), 0.4, RULE),
        ("LINEBELOW", (0, 2), (0, 2), 0.6, MUTED),
        ("LINEBELOW", (2, 2), (2, 2), 0.6, MUTED),
    ]
)
