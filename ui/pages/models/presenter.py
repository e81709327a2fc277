"""Connects evaluations with the models page. Measuring and judging run as tasks of the page's own."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QObject, Signal

from station.domain.errors import StationError
from station.domain.evaluation import Evaluation
from station.domain.frame import Image
from station.domain.part_images import ViewResult
from station.domain.recipe import RecipeEntry
from ui.actions.page_spec import ClosingStep, PageContext
from ui.background.rendered_part import qimage, render_view
from ui.pages.models.actions import ModelsAct
from ui.pages.models.corrections_row import CorrectionsRow
from ui.pages.models.drawn_defects import DrawnDefects
from ui.pages.models.drift_panel import DriftPanel
from ui.pages.models.models_view import ModelsView, Subject, first_choice, models_view, offers_of
from ui.pages.models.page import ModelsPage

_SAVES = (ModelsAct.SAVE_PDF, ModelsAct.SAVE_CSV, ModelsAct.SAVE_MLFLOW)


@dataclass(frozen=True, slots=True)
class _Found:
    subjects: tuple[Subject, ...]
    versions: tuple[str, ...]
    version: str
    evaluations: tuple[Evaluation | None, ...]


class Step(Protocol):
    """One step of a measurement."""

    @property
    def stage(self) -> str:
        """What is done."""

    @property
    def done(self) -> int:
        """Steps done."""

    @property
    def total(self) -> int:
        """All steps."""


class ModelsPresenter(QObject):
    """Shows figures that were kept, and measures what has none when asked to."""

    _progressed = Signal(str)

    def __init__(self, page: ModelsPage, context: PageContext) -> None:
        super().__init__(page)
        self._page, self._context, self._tasks = page, context, context.tasks
        self._recipes, self._evaluations = context.station.recipes, context.station.evaluations
        self._slow = context.tasks.another(self)
        self._wanted: tuple[Subject, ...] = ()
        self._more: tuple[Subject, ...] = ()
        self._found: _Found | None = None
        self._view: ModelsView | None = None
        self._large: dict[str, ViewResult] = {}
        self._stop = threading.Event()
        self._measuring = False
        self._drift = DriftPanel(page, context)
        self._corrections = CorrectionsRow(page, context)
        self._drawn = DrawnDefects(page, context)
        self._progressed.connect(page.say)
        page.chosen.connect(self._choose)
        page.mistakes.chosen.connect(self._show_large)
        actions = context.actions
        actions.on(ModelsAct.MEASURE, self._measure)
        actions.on(ModelsAct.STOP, self._stop.set)
        actions.on(ModelsAct.SAVE_PDF, lambda: self._save(self._evaluations.write_pdf))
        actions.on(ModelsAct.SAVE_CSV, lambda: self._save(self._evaluations.write_csv))
        actions.on(ModelsAct.SAVE_MLFLOW, lambda: self._save(self._evaluations.write_mlflow))
        actions.on(ModelsAct.SHOW_MAP, page.mistakes.toggle_map)
        self._enable()

    def open(self) -> None:
        """Offer the revisions of now and what can be learned from corrections, and follow the drift."""
        self._drift.start()
        self._corrections.look()
        self._tasks.ask(self._recipes.entries, self._offer, self._fail)

    def show_subject(self, subject: object) -> None:
        """Show one revision, (recipe, revision) or (recipe, revision, view), or a tuple of such, side by side."""
        several = subject if isinstance(subject, tuple) and subject and isinstance(subject[0], tuple) else (subject,)
        wanted = [each for each in map(_subject, several) if each is not None]
        if wanted:
            self._wanted = tuple(wanted)
            self._tasks.ask(self._recipes.entries, self._offer, self._fail)

    def leave(self) -> None:
        """Follow the drift no more; a measurement goes on."""
        self._drift.stop()

    def closing_steps(self) -> tuple[ClosingStep, ...]:
        """Return nothing: `close` gives up the measurement."""
        return ()

    def close(self) -> None:
        """Give up the measurement, and end."""
        self._stop.set()
        self._drift.stop()
        self._drawn.close()
        self._slow.close()

    def _offer(self, entries: tuple[RecipeEntry, ...]) -> None:
        chosen = self._wanted or self._subjects() or first_choice(entries)
        self._wanted, self._more = (), chosen[2:]
        self._page.offer(offers_of(entries), chosen)
        self._look()

    def _choose(self) -> None:
        self._more = ()
        self._look()

    def _subjects(self) -> tuple[Subject, ...]:
        """Return the two chosen ones, and those that the page was opened with besides."""
        chosen = (self._page.first.currentData(), self._page.beside.currentData(), *self._more)
        return tuple(dict.fromkeys(each for each in chosen if each is not None))

    def _look(self) -> None:
        subjects, version = self._subjects(), self._page.version.currentData() or ""
        self._tasks.ask(lambda: self._find(subjects, version), self._show, self._fail)

    def _find(self, subjects: tuple[Subject, ...], version: str) -> _Found:
        """Read the figures of these; if the version is of another recipe, the first one's own is taken."""
        if not subjects:
            return _Found((), (), "", ())
        of_each = [self._evaluations.versions_of(each.recipe, each.revision, each.view) for each in subjects]
        versions = tuple(dict.fromkeys(each for several in of_each for each in several))
        version = version if version in versions else next(iter(versions), "")
        found = tuple(self._evaluations.find(each.recipe, each.revision, each.view, version) for each in subjects)
        return _Found(subjects, versions, version, found)

    def _show(self, found: _Found) -> None:
        self._found = found
        self._page.offer_versions(found.versions, found.version)
        view = models_view(found.subjects, found.evaluations)
        if view != self._view:
            self._view = view
            self._page.show_view(view)
            self._judge_mistakes(view)
        self._enable()

    def _judge_mistakes(self, view: ModelsView) -> None:
        self._large = {}
        if not view.mistakes:
            return
        evaluation = view.mistakes[0].evaluation
        names = [row.picture.name for row in view.mistakes]

        def show(seen: dict[str, tuple[ViewResult, Image]]) -> None:
            if self._view is view:
                self._large = {name: result for name, (result, _) in seen.items()}
                self._page.mistakes.show_pictures({name: qimage(small) for name, (_, small) in seen.items()})

        def judge() -> dict[str, tuple[ViewResult, Image]]:
            seen = self._evaluations.look_at(evaluation, names)
            return {name: (each.result, each.small) for name, each in seen.items()}

        self._slow.ask(judge, show, self._fail)

    def _show_large(self, name: str) -> None:
        result = self._large.get(name)
        self._page.mistakes.show_large(None if result is None else render_view(result))

    def _measure(self) -> None:
        found, view = self._found, self._view
        if found is None or view is None or not found.version:
            return
        wanted = view.missing or found.subjects
        self._stop.clear()
        self._measuring = True
        self._enable()
        self._page.say("Measuring \u2026")
        self._slow.ask(lambda: self._measure_all(wanted, found.version), self._measured, self._fail)

    def _measure_all(self, subjects: Sequence[Subject], version: str) -> int:
        for each in subjects:
            tell = partial(self._tell, each.label)
            self._evaluations.evaluate(each.recipe, each.revision, each.view, version, tell, self._stop.is_set)
        return len(subjects)

    def _tell(self, label: str, news: Step) -> None:
        self._progressed.emit(f"{label}: {news.stage}, {news.done} of {news.total}")

    def _measured(self, count: int) -> None:
        self._measuring = False
        self._page.say(f"{count} revision{'s' * (count != 1)} measured.")
        self._look()

    def _save(self, write: Callable[[Sequence[Evaluation]], Path]) -> None:
        known = [each for each in (self._found.evaluations if self._found else ()) if each is not None]
        if known:
            self._page.say("Saving \u2026")
            saved = lambda path: self._page.say(f"Saved as {path.name} in {path.parent}.")  # noqa: E731
            self._slow.ask(lambda: write(known), saved, self._fail)

    def _enable(self) -> None:
        actions, found = self._context.actions, self._found
        known = found is not None and any(each is not None for each in found.evaluations)
        actions[ModelsAct.MEASURE].setEnabled(bool(found and found.version) and not self._measuring)
        actions[ModelsAct.STOP].setEnabled(self._measuring)
        actions[ModelsAct.DRAWN].setEnabled(bool(found and found.subjects))
        for act in _SAVES:
            actions[act].setEnabled(known)

    def _fail(self, error: StationError) -> None:
        self._measuring = False
        self._enable()
        self._page.say(f"{error.sentence} {error.advice}")


def _subject(said: object) -> Subject | None:
    """Return the revision that a page was opened for; None if it is something else."""
    match said:
        case (str(recipe), int(revision)):
            return Subject(recipe, revision)
        case (str(recipe), int(revision), str(view)):
            return Subject(recipe, revision, view)
    return None
