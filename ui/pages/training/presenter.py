"""Connects the station's training runs with the page. All files and records are read off the GUI thread."""

from dataclasses import dataclass, replace

from PySide6.QtCore import QObject

from station.domain.errors import StationError
from station.domain.evaluation import Evaluation
from station.domain.method_comparison import MethodComparison
from station.domain.training import (
    MethodOffer,
    RunProgress,
    RunState,
    TrainingOrder,
    TrainingRun,
    VersionSummary,
)
from ui.actions.page_spec import ClosingStep, PageContext
from ui.background.timers import repeating_timer
from ui.pages.training.actions import TrainingAct
from ui.pages.training.comparison_sheet import ComparisonSheet
from ui.pages.training.method_choice import MethodChoice
from ui.pages.training.page import TrainingPage
from ui.pages.training.training_view import Choice, alike, followed, progress_view, rows_of, teach_view

_FOLLOW_MS = 500
_RESUME_EVERY = 10
"""So often the page looks whether the runner was killed, in looks at the runs."""


@dataclass(frozen=True, slots=True)
class _Offered:
    versions: tuple[VersionSummary, ...]


@dataclass(frozen=True, slots=True)
class _Method:
    version: VersionSummary | None
    offers: tuple[MethodOffer, ...]
    refusal_of_defects: str
    recipes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Followed:
    runs: tuple[TrainingRun, ...]
    shown: TrainingRun | None
    progress: RunProgress
    earlier: RunProgress
    log: tuple[str, ...]
    evaluations: dict[int, Evaluation | None]


