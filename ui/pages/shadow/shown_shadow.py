"""What the shadow page shows, resolved from what is known: a pure function, so that it is tested without a window."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from station.domain.candidate import Disagreement, Gate, GateCheck, Promotion, ShadowFigures, ShadowState
from station.domain.feedback import Disposition
from station.domain.formatting import day_and_time, number, one_or_many, score
from station.domain.inspection import PartKey
from station.domain.recipe import RecipeEntry, RecipeState
from station.domain.tried_corrections import TriedCorrections

NOTHING_TO_TRY = "There is no draft to compare with a released revision. Teach the product again, or change its limits."
_MAY_STOP = ("check", "try")


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of the drafts.

    Attributes:
        entries: All revisions.
        chosen: The draft that was chosen, or the released revision of a recipe without a draft; None before the first.
        before: The revision that the recipe can be rolled back to; None if there is none.
        promotions: Those of the recipe, newest first.
        time_zone: Of the station.
        shadow: The draft that judges beside the line now.
        figures: How the chosen draft and the released revision agree.
        disagreements: The parts that they judge differently, newest first.
        said: What people said of these parts last.
        gate: What was seen of the chosen draft; None before it was looked at.
        busy: What is being done, in words; "" if nothing.
        tried: What the chosen draft makes of corrected parts; None before it was counted.
        running: The name of what can be stopped: check or try; "" if nothing.
    """

    entries: tuple[RecipeEntry, ...] = ()
    chosen: RecipeEntry | None = None
    shadow: ShadowState | None = None
    figures: ShadowFigures = field(default_factory=ShadowFigures)
    disagreements: tuple[Disagreement, ...] = ()
    said: Mapping[PartKey, Disposition] | None = None
    gate: Gate | None = None
    busy: str = ""
    tried: TriedCorrections | None = None
    running: str = ""
    before: RecipeEntry | None = None
    promotions: tuple[Promotion, ...] = ()
    time_zone: str = "UTC"


@dataclass(frozen=True, slots=True)
class ShadowView:
    """The page.

    Attributes:
        state: Which draft judges now, in a sentence.
        numbers: Four figures with their names.
        notes: What was not compared, in a sentence; "" if all was.
        corrected: What the draft makes of corrected parts, in sentences; "" if nobody has corrected one.
        parts: A row for each part that is judged differently: its key and its words.
        without_picture: What is said while no part is shown.
        checks: A row for each condition; () before the gate was looked at.
        verdict_of_gate: The gate in a sentence.
        promotions: A row for each promotion of the recipe, newest first: when and who, what and why, and its gate.
        may: The names of what can be asked for now: start, stop, try, check, promote, roll back.
        running: The name of what can be stopped by its own key: check or try; "" if nothing.
    """

    state: str
    numbers: tuple[tuple[str, str], ...]
    notes: str
    corrected: str
    parts: tuple[tuple[PartKey, str], ...]
    without_picture: str
    checks: tuple[GateCheck, ...]
    verdict_of_gate: str
    promotions: tuple["PromotionShown", ...]
    may: frozenset[str]
    running: str


@dataclass(frozen=True, slots=True)
class PromotionShown:
    """One promotion in words.

    Attributes:
        head: "tile 1 \u2192 2, 28 Nov 09:41, Ada".
        reason: Why.
        gate: What the gate had seen, a sentence for each condition.
    """

    head: str
    reason: str
    gate: tuple[str, ...]


def candidates_of(entries: tuple[RecipeEntry, ...]) -> tuple[RecipeEntry, ...]:
    """Return the drafts of recipes that have a released revision with the same views, newest first."""
    released = {each.recipe.name: each.recipe for each in entries if each.state is RecipeState.RELEASED}
    drafts = (each for each in entries if each.state in (RecipeState.DRAFT, RecipeState.VALIDATED))
    found = [
        each
        for each in drafts
        if each.recipe.name in released and each.recipe.sees(released[each.recipe.name].view_names)
    ]
    return tuple(sorted(found, key=lambda each: each.created_at, reverse=True))


