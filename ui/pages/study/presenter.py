"""Connects attribute studies with their page; what takes time runs as a task of the page's own."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Protocol, TypeVar

from PySide6.QtCore import QObject, Signal

from station.domain.dataset import Label
from station.domain.errors import BadInputError, StationError
from station.domain.recipe import RecipeState
from station.domain.study.figures import StudyFigures
from station.domain.study.study import AppraiserKind, Study, StudyPlan
from ui.actions.page_spec import ClosingStep, PageContext
from ui.background.rendered_part import picture_levels, qimage
from ui.background.tasks import BackgroundTasks
from ui.pages.study.actions import StudyAct
from ui.pages.study.judging import Judging
from ui.pages.study.new_study_sheet import NewStudySheet
from ui.pages.study.page import StudyPage
from ui.pages.study.study_view import Known, Offer, resolve
from ui.widgets.confirm_dialog import ask

T = TypeVar("T")


class _Step(Protocol):
    """A step of a model's judging."""

    @property
    def done(self) -> int:
        """Pictures that were judged."""

    @property
    def total(self) -> int:
        """All pictures of the trial."""


class StudyPresenter(QObject):
    """Reads the studies when the page is opened and after everything that was done."""

    _progressed = Signal(str)

    def __init__(self, page: StudyPage, context: PageContext) -> None:
        super().__init__(page)
        self._page, self._station = page, context.station
        self._studies = context.station.studies
        self._tasks, self._slow = BackgroundTasks(self), BackgroundTasks(self)
        self._known = Known()
        self._judging = Judging(page.task, context, self._tasks, self._come_back)
        self._progressed.connect(self._say)
        page.board.study_chosen.connect(self._look)
        page.board.part_marked.connect(self._fetch_picture)
        on = context.actions.on
        on(StudyAct.NEW, lambda: self._tasks.ask(self._offers, self._ask_for_plan, self._fail))
        on(StudyAct.JUDGE, self._judge)
        on(StudyAct.MODELS, self._let_models_judge)
        on(StudyAct.SO_FAR, self._ask_to_open)
        on(StudyAct.SAVE_PDF, self._save)
        self._show(self._known)

    def open(self) -> None:
        """Read the studies of now; somebody who judges is not disturbed."""
        if not self._page.judges:
            self._look(0)

    def show_subject(self, subject: object) -> None:
        """Show one study.

        Args:
            subject: Its number.
        """
        if isinstance(subject, int) and not self._page.judges:
            self._look(subject)

    def leave(self) -> None:
        """Show the overview again: whoever comes next does not judge in another person's place."""
        if self._page.judges:
            self._judging.leave()

    def closing_steps(self) -> tuple[ClosingStep, ...]:
        """Return nothing: an answer is kept when it is given, and a trial of a model that is given up is made again."""
        return ()

    def close(self) -> None:
        """End the threads of this page."""
        self._tasks.close()
        self._slow.close(0.0)

    def _look(self, number: int) -> None:
        """Read the studies, and show the one with this number; with 0 the present one, else the newest."""
        wanted = number or (self._known.chosen.number if self._known.chosen else 0)
        self._tasks.ask(lambda: self._read(wanted), self._show, self._fail)

    def _read(self, wanted: int) -> Known:
        studies = self._studies.all()
        chosen = next((each for each in studies if each.number == wanted), next(iter(studies), None))
        if chosen is None:
            return Known()
        progress = self._studies.progress(chosen.number)
        try:
            return Known(studies, chosen, progress, self._studies.figures(chosen.number))
        except BadInputError as closed:
            return Known(studies, chosen, progress, closed=f"{closed.sentence} {closed.advice}")

    def _show(self, known: Known) -> None:
        self._known = known
        self._page.board.offer(known.studies, known.chosen)
        self._show_view()

    def _show_view(self) -> None:
        self._page.board.show_view(resolve(self._known), self._station.authority.person.name)
        if self._page.judges:
            self._page.board.rest()

    def _say(self, words: str) -> None:
        self._known = replace(self._known, busy=words)
        self._show_view()

    def _offers(self) -> tuple[Offer, ...]:
        entries = [each for each in self._station.recipes.entries() if each.state is not RecipeState.RETIRED]
        count = self._station.datasets.count
        return tuple(
            Offer(
                product,
                view,
                count(product, view, Label.GOOD),
                count(product, view, Label.DEFECT),
                tuple(
                    each.recipe.label
                    for each in entries
                    if each.recipe.product == product and view in each.recipe.view_names
                ),
            )
            for product, view, _ in self._station.datasets.places()
        )

    def _ask_for_plan(self, offers: tuple[Offer, ...]) -> None:
        if self._page.isVisible():
            sheet = NewStudySheet(self._page, offers)
            sheet.wanted.connect(self._create)
            sheet.open()

    def _create(self, plan: StudyPlan) -> None:
        self._do("Choosing the parts \u2026", lambda: self._studies.create(plan), self._show_created)

    def _show_created(self, study: Study) -> None:
        self._look(study.number)

    def _judge(self) -> None:
        study, name = self._known.chosen, self._page.board.judges.currentText()
        if study is not None and name:
            self._page.show_task()
            self._judging.begin(study.number, name)

    def _come_back(self) -> None:
        self._page.show_board()
        self._look(0)

    def _let_models_judge(self) -> None:
        study = self._known.chosen
        if study is not None:
            waiting = [
                each.name
                for each, given in self._known.progress
                if each.kind is AppraiserKind.MODEL and given < study.answers_each
            ]
            self._do(
                "The models judge \u2026",
                lambda: [self._studies.judge_by_model(study.number, name, progress=self._report) for name in waiting],
                lambda _: self._look(0),
            )

    def _report(self, progress: _Step) -> None:
        self._progressed.emit(f"The models judge: {progress.done} of {progress.total}")

    def _ask_to_open(self) -> None:
        text = "Whoever judges afterwards may know some of the answers. It is written down that you opened it."
        ask(self._page, "Open the result before all have judged?", text, "Open", "Leave it closed", self._open_result)

    def _open_result(self) -> None:
        study = self._known.chosen
        if study is not None:
            self._do("Counting \u2026", lambda: self._studies.figures(study.number, so_far=True), self._show_figures)

    def _show_figures(self, figures: StudyFigures) -> None:
        self._show(replace(self._known, figures=figures, closed=""))

    def _save(self) -> None:
        figures = self._known.figures
        if figures is not None:
            self._do("Printing \u2026", lambda: self._studies.write_pdf(figures), self._say_saved)

    def _say_saved(self, path: Path) -> None:
        self._page.board.state.setText(f"Saved as {path.name} in {path.parent}.")

    def _fetch_picture(self, item_id: int) -> None:
        read = lambda: picture_levels(qimage(self._station.datasets.picture(item_id)))  # noqa: E731
        self._tasks.ask(read, self._page.board.show_picture, self._fail)

    def _do(self, busy: str, work: Callable[[], T], answer: Callable[[T], object]) -> None:
        """Do something that takes time; meanwhile nothing else is offered."""
        self._say(busy)

        def done(result: T) -> None:
            self._say("")
            answer(result)

        self._slow.ask(work, done, self._fail)

    def _fail(self, error: StationError) -> None:
        self._say("")
        self._page.board.state.setText(f"{error.sentence} {error.advice}".strip())
