"""`linesidectl review`: the parts of a shift to review, a word on one, and parts on hold."""

import argparse
import re
from zoneinfo import ZoneInfo

from station.app import Station
from station.cli.arguments import add_json, existing_workspace, person, station_arguments, station_to_read
from station.cli.output import Results
from station.domain.errors import BadInputError
from station.domain.hold import Hold
from station.domain.inspection import PartKey
from station.domain.rates import Rate
from station.domain.shift import ShiftWindow
from station.domain.shift_review import Agreement, AgreementRow, PartHistory, agreement_of
from station.reporting.review_wording import agreement_lines, progress_words

_PARTS = re.compile(r"(\d{1,12})/(\d{1,12})(?:-(\d{1,12}))?")
_MOST_AT_ONCE = 1_000_000
_PART_WORDS = "RUN/PART, such as 12/0007"


def add_to(family: argparse.ArgumentParser) -> None:
    """Add the verbs."""
    verbs = family.add_subparsers(required=True, metavar="VERB")
    common = station_arguments()
    listing = verbs.add_parser("list", parents=[common], help="the parts to review, and the agreement")
    listing.add_argument("--shift", metavar="DATE/NAME", help="such as 2026-11-22/Early; default: the present one")
    listing.add_argument("--lot", help="only the parts of this lot")
    listing.add_argument("--all", action="store_true", help="also those that are reviewed")
    listing.set_defaults(run=run_list)
    answer = verbs.add_parser("answer", parents=[common], help="confirm how a part left the line, or overrule it")
    answer.add_argument("part", metavar="PART", help=_PART_WORDS)
    answer.add_argument("said", choices=("confirm", "overrule"))
    answer.add_argument("--reason", default="", help="why; needed to overrule")
    answer.set_defaults(run=run_answer)
    for name, words in (("hold", "keep pictures whatever happens"), ("release", "let pictures go again")):
        verb = verbs.add_parser(name, parents=[common], help=words)
        verb.add_argument("parts", nargs="*", metavar="PART", help=f"{_PART_WORDS}, or 12/0007-0031 for a range")
        verb.add_argument("--lot", help="every part of this lot")
        verb.add_argument("--suspects", metavar="NAME", help="every suspect of this recipe")
        verb.add_argument("--reason", default="", help="why; it is recorded")
        verb.set_defaults(run=run_hold, release=name == "release")
    holds = verbs.add_parser("holds", parents=[common], help="every part on hold")
    holds.set_defaults(run=run_holds)
    for verb in verbs.choices.values():
        add_json(verb)


def run_list(asked: argparse.Namespace) -> int:
    """Print the parts, then how far people and station agree."""
    with station_to_read(asked) as station, Results(asked.json) as results:
        parts = station.shift_review.parts(_window(station, asked))
        shown = [each for each in parts if each.is_open or (asked.all and each.wants_review)]
        holds = station.holds.of([each.key for each in shown])
        zone = ZoneInfo(station.settings.station.time_zone)
        for each in shown:
            results.line(_line(each, holds.get(each.key), zone))
            results.record(_values(each, holds.get(each.key)))
        agreement = agreement_of(parts)
        for line in (progress_words(agreement), *agreement_lines(agreement)):
            results.line(line)
        results.record(_summary(agreement))
    return 0


def run_answer(asked: argparse.Namespace) -> int:
    """Record a word on one part."""
    key, *others = _range(asked.part)
    if others:
        raise BadInputError(f"'{asked.part}' names {len(others) + 1} parts.", "Review one part at a time.")
    with _station(asked) as station, Results(asked.json) as results:
        review = station.shift_review
        say = review.confirm if asked.said == "confirm" else review.overrule
        say(key, asked.reason, person())
        part = review.part(key)
        results.line(_line(part, station.holds.of([key]).get(key), ZoneInfo(station.settings.station.time_zone)))
        results.record(_values(part, station.holds.of([key]).get(key)))
    return 0


