"""What the study page shows, resolved from what is known."""

from dataclasses import dataclass, field

from station.domain.formatting import counted
from station.domain.study.figures import AppraiserFigures, Grade, StudyFigures
from station.domain.study.study import Appraiser, AppraiserKind, Study
from station.reporting.study_wording import disagreement_words, figure_rows, pair_rows, sentences
from ui.pages.study.actions import StudyAct

NO_STUDY = (
    "There is no study yet. Label good parts and defects of a product on the Datasets page, and set up a study here: "
    "people and models judge the same parts, blind and several times."
)
HEADINGS = ("Figure", "Result", "Value with its 95 % interval")


@dataclass(frozen=True, slots=True)
class Offer:
    """A working set of which a study can be made.

    Attributes:
        product, view: The working set.
        good, defects: How many pictures are labelled so.
        models: Recipe revisions that could judge.
    """

    product: str
    view: str
    good: int
    defects: int
    models: tuple[str, ...]

    @property
    def words(self) -> str:
        """Return it as a choice: "cookie, top"."""
        return f"{self.product}, {self.view}" if self.view else self.product


@dataclass(frozen=True, slots=True)
class Known:
    """What was read.

    Attributes:
        studies: All of them, the newest first.
        chosen: The one that is shown; None without any.
        progress: How many answers each of its appraisers has given.
        figures: Its result; None while it is closed.
        closed: Why it is closed.
        busy: What is being done now.
    """

    studies: tuple[Study, ...] = ()
    chosen: Study | None = None
    progress: tuple[tuple[Appraiser, int], ...] = ()
    figures: StudyFigures | None = None
    closed: str = ""
    busy: str = ""


@dataclass(frozen=True, slots=True)
class StudyView:
    """What is shown.

    Attributes:
        state: One sentence.
        rows: Rows under HEADINGS.
        said: What the study says, sentence by sentence.
        wrong: The parts that were judged wrong: number of the picture, and words.
        without_picture: In place of the picture of a part.
        judges: The people who have answers to give.
        may: The actions that can be done now.
    """

    state: str
    rows: tuple[tuple[str, ...], ...] = ()
    said: tuple[str, ...] = ()
    wrong: tuple[tuple[int, str], ...] = ()
    without_picture: str = ""
    judges: tuple[str, ...] = ()
    may: frozenset[StudyAct] = field(default_factory=frozenset)


def resolve(known: Known) -> StudyView:
    """Return what the page shows."""
    study, figures = known.chosen, known.figures
    if study is None:
        return StudyView(known.busy or NO_STUDY, may=_only(known, {StudyAct.NEW}))
    judges = tuple(each.name for each, given in _waiting(known, AppraiserKind.PERSON))
    may = {StudyAct.NEW, *({StudyAct.JUDGE} if judges else ())}
    if _waiting(known, AppraiserKind.MODEL):
        may.add(StudyAct.MODELS)
    may.add(StudyAct.SO_FAR if figures is None else StudyAct.SAVE_PDF)
    if figures is None:
        rows = tuple(_progress_row(each, given, study.answers_each) for each, given in known.progress)
        hidden = "Closed until all have judged"
        return StudyView(known.busy or known.closed, rows, without_picture=hidden, judges=judges, may=_only(known, may))
    return StudyView(
        known.busy or _result(figures),
        _rows(figures),
        sentences(figures),
        tuple((each.part.item_id, disagreement_words(each, figures)) for each in figures.disagreements),
        "Mark a part to see it" if figures.disagreements else "No part was judged wrong",
        judges,
        _only(known, may),
    )


def _only(known: Known, may: set[StudyAct]) -> frozenset[StudyAct]:
    return frozenset() if known.busy else frozenset(may)


def _waiting(known: Known, kind: AppraiserKind) -> list[tuple[Appraiser, int]]:
    most = known.chosen.answers_each if known.chosen else 0
    return [(each, given) for each, given in known.progress if each.kind is kind and given < most]


def _progress_row(each: Appraiser, given: int, of: int) -> tuple[str, ...]:
    return _head(each, "complete" if given == of else "open", given, of)


def _result(figures: StudyFigures) -> str:
    done = [each for each in figures.appraisers if each.complete]
    good = sum(each.grade in (Grade.ACCEPTABLE, Grade.MARGINAL) for each in done)
    missing = len(figures.appraisers) - len(done)
    rest = f"; {counted(missing, 'appraiser has', 'appraisers have')} not given every answer" if missing else ""
    return f"{good} of {counted(len(done), 'appraiser')} acceptable or marginal{rest}."


def _rows(figures: StudyFigures) -> tuple[tuple[str, ...], ...]:
    rows = [row for each in figures.appraisers for row in _of_appraiser(each)]
    for names, same, kappa in pair_rows(figures):
        rows += [("same answer", "", f"{names}: {same}"), ("kappa", "", f"{names}: {kappa}")]
    return tuple(rows)


def _of_appraiser(each: AppraiserFigures) -> list[tuple[str, ...]]:
    result = each.grade.words if each.complete else "open"
    return [_head(each.appraiser, result, each.answered, each.of), *figure_rows(each)]


def _head(each: Appraiser, result: str, given: int, of: int) -> tuple[str, ...]:
    return (each.kind.value, result, f"{each.name}: {given} of {of} answers")
