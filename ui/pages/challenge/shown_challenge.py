"""What the challenge page shows, resolved from what is known; made without a widget."""

from collections.abc import Iterable
from dataclasses import dataclass

from station.domain.challenge import ChallengeResult, Check, CheckProgress, Due, Outcome
from station.domain.challenge_plan import ChallengePart, ExpectedPlace
from station.domain.formatting import counted, day_and_time, sentence_case
from station.domain.geometry import Box
from station.domain.inspection import PartKey
from station.domain.messages import LineState
from station.domain.recipe import Recipe
from station.domain.suspects import SuspectSummary
from ui.pages.challenge.actions import ChallengeAct

HEADINGS = ("Challenge part", "Known", "Expected place", "Result")
NO_RECIPE = "No product is chosen. Choose one on the line's page (F8): its challenge parts are shown here."
NO_PARTS = (
    "This product has no challenge parts. Show a part with a defect on the line's page and press Ctrl+K there, or add "
    "one here (Ctrl+N). Then say in its recipe when a check is due (Ctrl+P), and release the draft."
)
_NO_BAD = "No known bad part is among them: a check cannot show that a defect is found."


@dataclass(frozen=True, slots=True)
class Known:
    """What was read.

    Attributes:
        recipe: The loaded recipe; None before the first.
        newest: Its newest revision, which is what a change begins with.
        due: The check that is due; None if none is.
        last: The newest check; None without any.
        left: The suspects for which nobody has answered, of this product, else of another one.
        progress: The check that runs now; None if none does.
        state: What the line does.
        elsewhere: Another program runs the line.
        said: What was done last, or why it was not.
        marked: The row that is marked; -1 for none.
    """

    recipe: Recipe | None = None
    newest: Recipe | None = None
    due: Due | None = None
    last: Check | None = None
    left: SuspectSummary | None = None
    progress: CheckProgress | None = None
    state: LineState = LineState.STOPPED
    elsewhere: bool = False
    said: str = ""
    marked: int = -1

    @property
    def parts(self) -> tuple[ChallengePart, ...]:
        """Return the challenge parts that are shown: of the check that runs, else of the newest revision."""
        if self.progress:
            return self.progress.plan.parts
        return self.newest.challenge.parts if self.newest else ()

    @property
    def results(self) -> tuple[ChallengeResult, ...]:
        """Return the results that are shown: of the check that runs, else of the newest one."""
        if self.progress:
            return self.progress.results
        return self.last.results if self.last else ()

    def result_of(self, part: ChallengePart) -> ChallengeResult | None:
        """Return what became of a challenge part; None if it has no result."""
        return next((each for each in self.results if each.part == part), None)


@dataclass(frozen=True, slots=True)
class ShownPicture:
    """The picture beside the list.

    Attributes:
        key: The part that it shows; None for a picture of the product, or none.
        view: Which view.
        expected: Where the defect must be found; None for a good part.
        found: Where a mark was found; None if none was.
        met: Whether the result is as it must be; None without a result.
        words: What it shows.
    """

    key: PartKey | None
    view: str
    expected: Box | None
    found: Box | None
    met: bool | None
    words: str


@dataclass(frozen=True, slots=True)
class ChallengeView:
    """What the page shows.

    Attributes:
        title: The recipe.
        says: What is asked for, due, or found.
        bad: Whether that is trouble.
        more: The plan and what else there is to know.
        rows: The challenge parts.
        picture: The picture beside them; None without any.
        suspects: The suspects in a sentence; "" without any.
        may: What can be asked for now.
    """

    title: str
    says: str
    bad: bool
    more: str
    rows: tuple[tuple[str, ...], ...]
    picture: ShownPicture | None
    suspects: str
    may: frozenset[ChallengeAct]


def resolve(known: Known, zone: str) -> ChallengeView:
    """Return what the page shows."""
    says, bad = _says(known)
    return ChallengeView(
        known.recipe.label if known.recipe else "",
        says,
        bad,
        known.said or _more(known, zone),
        tuple(_row(known, part) for part in known.parts),
        _picture(known),
        _suspects(known),
        frozenset(_may(known)),
    )


