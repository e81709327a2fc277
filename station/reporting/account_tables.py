"""What was done in a shift and by whom, as tables that paper, workbook and JSON have alike."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from station.domain.audit import AuditEntry
from station.domain.formatting import number, rate
from station.domain.inspection import PartKey
from station.domain.part_ranges import parts_in_words
from station.domain.shift import PartRecord, ShiftRecords, ShiftWindow
from station.domain.shift_account import Presence, ShiftAccount
from station.domain.shift_review import AgreementRow, PartHistory, agreement_of, histories_of
from station.domain.suspects import CheckInShift
from station.domain.verdict import Verdict
from station.reporting.wording import time_in

Row = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AccountTable:
    """A table of the shift report.

    Attributes:
        key: Its name for programs: "overruled".
        title: Its name for people.
        none: The sentence that takes its place if it has no rows.
        columns: The names of its columns for programs.
        headings: The same for people.
        rows: In the order of time.
        widths: Of the columns on paper, as shares.
        kinds: One letter for each column: "n" where it holds numbers, else "t".
        notes: What a reader must know of it, in sentences.
    """

    key: str
    title: str
    none: str
    columns: tuple[str, ...]
    headings: tuple[str, ...]
    rows: tuple[Row, ...]
    widths: tuple[int, ...]
    kinds: str
    notes: tuple[str, ...] = ()


def account_tables(records: ShiftRecords, account: ShiftAccount) -> tuple[AccountTable, ...]:
    """Return the tables of a shift in the order of the report."""
    histories, window = histories_of(records), records.window
    return (
        _people(account.people, window),
        _changes(account.changes, window),
        _overruled(histories, window),
        _agreement(histories),
        _checks(account.checks, window),
        _missing_pictures(records),
    )


def _people(people: Sequence[Presence], window: ShiftWindow) -> AccountTable:
    return AccountTable(
        "people",
        "People",
        "Nobody was logged in during this shift.",
        ("name", "as", "from", "to", "end"),
        ("Name", "Logged in as", "From", "To", "How it ended"),
        tuple(_presence(each, window) for each in people),
        (26, 28, 14, 14, 30),
        "ttttt",
    )


def _presence(each: Presence, window: ShiftWindow) -> Row:
    since = time_in(window, each.since)
    return (
        each.name,
        each.as_what,
        f"before {since}" if each.began_before else since,
        "\u2013" if each.until is None else time_in(window, each.until),
        each.end or "still logged in",
    )


def _changes(changes: Sequence[AuditEntry], window: ShiftWindow) -> AccountTable:
    return AccountTable(
        "changes",
        "Changes",
        "Nothing was changed in this shift.",
        ("at", "what", "of", "from", "to", "why", "by"),
        ("At", "What", "Of", "From", "To", "Why", "By"),
        tuple(_change(each, window) for each in changes),
        (11, 14, 18, 19, 21, 19, 14),
        "ttttttt",
    )


def _change(each: AuditEntry, window: ShiftWindow) -> Row:
    said = (each.action, each.subject, each.old, each.new, each.reason)
    return time_in(window, each.at), *said, each.person or "station"


def _overruled(histories: Sequence[PartHistory], window: ShiftWindow) -> AccountTable:
    """Return the parts of which a person says something else than the station; the verdict itself stays."""
    return AccountTable(
        "overruled",
        "Verdicts overruled",
        "No verdict was overruled.",
        ("at", "run", "part", "verdict", "said", "reason", "by"),
        ("At", "Run", "Part", "Verdict", "Said", "Reason", "By"),
        tuple(_overruling(window, histories)),
        (13, 7, 10, 18, 22, 30, 20),
        "tnntttt",
    )


def _overruling(window: ShiftWindow, histories: Sequence[PartHistory]) -> Iterator[Row]:
    for part in histories:
        word = part.counted_word
        if word is not None and not part.agrees(word):
            named = (str(part.key.run_id), part.key.label, part.verdict.word)
            yield (time_in(window, word.made_at), *named, word.words, word.reason, word.author)


def _agreement(histories: Sequence[PartHistory]) -> AccountTable:
    found = agreement_of(histories)
    rows = [("All", found.all), *((each.name, each) for each in found.by_verdict)]
    rows += [(f"By {each.name}", each) for each in found.by_person]
    waiting = f", and {number(found.waiting)} wait for an answer at the line" if found.waiting else ""
    return AccountTable(
        "agreement",
        "Agreement of people and station",
        "No person confirmed or overruled a verdict.",
        ("of", "confirmed", "overruled", "agreement", "parts_overruled"),
        ("Of", "Confirmed", "Overruled", "Agreement (95 %)", "Parts overruled"),
        tuple(_agreed(name, row) for name, row in rows) if found.all.rate.n else (),
        (22, 14, 14, 38, 34),
        "tnntt",
        (f"{number(found.reviewed)} of {number(found.to_review)} parts to review were reviewed{waiting}.",),
    )


def _agreed(name: str, row: AgreementRow) -> Row:
    counts = (number(len(row.confirmed)), number(len(row.overruled)))
    return name, *counts, rate(row.rate), parts_in_words(row.overruled)


def _checks(checks: Sequence[CheckInShift], window: ShiftWindow) -> AccountTable:
    return AccountTable(
        "checks",
        "Checks with challenge parts",
        "No check with challenge parts was made in this shift.",
        ("at", "recipe", "by", "outcome", "result", "suspects"),
        ("At", "Recipe", "By", "Outcome", "Result", "Suspect parts"),
        tuple(_check(each, window) for each in checks),
        (13, 18, 18, 14, 36, 36),
        "tttttt",
    )


def _check(each: CheckInShift, window: ShiftWindow) -> Row:
    check, suspects = each.check, each.suspects
    words = suspects.sentence if suspects else "none"
    if suspects and suspects.first and suspects.last:
        first, last = suspects.first, suspects.last
        words += f" From run {first.run_id} part {first.label} to run {last.run_id} part {last.label}."
    outcome = check.outcome.value if check.outcome else "running"
    return time_in(window, check.started_at), check.label, check.person or "not named", outcome, check.in_words, words


def _missing_pictures(records: ShiftRecords) -> AccountTable:
    """Return why pictures are missing: parts that passed are kept as a sample only, and are none of them."""
    found: dict[str, set[PartKey]] = defaultdict(set)
    for part in records.parts:
        for why in _why_missing(part):
            found[why].add(part.inspection.key)
    ranked = sorted(found.items(), key=lambda item: (-len(item[1]), item[0]))
    return AccountTable(
        "missing_pictures",
        "Pictures that are missing",
        "No picture is missing that was to be kept.",
        ("why", "count", "parts"),
        ("Why", "Parts", "Which"),
        tuple((why, number(len(keys)), parts_in_words(keys)) for why, keys in ranked),
        (40, 10, 60),
        "tnt",
    )


def _why_missing(part: PartRecord) -> Iterator[str]:
    for view, pictures in zip(part.inspection.views, part.views, strict=True):
        if pictures.given_up:
            yield f"Given up: {pictures.why_given_up or 'to make room'}"
        elif pictures.original is None and part.inspection.verdict is not Verdict.PASS:
            came = view.width or pictures.thumbnail
            yield "Not kept when it was recorded" if came else "No picture came"
