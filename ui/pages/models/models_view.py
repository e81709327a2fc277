"""What the models page shows, resolved from evaluations: frozen values that the page applies."""

from collections.abc import Sequence
from dataclasses import dataclass

from station.domain.evaluation import Evaluation, JudgedPicture, worst_first
from station.domain.recipe import RecipeEntry, RecipeState
from station.reporting.evaluation_wording import caution, kind_rows, mistake_words, side_by_side

MOST_MISTAKES = 12
_SHORT = 8
NO_RECIPE = "There is no recipe yet. Teach one on the Training page (Shift+F4)."


@dataclass(frozen=True, slots=True, order=True)
class Subject:
    """One view of a recipe revision."""

    recipe: str
    revision: int
    view: str = ""

    @property
    def label(self) -> str:
        """As people read it: "tile@3", or "tile@3, top"."""
        return f"{self.recipe}@{self.revision}" + (f", {self.view}" if self.view else "")


@dataclass(frozen=True, slots=True)
class Offer:
    """A subject that can be chosen, with its state in words."""

    subject: Subject
    words: str


@dataclass(frozen=True, slots=True)
class MistakeRow:
    """One of the worst mistakes: of which evaluation, and what is wrong."""

    evaluation: Evaluation
    picture: JudgedPicture
    words: str


@dataclass(frozen=True, slots=True)
class ModelsView:
    """What is shown.

    Attributes:
        headings: Of the table of figures: a blank one, then each subject.
        figures: Its rows.
        kinds: Rows of verdicts by kind, of all evaluations.
        said: What a reader must know, in sentences.
        mistakes: The worst mistakes of the first evaluation, the worst first.
        missing: Subjects without figures on this version.
    """

    headings: tuple[str, ...]
    figures: tuple[tuple[str, ...], ...]
    kinds: tuple[tuple[str, ...], ...]
    said: str
    mistakes: tuple[MistakeRow, ...]
    missing: tuple[Subject, ...]


def offers_of(entries: Sequence[RecipeEntry]) -> tuple[Offer, ...]:
    """Return every view of every revision, as it can be chosen; the newest revision of each recipe first."""
    return tuple(
        Offer(subject, f"{subject.label}  {_state(entry)}")
        for entry in entries
        for view in entry.recipe.views
        for subject in [Subject(entry.recipe.name, entry.recipe.revision, view.name)]
    )


def _state(entry: RecipeEntry) -> str:
    return "champion, released" if entry.state is RecipeState.RELEASED else entry.state.value


def first_choice(entries: Sequence[RecipeEntry]) -> tuple[Subject, ...]:
    """Return what is shown if nothing was asked for: the newest draft beside the champion of the same recipe."""
    if not entries:
        return ()
    newest = max(entries, key=lambda entry: entry.created_at)
    champion = [
        entry for entry in entries if entry.state is RecipeState.RELEASED and entry.recipe.name == newest.recipe.name
    ]
    chosen = dict.fromkeys(
        Subject(entry.recipe.name, entry.recipe.revision, entry.recipe.views[0].name) for entry in [newest, *champion]
    )
    return tuple(chosen)


def models_view(subjects: Sequence[Subject], found: Sequence[Evaluation | None]) -> ModelsView:
    """Return what is shown of these subjects.

    Args:
        subjects: What is chosen, the first one first.
        found: The figures of each on the chosen version; None if it has none.
    """
    known = [each for each in found if each is not None]
    missing = tuple(subject for subject, each in zip(subjects, found, strict=True) if each is None)
    kinds = tuple(_named(row, each, several=len(known) > 1) for each in known for row in kind_rows(each))
    return ModelsView(
        headings=("", *(each.label for each in known)),
        figures=tuple(side_by_side(known)) if known else (),
        kinds=kinds,
        said="\n".join(_sentences(known, missing, any_subject=bool(subjects))),
        mistakes=_mistakes(known[0]) if known else (),
        missing=missing,
    )


def _named(row: tuple[str, ...], evaluation: Evaluation, *, several: bool) -> tuple[str, ...]:
    """Return the row of a kind, with the revision that it belongs to if there are several."""
    return (f"{evaluation.label} {row[0]}", *row[1:]) if several else row


def version_words(version: str) -> str:
    """Return a dataset version, short."""
    return f"version {version[:_SHORT]}"


def _sentences(known: Sequence[Evaluation], missing: Sequence[Subject], *, any_subject: bool) -> list[str]:
    if not any_subject:
        return [NO_RECIPE]
    lines = [f"{each.label}: {'; '.join(said)}." for each in known if (said := _of_one(each))]
    lines += [f"{subject.label} was not measured on this version: touch Measure." for subject in missing]
    return lines


def _of_one(evaluation: Evaluation) -> list[str]:
    return list(filter(None, (caution(evaluation), *evaluation.remarks)))


def _mistakes(evaluation: Evaluation) -> tuple[MistakeRow, ...]:
    worst = worst_first(evaluation.judged, evaluation.image_threshold)[:MOST_MISTAKES]
    return tuple(MistakeRow(evaluation, each, mistake_words(each)) for each in worst)
