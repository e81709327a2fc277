"""What a code that is missing, unfit or in contradiction makes of a part: never a silent choice."""

from collections.abc import Mapping
from dataclasses import replace

from station.domain.frame import NotInspectedCause
from station.domain.part_code import IfUnread, ReadCode
from station.domain.part_images import ViewResult
from station.domain.scanned_code import data_of, shown
from station.domain.verdict import Verdict
from station.judgement.withheld import without_verdict


def with_code(result: ViewResult, code: ReadCode, if_unread: IfUnread) -> ViewResult:
    """Return the result of a view with what was read in it, and with what its recipe says if that does not count."""
    read = replace(result, inspection=replace(result.inspection, code=code), if_unread=if_unread)
    return with_doubt(read)


def with_doubt(result: ViewResult) -> ViewResult:
    """Return the result as the doubt about its code leaves it; the same result if there is none.

    A part that fails fails, and one that was not inspected stays so. If another serial was scanned or read, a person
    must see the part, whatever the recipe says.
    """
    code, rule = result.inspection.code, result.if_unread
    if code is None or rule is None or not code.problem:
        return result
    if rule is IfUnread.ACCEPT and not code.other:
        return result
    seen, sentence = result.inspection, code.doubt
    if seen.verdict is Verdict.NOT_INSPECTED:
        return result
    if seen.verdict is not Verdict.FAIL and rule is IfUnread.NOT_INSPECTED:
        cause = NotInspectedCause.CODE_UNREAD
        return without_verdict(result, cause, f"{cause.sentence}: {sentence.removeprefix('code: ')}")
    verdict = Verdict.REVIEW if seen.verdict is Verdict.PASS else seen.verdict
    said = "; ".join(filter(None, (seen.reason if seen.verdict.rejected else "", sentence)))
    return replace(result, inspection=replace(seen, verdict=verdict, reason=said))


def settle_serial(scanned: str, views: tuple[ViewResult, ...]) -> tuple[str, tuple[ViewResult, ...]]:
    """Return the serial of a part, and its views with the doubt if what was scanned and read do not agree.

    Args:
        scanned: The serial that a scanner gave; "" if none did.
        views: The results of its views.

    Returns:
        The serial, "" if it is in doubt: none of several is chosen.
    """
    read = {view.inspection.name: view.inspection.code for view in views if view.inspection.code is not None}
    counting = {name: code for name, code in read.items() if code.counts}
    if not counting:
        return scanned, views
    serials = list(dict.fromkeys(code.serial for code in counting.values()))
    if len(serials) == 1 and (not scanned or _same(scanned, counting)):
        return serials[0], views
    return "", tuple(_contradicted(view, scanned, counting) for view in views)


def _same(scanned: str, counting: Mapping[str, ReadCode]) -> bool:
    """Return whether a scanner gave the serial, or the whole text of which the serial is a part."""
    given = data_of(scanned)
    return all(given in (data_of(code.serial), data_of(code.text)) for code in counting.values())


def _contradicted(view: ViewResult, scanned: str, counting: Mapping[str, ReadCode]) -> ViewResult:
    """Return a view whose code is doubted; the verdict is that of the doubt."""
    name = view.inspection.name
    code = counting.get(name)
    if code is None:
        return view
    others = [other.serial for place, other in counting.items() if place != name and other.serial != code.serial]
    other = scanned or next(iter(others), code.serial)
    source = "scanned" if scanned else "read in another view"
    problem = f"{shown(code.serial)} was read, and {shown(other)} was {source}"
    doubted = replace(view.inspection, code=code.doubted(problem, other))
    return with_doubt(replace(view, inspection=doubted))
