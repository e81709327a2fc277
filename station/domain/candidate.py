"""A candidate: a draft that judges the parts of the line beside the released revision, and decides nothing."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from station.domain.formatting import number
from station.domain.inspection import PartKey
from station.domain.verdict import Verdict


class Outcome(StrEnum):
    """What became of one part for a candidate."""

    JUDGED = "judged"
    DROPPED = "dropped"
    """The candidate was too far behind the line."""
    NO_PICTURE = "no-picture"
    """The champion did not inspect the part, or its whole picture was not kept."""
    FAILED = "failed"
    """The candidate could not judge the stored picture."""


@dataclass(frozen=True, slots=True)
class CandidateResult:
    """What a candidate makes of one recorded part.

    Attributes:
        key: The part.
        outcome: What became of it.
        verdict: The candidate's verdict, the worst of its views; None unless it was judged.
        pred_score: The score of the view that decides, 0 to 1; None unless it was judged.
    """

    key: PartKey
    outcome: Outcome
    verdict: Verdict | None = None
    pred_score: float | None = None

    def __post_init__(self) -> None:
        if (self.outcome is Outcome.JUDGED) != (self.verdict is not None):
            raise ValueError("a candidate's result has a verdict exactly if the part was judged")


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A part that champion and candidate judge differently.

    Attributes:
        key: The part.
        champion: The recorded verdict.
        champion_score: Its score, 0 to 1.
        candidate: The verdict of the candidate.
        candidate_score: Its score, 0 to 1.
    """

    key: PartKey
    champion: Verdict
    champion_score: float | None
    candidate: Verdict
    candidate_score: float | None

    @property
    def candidate_passes(self) -> bool:
        """Whether the candidate passes a part that the champion kept back."""
        return self.candidate is Verdict.PASS

    @property
    def champion_passes(self) -> bool:
        """Whether the candidate keeps a part back that the champion passed."""
        return self.champion is Verdict.PASS


@dataclass(frozen=True, slots=True)
class ShadowFigures:
    """How a candidate and the champion agree on the parts that both judged.

    Attributes:
        judged: Parts that the candidate judged.
        agree: Of these, parts with the same verdict.
        only_candidate_rejects: Of these, parts that the champion passed and the candidate did not.
        only_champion_rejects: Of these, parts that the candidate passed and the champion did not.
        dropped: Parts that were left out because the candidate was too far behind.
        without_picture: Parts without a whole picture.
        failed: Parts that the candidate could not judge.
    """

    judged: int = 0
    agree: int = 0
    only_candidate_rejects: int = 0
    only_champion_rejects: int = 0
    dropped: int = 0
    without_picture: int = 0
    failed: int = 0

    @property
    def sentence(self) -> str:
        """Return the figures in words."""
        if not self.judged:
            return "No part was judged by the candidate yet."
        text = (
            f"The same verdict on {self.agree} of {self.judged} parts; only the candidate rejects "
            f"{self.only_candidate_rejects}, only the released revision rejects {self.only_champion_rejects}."
        )
        return f"{text} {self.left_out}".rstrip()

    @property
    def left_out(self) -> str:
        """Return what was not compared and why, in a sentence; "" if nothing was left out."""
        left = (
            (self.dropped, "left out, because the machine was busy"),
            (self.without_picture, "without a whole picture"),
            (self.failed, "could not be judged"),
        )
        said = [f"{number(count)} {what}" for count, what in left if count]
        return f"Not compared: {', '.join(said)}." if said else ""


@dataclass(frozen=True, slots=True)
class ShadowState:
    """The candidate of a recipe that judges beside the line now.

    Attributes:
        name: The recipe.
        revision: The draft.
        running: Whether it judges now; else why not is in `problem`, or no line runs.
        problem: A sentence if its program ended by a fault; else "".
    """

    name: str
    revision: int
    running: bool
    problem: str = ""

    @property
    def label(self) -> str:
        """Return name and revision, as "tile@3"."""
        return f"{self.name}@{self.revision}"


@dataclass(frozen=True, slots=True)
class GateCheck:
    """One condition of a promotion: its name, whether it holds, and the figures in a sentence."""

    name: str
    passed: bool
    sentence: str


@dataclass(frozen=True, slots=True)
class Gate:
    """All conditions for promoting a candidate.

    Attributes:
        candidate: Label of the candidate, "tile@3".
        champion: Label of the released revision; "" if none is released.
        checks: The conditions, in the order in which they were looked at.
    """

    candidate: str
    champion: str
    checks: tuple[GateCheck, ...]

    @property
    def passed(self) -> bool:
        """Whether every condition holds."""
        return all(check.passed for check in self.checks)

    @property
    def refusal(self) -> str:
        """Return the conditions that do not hold, in one sentence; "" if all hold."""
        return " ".join(f"{check.name}: {check.sentence}" for check in self.checks if not check.passed)


@dataclass(frozen=True, slots=True)
class Promotion:
    """A candidate that a person let judge the parts of the line.

    Attributes:
        name: The recipe.
        revision: The candidate, released from then on.
        champion: The revision that was released before; None if none was.
        person: Who promoted it.
        reason: Why.
        at: When, UTC.
        gate: What was seen of it before.
    """

    name: str
    revision: int
    champion: int | None
    person: str
    reason: str
    at: datetime
    gate: Gate

    @property
    def step(self) -> str:
        """Return from which revision to which: "tile 1 \u2192 2"."""
        before = "none" if self.champion is None else self.champion
        return f"{self.name} {before} \u2192 {self.revision}"
