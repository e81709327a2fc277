"""What a study found: rates, agreement beyond chance, and how that compares with the limits of AIAG."""

from dataclasses import dataclass
from enum import IntEnum

from station.domain.rates import Rate
from station.domain.study.study import Answer, Appraiser, Study, StudyPart


class Grade(IntEnum):
    """How a figure compares with its limits; a greater one is worse."""

    UNKNOWN = 0
    ACCEPTABLE = 1
    MARGINAL = 2
    NOT_ACCEPTABLE = 3

    @property
    def words(self) -> str:
        """Return it as people read it: "not acceptable"."""
        return self.name.lower().replace("_", " ") if self else "not known"


@dataclass(frozen=True, slots=True)
class Scale:
    """Two limits of a figure.

    Attributes:
        name: Of the figure: "miss rate".
        acceptable: Up to this (or from this, if more is better) the figure is acceptable.
        marginal: Up to this (or from this) it is marginal; beyond it is not acceptable.
    """

    name: str
    acceptable: float
    marginal: float

    @property
    def more_is_better(self) -> bool:
        """Return whether a greater figure is the better one."""
        return self.acceptable > self.marginal

    def grade(self, value: float | None) -> Grade:
        """Return how a figure compares with the limits; a figure on a limit meets it."""
        if value is None:
            return Grade.UNKNOWN
        sign = 1 if self.more_is_better else -1
        if sign * value >= sign * self.acceptable:
            return Grade.ACCEPTABLE
        return Grade.MARGINAL if sign * value >= sign * self.marginal else Grade.NOT_ACCEPTABLE


EFFECTIVENESS = Scale("effectiveness", 0.90, 0.80)
MISS_RATE = Scale("miss rate", 0.02, 0.05)
FALSE_ALARM_RATE = Scale("false-alarm rate", 0.05, 0.10)
KAPPA = Scale("kappa", 0.75, 0.40)
"""AIAG, Measurement Systems Analysis, 4th edition: attribute study. Its kappa above 0.75 is good, below 0.40 poor."""


@dataclass(frozen=True, slots=True)
class Kappa:
    """Agreement beyond chance: 1 is perfect, 0 is what chance alone would give.

    Attributes:
        value: None if it is not defined or nothing can be compared.
        low, high: 95 % interval; -1 and 1 without a value.
        parts: How many parts it rests on.
        undefined: Why there is none, as a sentence; "" if there is one.
    """

    value: float | None
    low: float = -1.0
    high: float = 1.0
    parts: int = 0
    undefined: str = ""


@dataclass(frozen=True, slots=True)
class AppraiserFigures:
    """How well one appraiser judges.

    Attributes:
        appraiser: Who.
        answered, of: How many answers were given, and how many are wanted.
        not_inspected: Answers that are no judgement; only a model gives such.
        repeatability: The parts with the same answer in every trial.
        effectiveness: The parts that were judged right in every trial.
        right: The answers that were right.
        misses: The answers for defects that did not call them defects.
        false_alarms: The answers for good parts that did not call them good.
        within: Kappa of Fleiss between the trials.
        with_reference: Kappa of Cohen between all answers and the references.
    """

    appraiser: Appraiser
    answered: int
    of: int
    not_inspected: int
    repeatability: Rate
    effectiveness: Rate
    right: Rate
    misses: Rate
    false_alarms: Rate
    within: Kappa
    with_reference: Kappa

    @property
    def complete(self) -> bool:
        """Return whether every answer was given."""
        return self.answered == self.of

    @property
    def grades(self) -> tuple[tuple[Scale, Grade], ...]:
        """Return how the figures compare with their limits."""
        return (
            (EFFECTIVENESS, EFFECTIVENESS.grade(self.effectiveness.value)),
            (MISS_RATE, MISS_RATE.grade(self.misses.value)),
            (FALSE_ALARM_RATE, FALSE_ALARM_RATE.grade(self.false_alarms.value)),
            (KAPPA, KAPPA.grade(self.with_reference.value)),
        )

    @property
    def grade(self) -> Grade:
        """Return the worst of all grades; UNKNOWN while an answer is missing, and if nothing worse than that is known.

        A figure that is not defined never makes an appraiser acceptable.
        """
        if not self.complete:
            return Grade.UNKNOWN
        grades = [grade for _, grade in self.grades]
        worst = max(grades)
        return Grade.UNKNOWN if worst is Grade.ACCEPTABLE and Grade.UNKNOWN in grades else worst


@dataclass(frozen=True, slots=True)
class PairFigures:
    """How far two appraisers agree, in the same trial on the same part.

    Attributes:
        first, second: Who.
        same: The pairs of answers that are the same.
        kappa: Kappa of Cohen.
    """

    first: Appraiser
    second: Appraiser
    same: Rate
    kappa: Kappa


@dataclass(frozen=True, slots=True)
class JudgedPart:
    """A part with everything that was said of it.

    Attributes:
        part: The part with its reference.
        answers: The answers of each appraiser in the order of the trials, by the appraiser's number.
    """

    part: StudyPart
    answers: tuple[tuple[int, tuple[Answer, ...]], ...]

    @property
    def wrong(self) -> int:
        """Return how many answers are not the reference."""
        return sum(answer is not self.part.reference for _, given in self.answers for answer in given)


@dataclass(frozen=True, slots=True)
class StudyFigures:
    """All figures of a study.

    Attributes:
        study: The study.
        appraisers: Each appraiser, also one that has not begun.
        pairs: Each two appraisers that have judged a part in the same trial.
        between: The parts of which every answer of every appraiser is the same.
        between_kappa: Kappa of Fleiss over all answers of all appraisers.
        all_right: The parts of which every answer of every appraiser is right.
        disagreements: The parts with a wrong answer, the worst first.
    """

    study: Study
    appraisers: tuple[AppraiserFigures, ...]
    pairs: tuple[PairFigures, ...]
    between: Rate
    between_kappa: Kappa
    all_right: Rate
    disagreements: tuple[JudgedPart, ...]

    @property
    def complete(self) -> bool:
        """Return whether every appraiser gave every answer."""
        return all(each.complete for each in self.appraisers)