def choices_of(entries: tuple[RecipeEntry, ...]) -> tuple[RecipeEntry, ...]:
    """Return what can be chosen: the drafts that can be tried, then the released revisions of recipes without one."""
    drafts = candidates_of(entries)
    tried = {each.recipe.name for each in drafts}
    bare = (each for each in entries if each.state is RecipeState.RELEASED and each.recipe.name not in tried)
    return (*drafts, *sorted(bare, key=lambda each: each.change.at, reverse=True))


def resolve(known: Known) -> ShadowView:
    """Return what the page shows."""
    figures = known.figures
    return ShadowView(
        state=known.busy or _state(known),
        numbers=(
            ("compared", number(figures.judged)),
            ("same verdict", number(figures.agree)),
            ("only the draft rejects", number(figures.only_candidate_rejects)),
            ("only the draft passes", number(figures.only_champion_rejects)),
        ),
        notes=figures.left_out,
        corrected="" if known.tried is None else known.tried.sentence,
        parts=tuple((each.key, _words(each, known.said or {})) for each in known.disagreements),
        without_picture=_without_picture(known),
        checks=() if known.gate is None else known.gate.checks,
        verdict_of_gate=_verdict_of(known.gate),
        promotions=tuple(_shown(each, known.time_zone) for each in known.promotions),
        may=_possible(known),
        running=known.running,
    )


def _state(known: Known) -> str:
    if known.chosen is None:
        return NOTHING_TO_TRY
    if known.chosen.state is RecipeState.RELEASED:
        return f"{known.chosen.recipe.label} is released. {NOTHING_TO_TRY}"
    if known.shadow is None:
        return f"{known.chosen.recipe.label} does not judge now."
    if known.shadow.problem:
        return known.shadow.problem
    return f"{known.shadow.label} judges beside the line. It decides nothing."


def _without_picture(known: Known) -> str:
    if known.disagreements:
        return "Mark a part to see it"
    return "No part is judged differently" if known.figures.judged else "No part was compared yet"


def _words(each: Disagreement, said: Mapping[PartKey, Disposition]) -> str:
    change = (
        f"{each.champion.word} {score(each.champion_score)} \u2192 {each.candidate.word} {score(each.candidate_score)}"
    )
    person = f"\ncalled: {said[each.key].value.replace('_', ' ')}" if each.key in said else ""
    return f"{each.key.label}   {change}{person}"


def _verdict_of(gate: Gate | None) -> str:
    if gate is None:
        return "Not checked yet."
    if gate.passed:
        return f"{gate.candidate} may be promoted."
    failed = sum(not check.passed for check in gate.checks)
    do = one_or_many(failed, "does", "do")
    return f"{gate.candidate} may not be promoted: {failed} of {len(gate.checks)} conditions {do} not hold."


def _shown(each: Promotion, zone: str) -> PromotionShown:
    head = f"{each.step}, {day_and_time(each.at, zone)}, {each.person}"
    return PromotionShown(head, each.reason, tuple(f"{check.name}: {check.sentence}" for check in each.gate.checks))


def _possible(known: Known) -> frozenset[str]:
    if known.busy:
        return frozenset({known.running}) & frozenset(_MAY_STOP)
    if known.chosen is None:
        return frozenset()
    back = {"roll back"} if known.before is not None else set()
    return frozenset(
        back | (_of_draft(known, known.chosen) if known.chosen.state is not RecipeState.RELEASED else set())
    )


def _of_draft(known: Known, chosen: RecipeEntry) -> set[str]:
    shown = chosen.recipe
    judges = known.shadow is not None and (known.shadow.name, known.shadow.revision) == (shown.name, shown.revision)
    possible = {"stop" if judges else "start", "try", "check"}
    if known.gate is not None and known.gate.passed:
        possible.add("promote")
    return possible
