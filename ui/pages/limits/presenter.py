"""Connects the limits page with the station. A drag is counted at once, from arrays; pictures are fetched behind it."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject

from station.domain.errors import StationError
from station.domain.formatting import counted, one_or_many
from station.domain.limit_bench.choice import Choice, at_least_detection, at_most_overkill, least_cost
from station.domain.limit_bench.curves import LabelledCurves, labelled_curves
from station.domain.limit_bench.figures import figures_at
from station.domain.limit_bench.scored_pictures import LabelledSet, LimitBench
from station.domain.recipe import RecipeEntry, RecipeState, View
from station.domain.verdict import Limits
from ui.actions.page_spec import ClosingStep, PageContext
from ui.pages.limits.actions import LimitsAct
from ui.pages.limits.draft_dialog import DraftDialog
from ui.pages.limits.flip_pictures import FlipPictures
from ui.pages.limits.labelled_scoring import LabelledScoring
from ui.pages.limits.page import LimitsPage
from ui.pages.limits.score_histogram import LimitLine
from ui.pages.limits.shown_limits import (
    ShownLimits,
    in_digits,
    resolve,
    scored_in_words,
    with_area,
    with_fail,
    with_pixel,
    with_review,
)
from ui.theme.plain_text import in_a_hint

_ENDS_WITHIN_S = 20.0
_OF_A_BENCH = (
    LimitsAct.BY_OVERKILL,
    LimitsAct.BY_DETECTION,
    LimitsAct.BY_COST,
    LimitsAct.REVIEW,
    LimitsAct.PUT_BACK,
    LimitsAct.CURVE,
)
_NO_RECIPE = "There is no recipe yet. Teach a product first (Training, Shift+F4)."
_NOTHING_SCORED = (
    "Nothing is scored for this model yet. Run the line with it, choose a longer time, "
    "or import labelled pictures (Datasets, Shift+F3) and score them (Ctrl+L)."
)
_READING = "Reading the scores \u2026"
_WAITING = "Labelled pictures wait: score them with Ctrl+L. Or run the line with this recipe."


class LimitsPresenter(QObject):
    """Shows a recipe revision's limits; saving them makes the next revision, a draft."""

    def __init__(self, page: LimitsPage, context: PageContext) -> None:
        super().__init__(page)
        self._page, self._station, self._actions = page, context.station, context.actions
        self._tasks = context.tasks
        self._scoring = LabelledScoring(self, context, self._scored, self._fail)
        self._pictures = FlipPictures(page.tiles, context, page.say)
        self._wanted: tuple[str, int] | None = None
        self._entries: tuple[RecipeEntry, ...] = ()
        self._bench: LimitBench | None = None
        self._curves: tuple[int, LabelledCurves] | None = None
        self._shown: ShownLimits | None = None
        self._asked = 0
        self._connect()
        self._enable()

    def open(self) -> None:
        """Read the recipes, and the scores of the chosen one."""
        self._read_again()

    def show_subject(self, subject: object) -> None:
        """Show the limits of a revision: its name and its number."""
        assert isinstance(subject, tuple), "a revision is named by its name and its number"
        self._wanted = (str(subject[0]), int(subject[1]))
        self._read_again()

    def leave(self) -> None:
        """Ask for no more pictures; scoring goes on."""
        self._pictures.stop()

    def closing_steps(self) -> tuple[ClosingStep, ...]:
        """Return the wait for the picture that is being scored."""
        self._scoring.stop()
        return (ClosingStep("the scoring of labelled pictures", self._scoring.wait, _ENDS_WITHIN_S),)

    def close(self) -> None:
        """End the scoring."""
        self._pictures.stop()
        self._scoring.close()

    # ---- what the person asks for

    def _connect(self) -> None:
        page, on = self._page, self._actions.on
        page.source_chosen.connect(self._choose_source)
        page.histogram.moved.connect(self._move)
        page.entries.fail.changed.connect(partial(self._try, with_fail))
        page.entries.review.changed.connect(partial(self._try, with_review))
        page.entries.pixel.changed.connect(partial(self._try, with_pixel))
        page.entries.area.changed.connect(partial(self._try, with_area))
        page.ways.wanted.connect(lambda act: self._actions[act].trigger())
        ways = page.ways
        on(LimitsAct.BY_OVERKILL, lambda: self._choose(_by_overkill, ways.overkill.number))
        on(LimitsAct.BY_DETECTION, lambda: self._choose(_by_detection, ways.detection.number))
        on(LimitsAct.BY_COST, lambda: self._choose(self._by_cost, ways.cost.number))
        on(LimitsAct.REVIEW, self._switch_review)
        on(LimitsAct.CURVE, page.curve.turn)
        on(LimitsAct.PUT_BACK, self._put_back)
        on(LimitsAct.COUNT_AGAIN, self._read_again)
        on(LimitsAct.SCORE, self._score)
        on(LimitsAct.SAVE_DRAFT, self._ask_for_reason)
        self._scoring.progressed.connect(page.say)

    def _move(self, line: LimitLine, value: float) -> None:
        self._try(with_fail if line is LimitLine.FAIL else with_review, value)

    def _try(self, change: Callable[[Limits, float], Limits], value: float) -> None:
        if self._shown is not None:
            self._show_limits(change(self._shown.limits, value))

    def _switch_review(self) -> None:
        if self._shown is not None:
            limits = self._shown.limits
            review = None if limits.review_threshold is not None else 0.8 * limits.image_threshold
            self._show_limits(with_review(limits, review))

    def _put_back(self) -> None:
        if self._shown is not None:
            self._page.say("")
            self._show_limits(self._shown.saved)

    def _choose(self, way: Callable[[LabelledCurves, float], Choice], wanted: float | None) -> None:
        if self._shown is None or wanted is None:
            return
        choice = way(self._curves_of(self._shown.limits), wanted)
        if choice.limit is not None:
            self._show_limits(with_fail(self._shown.limits, choice.limit))
        self._page.say(choice.sentence)

    def _by_cost(self, curves: LabelledCurves, escape_costs: float) -> Choice:
        assert self._bench is not None, "a key of the bench is enabled with one only"
        rejected = figures_at(self._bench, self._bench.view.limits).rejected
        return least_cost(curves, escape_costs, rejected)

    # ---- the recipe and its scores

    def _choose_source(self) -> None:
        chosen = self._page.recipes.currentData()
        other = chosen != self._wanted
        self._wanted = chosen
        self._read_bench(keep=not other)

    def _read_again(self) -> None:
        self._tasks.ask(self._station.recipes.entries, self._show_recipes, self._fail)

    def _show_recipes(self, entries: tuple[RecipeEntry, ...]) -> None:
        self._entries = entries
        if not entries:
            self._show_nothing(_NO_RECIPE)
            return
        rows = [(f"{each.recipe.label}, {each.state}", _key(each)) for each in entries]
        self._wanted = self._wanted if self._wanted in [key for _, key in rows] else _key(self._first(entries))
        self._page.fill(self._page.recipes, rows, self._wanted)
        self._read_bench(keep=False)

    def _first(self, entries: tuple[RecipeEntry, ...]) -> RecipeEntry:
        """Return what the line inspects with, else a released revision, else the newest."""
        loaded = self._station.line.recipe
        names = {loaded.label} if loaded else set()
        on_line = [each for each in entries if each.recipe.label in names]
        released = [each for each in entries if each.state is RecipeState.RELEASED]
        return (on_line or released or list(entries))[0]

    def _read_bench(self, *, keep: bool) -> None:
        """Read the scores of what is chosen; `keep` the view and the dataset version that are chosen too."""
        if self._wanted is None:
            return
        name, revision = self._wanted
        view = self._page.views.currentData() if keep else None
        version = self._page.versions.currentData() if keep else None
        shifts = int(self._page.shifts.currentData())
        recipe = next(each.recipe for each in self._entries if _key(each) == self._wanted)
        view = view if view in recipe.view_names else recipe.view_names[0]
        if self._bench is not None and (self._bench.recipe, self._bench.view.name) != (recipe, view):
            self._forget_bench()
        self._asked += 1
        self._tasks.ask(
            lambda: self._station.limits.bench(name, revision, view=view, shifts=shifts, version=version),
            partial(self._show_bench, self._asked),
            self._fail,
        )

    def _forget_bench(self) -> None:
        """Keep nothing of the recipe before: a limit moved now, or a key "Score", would be about that one."""
        self._bench = None
        self._page.rests_on.setText("")
        self._show_nothing(_READING)

    def _show_bench(self, asked: int, bench: LimitBench) -> None:
        if asked != self._asked:
            return  # another recipe was chosen meanwhile
        page, before = self._page, self._bench
        self._bench, self._curves = bench, None
        page.fill(page.views, [(name or "Only view", name) for name in bench.recipe.view_names], bench.view.name)
        page.views.setVisible(len(bench.recipe.views) > 1)
        versions = [(f"Labels {version}", version) for version in bench.versions]
        page.fill(page.versions, versions or [("No labels", None)], bench.labelled.version)
        page.rests_on.setText(scored_in_words(bench))
        page.rests_on.setToolTip(in_a_hint(scored_in_words(bench)))
        if bench.empty:
            self._show_nothing(_WAITING if bench.labelled.waiting else _NOTHING_SCORED)
            return
        page.histogram.show_bench(bench)
        kept = self._shown is not None and before is not None and _same_view(before, bench)
        self._show_limits(self._shown.limits if kept and self._shown else bench.view.limits)

    def _show_nothing(self, words: str) -> None:
        self._shown = None
        self._page.show_nothing(words)
        self._enable()

    def _show_limits(self, limits: Limits) -> None:
        """Count what the limits do and show it; called for each step of a drag."""
        assert self._bench is not None, "limits are shown of a bench"
        before, self._shown = self._shown, resolve(self._bench, limits)
        if self._curves is None or self._curves[0] != limits.min_area_px:
            self._page.curve.show_curves(self._curves_of(limits))
        self._page.show_shown(self._shown)
        if before is None or before.caution != self._shown.caution:
            self._page.say(self._shown.caution)
        self._enable()
        self._pictures.show(self._bench, self._shown)

    def _curves_of(self, limits: Limits) -> LabelledCurves:
        """Return the curves of these limits; they change with the minimum area only."""
        assert self._bench is not None, "curves are those of a bench"
        if self._curves is None or self._curves[0] != limits.min_area_px:
            self._curves = (limits.min_area_px, labelled_curves(self._bench, limits.min_area_px))
        return self._curves[1]

    # ---- scoring and saving

    def _score(self) -> None:
        if self._scoring.runs:
            self._scoring.stop()
        elif self._bench is not None:
            self._scoring.start(self._bench)
            self._enable()

    def _scored(self, labelled: LabelledSet | None) -> None:
        """Count with what is scored now; None if it went wrong."""
        self._enable()
        if labelled is not None:
            count = len(labelled.pictures)
            verb = one_or_many(count, "is", "are")
            self._page.say(f"{counted(count, 'labelled picture')} {verb} scored.")
            self._read_bench(keep=True)

    def _ask_for_reason(self) -> None:
        bench, shown = self._bench, self._shown
        if bench is None or shown is None or not shown.changed:
            return
        effects = [*(f"{sentence.rstrip('.')}." for sentence in shown.sentences), shown.turned]
        sheet = DraftDialog(self._page, bench.recipe.label, _changes(shown.saved, shown.limits), effects)
        sheet.sign_as(self._station.authority.person)
        sheet.wanted.connect(partial(self._save, bench, shown.limits))
        sheet.open()

    def _save(self, bench: LimitBench, limits: Limits, person: str, reason: str) -> None:
        self._tasks.ask(lambda: self._station.limits.save_draft(bench, limits, reason, person), self._saved, self._fail)

    def _saved(self, entry: RecipeEntry) -> None:
        self._wanted = _key(entry)
        self._shown = None
        self._read_again()
        self._page.say(f"{entry.recipe.label} is a draft with these limits. The line goes on with the released one.")

    def _fail(self, error: StationError) -> None:
        self._page.say(f"{error.sentence} {error.advice}")

    def _enable(self) -> None:
        self._page.entries.setEnabled(self._shown is not None)
        for act in _OF_A_BENCH:
            self._actions[act].setEnabled(self._shown is not None)
        self._actions[LimitsAct.SAVE_DRAFT].setEnabled(self._shown is not None and self._shown.changed)
        waiting = self._bench is not None and self._bench.labelled.waiting > 0
        self._actions[LimitsAct.SCORE].setEnabled(waiting or self._scoring.runs)
        self._actions[LimitsAct.SCORE].setText("Stop" if self._scoring.runs else "Score")


def _by_overkill(curves: LabelledCurves, percent: float) -> Choice:
    return at_most_overkill(curves, percent / 100)


def _by_detection(curves: LabelledCurves, percent: float) -> Choice:
    return at_least_detection(curves, percent / 100)


def _key(entry: RecipeEntry) -> tuple[str, int]:
    return entry.recipe.name, entry.recipe.revision


def _same_view(before: LimitBench, now: LimitBench) -> bool:
    same: Callable[[LimitBench], tuple[str, View]] = lambda bench: (bench.recipe.label, bench.view)  # noqa: E731
    return same(before) == same(now)


def _changes(before: Limits, after: Limits) -> list[str]:
    values = (
        ("Fail above", in_digits(before.image_threshold), in_digits(after.image_threshold)),
        ("Review above", in_digits(before.review_threshold), in_digits(after.review_threshold)),
        ("Pixel limit", in_digits(before.pixel_threshold), in_digits(after.pixel_threshold)),
        ("Minimum area, px\u00b2", str(before.min_area_px), str(after.min_area_px)),
    )
    return [f"{name}: {was} \u2192 {now}" for name, was, now in values if was != now]