def _says(known: Known) -> tuple[str, bool]:
    if known.progress:
        return _of_progress(known.progress, known.state), bool(known.progress.again)
    if known.recipe is None:
        return NO_RECIPE, False
    if not known.parts:
        return NO_PARTS, False
    if known.due:
        blocked = " No part is inspected until it is done." if known.due.blocks else ""
        return f"A check is due: {'; '.join(known.due.why)}.{blocked}", True
    if known.last is None:
        return "No check is due, and none was made yet.", False
    failed = known.last.outcome is Outcome.FAILED
    return (known.last.in_words if failed else f"No check is due. {known.last.in_words}"), failed


def _of_progress(progress: CheckProgress, state: LineState) -> str:
    if state is LineState.CAMERA_LOST:
        return "The camera is lost. Check its cable and its power."
    if progress.waits:
        return "The part is inspected \u2026"
    if not state.inspecting_parts:
        return "The camera is opened \u2026"
    number = f"{len(progress.results) + 1} of {len(progress.plan.parts)}: " if progress.asks_for else ""
    return f"{number}{progress.request}"


def _more(known: Known, zone: str) -> str:
    said: list[str] = []
    if known.newest and known.parts:
        said.append(f"Checks: {known.newest.challenge.in_words}.")
        if all(part.place is None for part in known.parts):
            said.append(_NO_BAD)
    if known.newest and known.recipe and known.newest.challenge != known.recipe.challenge and not known.progress:
        said.append(f"This is the draft {known.newest.label}; a check asks for the parts of {known.recipe.label}.")
    if known.last and not known.progress:
        when = day_and_time(known.last.started_at, zone)
        said.append(f"Last check: {when}{f', {known.last.person}' if known.last.person else ''}.")
    return " ".join(said)


def _row(known: Known, part: ChallengePart) -> tuple[str, ...]:
    result = known.result_of(part)
    words = "" if result is None else f"{'right' if result.met else 'WRONG'}: {result.sentence}"
    if known.progress and part == known.progress.asks_for:
        words = "asked for now"
    place = part.place.text if part.place else "\u2013"
    return part.name, part.known.value, place, words


def _picture(known: Known) -> ShownPicture | None:
    part = _part_to_show(known)
    if part is None:
        return None
    result, place = known.result_of(part), part.place
    words = f"{part.name}: {result.sentence}" if result else f"{part.name}: not judged yet"
    return ShownPicture(
        result.key if result else None,
        place.view if place else "",
        _box(place) if place else None,
        result.found if result else None,
        result.met if result else None,
        sentence_case(words),
    )


def _part_to_show(known: Known) -> ChallengePart | None:
    """Return the marked part; while a check runs, the one that was judged last."""
    if known.progress:
        return known.progress.results[-1].part if known.progress.results else None
    if 0 <= known.marked < len(known.parts):
        return known.parts[known.marked]
    missed = [result.part for result in known.results if not result.met and result.part in known.parts]
    return next(iter([*missed, *known.parts]), None)


def _box(place: ExpectedPlace) -> Box:
    return place.x, place.y, place.width, place.height


def _suspects(known: Known) -> str:
    if known.left is None or not known.left.count:
        return ""
    since = "since the last good check" if known.left.since else "since the first part"
    other = known.recipe is None or known.left.recipe_name != known.recipe.name
    of = f" of {known.left.recipe_name}" if other else ""
    return f"{counted(known.left.count, 'part')}{of} {since} suspect, {known.left.passed} of them passed."


def _may(known: Known) -> Iterable[ChallengeAct]:
    running, resting = known.progress is not None, known.state.at_rest and not known.elsewhere
    if known.progress:
        yield ChallengeAct.BREAK_OFF
        if known.state.inspecting_parts and known.progress.asks_for and not known.progress.waits:
            yield ChallengeAct.TAKE
    elif known.recipe and known.recipe.challenge.parts and resting:
        yield ChallengeAct.START
    if known.newest and not running:
        yield from (ChallengeAct.ADD, ChallengeAct.PLAN)
        if 0 <= known.marked < len(known.parts):
            yield ChallengeAct.REMOVE
    if known.left and known.left.count:
        yield from (ChallengeAct.REVIEW, ChallengeAct.SAVE, ChallengeAct.ANSWER)
