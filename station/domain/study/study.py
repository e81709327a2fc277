"""An attribute study: which parts are judged how often, by whom, and what was answered."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from station.domain.digest import sha256_hex
from station.domain.errors import BadInputError
from station.domain.verdict import Verdict

MOST_PARTS, MOST_TRIALS, MOST_APPRAISERS = 500, 10, 20


class Answer(StrEnum):
    """What an appraiser says of a part. Only a model can leave a part without judgement."""

    GOOD = "good"
    DEFECT = "defect"
    NOT_INSPECTED = "not inspected"


_OF_VERDICT = {
    Verdict.PASS: Answer.GOOD,
    Verdict.REVIEW: Answer.DEFECT,
    Verdict.FAIL: Answer.DEFECT,
    Verdict.NOT_INSPECTED: Answer.NOT_INSPECTED,
}


def answer_of(verdict: Verdict) -> Answer:
    """Return the answer of a model: only PASS is good; a part for review is held back, as a rejected one is."""
    return _OF_VERDICT[verdict]


class AppraiserKind(StrEnum):
    """Who judges."""

    PERSON = "person"
    MODEL = "model"


@dataclass(frozen=True, slots=True)
class Appraiser:
    """Someone or something that judges every part of a study in every trial.

    Attributes:
        number: In its study, from 1.
        kind: A person, or the model of a recipe revision.
        name: The person's name, or the revision: "cookie@3".
    """

    number: int
    kind: AppraiserKind
    name: str


@dataclass(frozen=True, slots=True)
class StudyPart:
    """One part of a study.

    Attributes:
        number: In its study, from 1; given at random, so that it says nothing of the part.
        item_id: The picture in the datasets.
        picture_sha256: Of the picture's file, so that a study shows the very picture that was chosen.
        reference: What the part is.
        kind: The kind of its defect; "" for a good part.
        reference_by: Who said so, and where: "label of the dataset by maria".
    """

    number: int
    item_id: int
    picture_sha256: str
    reference: Answer
    kind: str
    reference_by: str


@dataclass(frozen=True, slots=True)
class Study:
    """A study as it was set up; nothing of it changes afterwards.

    Attributes:
        number: Counts from 1.
        product, view: What the parts are, and the camera that took the pictures.
        parts: All parts, by their numbers.
        appraisers: All appraisers, by their numbers.
        trials: How often each appraiser judges each part.
        seed: Decides the order in which the parts are shown.
        created_at: UTC.
        created_by: Who set it up.
    """

    number: int
    product: str
    view: str
    parts: tuple[StudyPart, ...]
    appraisers: tuple[Appraiser, ...]
    trials: int
    seed: int
    created_at: datetime
    created_by: str

    @property
    def label(self) -> str:
        """Return what people call it: "study 3"."""
        return f"study {self.number}"

    @property
    def answers_each(self) -> int:
        """Return how many answers an appraiser gives."""
        return len(self.parts) * self.trials

    def appraiser(self, name: str) -> Appraiser:
        """Return the appraiser with this name.

        Raises:
            BadInputError: The study has none.
        """
        found = next((each for each in self.appraisers if each.name == name), None)
        if found is None:
            names = ", ".join(each.name for each in self.appraisers)
            raise BadInputError(f"'{name}' does not judge in {self.label}.", f"Its appraisers are {names}.")
        return found

    def part(self, number: int) -> StudyPart:
        """Return the part with this number."""
        return self.parts[number - 1]


@dataclass(frozen=True, slots=True)
class StudyAnswer:
    """What an appraiser said of a part in one trial; it is never changed.

    Attributes:
        appraiser: Its number in the study.
        trial: From 1.
        part: The part's number in the study.
        answer: What was said.
        at: When, UTC.
        person: Who was logged in, or who let the model judge.
        verdict: What the station said; None for an answer of a person.
        pred_score: Its score; None for an answer of a person, and without a judgement.
    """

    appraiser: int
    trial: int
    part: int
    answer: Answer
    at: datetime
    person: str
    verdict: Verdict | None = None
    pred_score: float | None = None


def answers_sha256(answers: Iterable[StudyAnswer]) -> str:
    """Return a hash of answers, in whatever order they come: what the audit trail and the report know them by."""
    lines = sorted(
        f"{each.appraiser}/{each.trial}/{each.part} {each.answer} {each.at.isoformat()} {each.person}"
        for each in answers
    )
    return sha256_hex("\n".join(lines).encode())


def study_sha256(study: Study, answers: Iterable[StudyAnswer]) -> str:
    """Return the hash of a study with its references, appraisers and answers: what its report is known by."""
    parts = [f"{each.number} {each.picture_sha256} {each.reference} {each.kind} {each.reference_by}"
             for each in study.parts]  # fmt: skip
    names = [f"{each.number} {each.kind} {each.name}" for each in study.appraisers]
    head = f"{study.number} {study.product} {study.view} {study.trials} {study.seed} {study.created_at.isoformat()}"
    content = [head, study.created_by, *parts, *names, answers_sha256(answers)]
    return sha256_hex("\n".join(content).encode())


@dataclass(frozen=True, slots=True)
class StudyTask:
    """The next part for an appraiser: what may be known of it before it is judged, and nothing more.

    Attributes:
        study: The number of the study.
        appraiser: Whose task it is.
        trial, part: Which answer is wanted.
        position: The how-manieth answer of this appraiser it will be, from 1.
        of: How many answers the appraiser gives in all.
        item_id: The picture in the datasets.
    """

    study: int
    appraiser: Appraiser
    trial: int
    part: int
    position: int
    of: int
    item_id: int


@dataclass(frozen=True, slots=True)
class StudyPlan:
    """What a study is to be, before its parts are chosen.

    Attributes:
        product, view: Whose labelled pictures are the parts.
        good, defects: How many parts of each.
        people: Names of the people who judge.
        models: Recipe revisions that judge: "cookie@3".
        trials: How often each judges each part.
        seed: Decides which parts are chosen and their order; None for a random one.
    """

    product: str
    view: str
    good: int
    defects: int
    people: tuple[str, ...]
    models: tuple[str, ...] = ()
    trials: int = 3
    seed: int | None = None

    def require_possible(self) -> None:
        """Do nothing if a study can be made of this.

        Raises:
            BadInputError: Parts, appraisers or trials are too few or too many, or a name is used twice or is empty.
        """
        names = [*self.people, *self.models]
        if not self.good >= 1 or not self.defects >= 1:
            raise BadInputError(
                "A study needs good parts and defects.", "Choose at least one of each, best about half and half."
            )
        if self.good + self.defects > MOST_PARTS:
            raise BadInputError(f"A study has at most {MOST_PARTS} parts.", "Choose fewer.")
        if not 1 <= self.trials <= MOST_TRIALS:
            raise BadInputError(f"A study has 1 to {MOST_TRIALS} trials.", "Three are usual.")
        if not 1 <= len(names) <= MOST_APPRAISERS:
            raise BadInputError(f"A study has 1 to {MOST_APPRAISERS} appraisers.", "Name people, models or both.")
        if any(not name.strip() for name in names):
            raise BadInputError("An appraiser has no name.", "Give each person a name.")
        if len(set(names)) < len(names):
            raise BadInputError("Two appraisers have the same name.", "Give each its own, so that they stay apart.")
