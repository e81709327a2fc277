"""Attribute studies that were answered."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from station.domain.study.study import Answer, Appraiser, AppraiserKind, Study, StudyAnswer, StudyPart

MOMENT = datetime(2026, 11, 22, 8, 41, 7, tzinfo=UTC)
ANSWERS = {"g": Answer.GOOD, "d": Answer.DEFECT, "-": Answer.NOT_INSPECTED}


def study_of(
    references: str, people: Sequence[str] = ("Anna", "Ben"), trials: int = 2, models: Sequence[str] = ()
) -> Study:
    """Return a study; "gdd" has a good part and two defects."""
    parts = tuple(
        StudyPart(number, 100 + number, f"{number:064x}", ANSWERS[each], "scratch" if each == "d" else "",
                  "label of the dataset by maria")
        for number, each in enumerate(references, 1)
    )  # fmt: skip
    named = [*((AppraiserKind.PERSON, name) for name in people), *((AppraiserKind.MODEL, name) for name in models)]
    appraisers = tuple(Appraiser(number, kind, name) for number, (kind, name) in enumerate(named, 1))
    return Study(1, "cookie", "", parts, appraisers, trials, 7, MOMENT, "sam")


def answers_of(said: Mapping[int, Sequence[str]]) -> list[StudyAnswer]:
    """Return answers: for each appraiser one text for each trial, with a letter for each part; "." is not answered."""
    return list(_answers(said))


def _answers(said: Mapping[int, Sequence[str]]) -> Iterable[StudyAnswer]:
    for appraiser, trials in said.items():
        for trial, letters in enumerate(trials, 1):
            for part, letter in enumerate(letters, 1):
                if letter != ".":
                    at = MOMENT + timedelta(minutes=part)
                    yield StudyAnswer(appraiser, trial, part, ANSWERS[letter], at, "sam")