class TrainingPresenter(QObject):
    """Shows what can be taught and what runs; asks again twice a second while the page is visible."""

    def __init__(self, page: TrainingPage, context: PageContext) -> None:
        super().__init__(page)
        self._page, self._context, self._tasks = page, context, context.tasks
        self._training, self._evaluations = context.station.training, context.station.evaluations
        self._zone = context.station.settings.station.time_zone
        self._views = tuple(context.station.settings.camera.sources) or ("",)
        self._wanted: tuple[str, str, str] | None = None
        self._wanted_recipe = ""
        self._method = _Method(None, (), "")
        self._choice_of_method = MethodChoice(page)
        self._choice_of_method.changed.connect(self._show_choice)
        self._choice_of_method.comparison_wanted.connect(self._compare_methods)
        self._known: dict[int, Evaluation | None] = {}
        self._runs: tuple[TrainingRun, ...] = ()
        self._asked, self._looks = False, 0
        self._timer = repeating_timer(self, _FOLLOW_MS, self._ask)
        page.choice_changed.connect(self._choose)
        page.runs.marked_changed.connect(self._ask)
        page.offer_views(self._views, self._views[0])
        page.offer_recipes((), "")
        for act, do in (
            (TrainingAct.TEACH, self._teach),
            (TrainingAct.METHOD, lambda: self._choice_of_method.open(self._method.offers)),
            (TrainingAct.WITH_DEFECTS, self._show_choice),
            (TrainingAct.WHOLE_PART, self._show_choice),
            (TrainingAct.CANCEL, self._cancel),
            (TrainingAct.AGAIN, self._again),
            (TrainingAct.COMPARE, self._open_marked),
        ):
            context.actions.on(act, do)
        for act in (TrainingAct.TEACH, TrainingAct.METHOD):
            context.actions[act].setEnabled(False)
        self._enable()

    def open(self) -> None:
        """Show the versions of now, and follow the runs."""
        self._tasks.ask(lambda: _Offered(self._training.versions()), self._offer, self._fail)
        self._timer.start()
        self._ask()

    def show_subject(self, subject: object) -> None:
        """Choose what is to be taught: (product, view, version) and perhaps the recipe, or (product, revision)."""
        match subject:
            case (str(product), str(view), str(version), *rest):
                self._wanted, self._wanted_recipe = (product, view, version), str(rest[0]) if rest else ""
                self._page.offer_views(self._views if view in self._views else (*self._views, view), view)
            case (str(product), int()):
                self._wanted = product, "", ""
            case _:
                return
        self._tasks.ask(lambda: _Offered(self._training.versions()), self._offer, self._fail)

    def leave(self) -> None:
        """Follow no more; runs go on."""
        self._timer.stop()

    def closing_steps(self) -> tuple[ClosingStep, ...]:
        """Return nothing: runs go on without the window."""
        return ()

    def close(self) -> None:
        """End the timer."""
        self._timer.stop()

    @property
    def _choice(self) -> Choice:
        actions = self._context.actions
        return Choice(
            self._page.version.currentData(),
            self._choice_of_method.name,
            actions[TrainingAct.WITH_DEFECTS].isChecked(),
            actions[TrainingAct.WHOLE_PART].isChecked(),
        )

    def _offer(self, offered: _Offered) -> None:
        chosen = self._page.version.currentData()
        if self._wanted is not None:
            product, _, version = self._wanted
            of_product = [each for each in offered.versions if each.product == product]
            wanted = [each for each in of_product if version in ("", each.version)]
            chosen = wanted[0] if wanted else chosen
            self._wanted = None if wanted else self._wanted
        self._page.offer_versions(offered.versions, chosen)
        self._choose()

    def _choose(self) -> None:
        version = self._page.version.currentData()
        if version is None:
            self._method = _Method(None, (), "")
            self._show_choice()
            return

        def look() -> _Method:
            offers, refusal = self._training.methods(version), self._training.refusal_of_defects(version)
            return _Method(version, offers, refusal, self._training.recipes_for(version.product))

        self._tasks.ask(look, self._offer_methods, self._fail)

    def _offer_methods(self, method: _Method) -> None:
        self._method = method
        self._page.offer_recipes(method.recipes, self._wanted_recipe or self._page.recipe.currentData() or "")
        self._wanted_recipe = ""
        self._show_choice()

    def _show_choice(self) -> None:
        said = teach_view(self._choice, self._method.offers, self._method.refusal_of_defects)
        self._page.show_choice(said)
        actions = self._context.actions
        actions[TrainingAct.TEACH].setEnabled(said.possible)
        actions[TrainingAct.METHOD].setEnabled(bool(self._method.offers))
        defects = actions[TrainingAct.WITH_DEFECTS]
        defects.setEnabled(said.defects_possible or defects.isChecked())

    def _ask(self) -> None:
        """Read runs, progress and log; one question at a time, so that a slow disk does not pile them up."""
        if self._asked:
            return
        self._asked = True
        self._looks += 1
        resumes = self._looks % _RESUME_EVERY == 0
        marked = self._page.runs.marked
        known = dict(self._known)

        def look() -> _Followed:
            if resumes:
                self._training.resume()
            runs = self._training.runs()
            shown = followed(runs, marked[0] if marked else None)
            progress = self._training.progress_of(shown.number) if shown else RunProgress()
            before = alike(runs, shown) if shown else None
            earlier = self._training.progress_of(before.number) if before else RunProgress()
            log = self._training.log_lines(shown.number) if shown else ()
            done = [run for run in runs if run.revision is not None and run.number not in known]
            found = known | {run.number: self._figures_of(run) for run in done}
            return _Followed(runs, shown, progress, earlier, log, found)

        self._tasks.ask(look, self._show, self._fail_to_follow)

    def _figures_of(self, run: TrainingRun) -> Evaluation | None:
        assert run.revision is not None, "only done runs have figures"
        order = run.order
        return self._evaluations.find(order.recipe_name, run.revision, order.view, order.dataset_version)

    def _show(self, seen: _Followed) -> None:
        self._asked = False
        self._runs, self._known = seen.runs, seen.evaluations
        waiting = sum(run.state is RunState.QUEUED and run is not seen.shown for run in seen.runs)
        self._page.progress.show_run(progress_view(seen.shown, seen.progress, waiting, seen.earlier))
        self._page.show_log(seen.log)
        self._page.runs.show_runs(rows_of(seen.runs, seen.evaluations, self._zone))
        self._enable()

    def _enable(self) -> None:
        actions, marked = self._context.actions, self._marked()
        actions[TrainingAct.CANCEL].setEnabled(self._to_cancel() is not None)
        actions[TrainingAct.AGAIN].setEnabled(len(marked) == 1 and marked[0].state.ended)
        actions[TrainingAct.COMPARE].setEnabled(any(run.revision or _has_table(run) for run in marked))

    def _marked(self) -> list[TrainingRun]:
        numbers = self._page.runs.marked
        return [run for run in self._runs if run.number in numbers]

    def _to_cancel(self) -> TrainingRun | None:
        alive = [run for run in self._marked() if not run.state.ended]
        running = [run for run in self._runs if run.state is RunState.RUNNING]
        return next(iter(alive or running), None)

    def _teach(self) -> None:
        choice = self._choice
        order = self._order_of(choice.method)
        if order is not None:
            self._enqueue(replace(order, whole_part=choice.whole_part, with_defects=choice.with_defects))

    def _compare_methods(self, names: tuple[str, ...]) -> None:
        order = self._order_of(",".join(names))
        if order is not None:
            self._enqueue(order)

    def _order_of(self, method: str) -> TrainingOrder | None:
        version = self._choice.version
        if version is None:
            return None
        view, recipe = self._page.view.currentData() or "", self._page.recipe.currentData() or ""
        return TrainingOrder(version.product, view, version.version, method, recipe=recipe)

    def _enqueue(self, order: TrainingOrder) -> None:
        self._tasks.ask(lambda: self._training.enqueue(order), self._queued, self._fail)

    def _queued(self, run: TrainingRun) -> None:
        self._page.runs.mark(())
        self._page.say(f"Run {run.number} is queued. It goes on if the window is closed.")
        self._ask()

    def _cancel(self) -> None:
        run = self._to_cancel()
        if run is not None:
            number = run.number
            done = lambda _run: self._page.say(f"Run {number} is cancelled; nothing of it is left.")  # noqa: E731
            self._tasks.ask(lambda: self._training.cancel(number), done, self._fail)

    def _again(self) -> None:
        marked = self._marked()
        if marked:
            number = marked[0].number
            self._tasks.ask(lambda: self._training.again(number), self._queued, self._fail)

    def _open_marked(self) -> None:
        """Open the table of a comparison that is marked alone; else the evaluations of the marked runs."""
        marked = self._marked()
        if len(marked) == 1 and _has_table(marked[0]):
            self._open_table(marked[0])
            return
        shown = tuple((run.order.recipe_name, run.revision, run.order.view) for run in marked if run.revision)
        if shown:
            self._context.open_page("models", shown)

    def _open_table(self, run: TrainingRun) -> None:
        def show(comparison: MethodComparison | None) -> None:
            if comparison is None:
                self._page.say(f"The table of {run.label} is not on this station any more. {run.sentence}")
                return
            sheet = ComparisonSheet(self._page, f"Methods compared by run {run.number}", comparison)
            sheet.wanted.connect(lambda name: self._enqueue(replace(run.order, method=name)))
            sheet.open()

        self._tasks.ask(lambda: self._training.comparison_of(run.number), show, self._fail)

    def _fail(self, error: StationError) -> None:
        self._page.say(f"{error.sentence} {error.advice}")

    def _fail_to_follow(self, error: StationError) -> None:
        self._asked = False
        self._fail(error)


def _has_table(run: TrainingRun) -> bool:
    return run.order.compares and run.state is RunState.DONE