def run_hold(asked: argparse.Namespace) -> int:
    """Put parts on hold, or release them."""
    keys = [key for words in asked.parts for key in _range(words)]
    with _station(asked) as station, Results(asked.json) as results:
        holds = station.holds
        keys += holds.parts_of_lot(asked.lot) if asked.lot else ()
        keys += [each.key for each in station.challenge.suspects(asked.suspects)] if asked.suspects else []
        changed = (holds.release if asked.release else holds.hold)(keys, asked.reason, person())
        results.line(f"{len(changed)} of {len(set(keys))} parts {'released' if asked.release else 'put on hold'}")
        results.record({"parts": [_name(key) for key in changed], "held": not asked.release})
    return 0


def run_holds(asked: argparse.Namespace) -> int:
    """Print every part on hold."""
    with station_to_read(asked) as station, Results(asked.json) as results:
        for key, hold in station.holds.all().items():
            results.line(f"{_name(key):14}  {hold.words}")
            results.record({"part": _name(key), **_hold_values(hold)})
    return 0


def _station(asked: argparse.Namespace) -> Station:
    return Station.open(existing_workspace(asked.workspace), authority=asked.authority)


def _window(station: Station, asked: argparse.Namespace) -> ShiftWindow:
    window = station.records.find_shift(asked.shift) if asked.shift else None
    if asked.lot:
        return station.records.lot_window(asked.lot, window)
    return window or station.records.shifts()[0]


def _range(words: str) -> list[PartKey]:
    """Return the parts that are named.

    Raises:
        BadInputError: They are not named so, or they are more than a million.
    """
    found = _PARTS.fullmatch(words.strip())
    if found is None:
        raise BadInputError(f"'{words}' does not name a part.", f"Write {_PART_WORDS}; 'review list' names them so.")
    run, first = int(found[1]), int(found[2])
    last = int(found[3]) if found[3] else first
    if not first <= last < first + _MOST_AT_ONCE:
        raise BadInputError(f"'{words}' is not a range of parts.", "Write the first number, a hyphen and the last one.")
    return [PartKey(run, number) for number in range(first, last + 1)]


def _name(key: PartKey) -> str:
    return f"{key.run_id}/{key.label}"


def _line(part: PartHistory, hold: Hold | None, zone: ZoneInfo) -> str:
    said = "; ".join(f"{each.words} ({', '.join(filter(None, (each.author, each.reason)))})" for each in part.said)
    at = f"{part.triggered_at.astimezone(zone):%Y-%m-%d %H:%M:%S}"
    state = "open" if part.is_open else "reviewed"
    held = f"  {hold.words}" if hold else ""
    return f"{_name(part.key):14}  {at}  {part.verdict.word:13}  {state:8}  {said}{held}"


def _values(part: PartHistory, hold: Hold | None) -> dict[str, object]:
    return {
        "part": _name(part.key),
        "triggered_at": part.triggered_at.isoformat(),
        "verdict": part.verdict.value,
        "ended_good": part.ended_good,
        "open": part.is_open,
        "said": [
            {
                "claim": each.claim.value,
                "reason": each.reason,
                "person": each.author,
                "at": each.made_at.isoformat(),
                "in_review": each.in_review,
            }
            for each in part.said
        ],
        "hold": None if hold is None else _hold_values(hold),
    }


def _hold_values(hold: Hold) -> dict[str, object]:
    return {"reason": hold.reason, "person": hold.person, "at": hold.at.isoformat()}


def _summary(agreement: Agreement) -> dict[str, object]:
    return {
        "summary": True,
        "reviewed": agreement.reviewed,
        "to_review": agreement.to_review,
        "waiting": agreement.waiting,
        "all": _row(agreement.all),
        "by_verdict": {row.name: _row(row) for row in agreement.by_verdict},
        "by_person": {row.name: _row(row) for row in agreement.by_person},
    }


def _row(row: AgreementRow) -> dict[str, object]:
    return {
        **_rate(row.rate),
        "confirmed": [_name(key) for key in row.confirmed],
        "overruled": [_name(key) for key in row.overruled],
    }


def _rate(rate: Rate) -> dict[str, object]:
    low, high = rate.interval
    return {"count": rate.count, "n": rate.n, "rate": rate.value, "low": low, "high": high}
