"""Two revisions side by side: their differences, and the stored parts that they judge differently."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QObject

from station.domain.errors import StationError
from station.domain.formatting import counted
from station.domain.frame import Image
from station.domain.recipe import Recipe, RecipeEntry, RecipeState
from station.domain.recipe_changes import changes_in_words
from station.domain.revision_flips import Basis, FlipPlan, RevisionFlips
from ui.actions.page_spec import PageContext
from ui.background.rendered_part import qimage
from ui.background.stoppable_task import StoppableTask
from ui.background.tasks import BackgroundTasks
from ui.pages.recipes.compare_sheet import Compared, CompareSheet
from ui.pages.recipes.page import RecipesPage
from ui.widgets.flip_tiles import FlipTile


class CompareLife(QObject):
    """Opens the sheet. Scores and maps are counted at once; to judge kept pictures again, a person asks for it."""

    def __init__(
        self, page: RecipesPage, context: PageContext, tasks: BackgroundTasks, fail: Callable[[StationError], object]
    ) -> None:
        super().__init__(page)
        self._page, self._station, self._tasks, self._fail = page, context.station, tasks, fail
        self._slow = StoppableTask(self, context.tasks)
        self._slow.progressed.connect(self._show_progress)
        self._sheet: CompareSheet | None = None
        self._plan: FlipPlan | None = None

    def compare(self, recipe: Recipe, others: Sequence[RecipeEntry], view: str) -> None:
        """Compare a revision with the released one, else with the one before; another one can be chosen."""
        released = [each.recipe for each in others if each.state is RecipeState.RELEASED]
        earlier = [each.recipe for each in others if each.recipe.revision < recipe.revision]
        first = (released or earlier or [each.recipe for each in others])[0]
        by_revision = {each.recipe.revision: each.recipe for each in others}

        def open_sheet(compared: Compared) -> None:
            if not self._page.isVisible():
                return  # the answer came after the person went to another page
            sheet = CompareSheet(self._page, list(by_revision), compared)
            sheet.revision_wanted.connect(lambda revision: self._ask(by_revision[revision], recipe, view, self._show))
            sheet.flips.pressed.connect(self._press)
            sheet.finished.connect(lambda _result: self._forget())
            self._sheet = sheet
            sheet.open()
            self._begin(compared.plan)

        self._ask(first, recipe, view, open_sheet)

    def wait(self, timeout_s: float) -> bool:
        """Give up what is being judged, and wait for its end; return whether it came in time."""
        self._slow.stop()
        return self._slow.wait(timeout_s)

    def close(self) -> None:
        """End the thread."""
        self._slow.close()

    def _ask(self, old: Recipe, new: Recipe, view: str, answer: Callable[[Compared], object]) -> None:
        self._tasks.ask(lambda: self._compared(old, new, view), answer, self._fail)

    def _compared(self, old: Recipe, new: Recipe, view: str) -> Compared:
        seen = [self._station.recipes.picture(each, view) if view in each.view_names else None for each in (old, new)]
        plan = self._station.flips.plan(old, new)
        return Compared(old, new, changes_in_words(old, new), view, (seen[0], seen[1]), plan)

    def _show(self, compared: Compared) -> None:
        if self._sheet is not None:
            self._slow.stop()
            self._sheet.show_comparison(compared)
            self._begin(compared.plan)

    def _forget(self) -> None:
        self._slow.stop()
        self._sheet = self._plan = None

    # ---- the stored parts

    def _begin(self, plan: FlipPlan) -> None:
        self._plan = plan
        if plan.basis is not Basis.PICTURES:
            self._find(plan)
        elif self._sheet is not None:
            pictures = counted(len(plan.keys), "kept picture" if len(plan.new.views) == 1 else "kept part")
            self._sheet.flips.show_state(_before(plan), f"Judge {pictures}" if plan.keys else "")

    def _press(self) -> None:
        if self._slow.runs:
            self._slow.stop()
        elif self._plan is not None:
            self._find(self._plan)

    def _find(self, plan: FlipPlan) -> None:
        if self._sheet is not None:
            self._sheet.flips.show_state("Looking at the stored parts \u2026", "Stop" if plan.keys else "")
            find = self._station.flips.find
            self._slow.ask(
                lambda progress, wanted: find(plan, progress, wanted),
                partial(self._show_flips, plan),
                partial(self._show_failure, plan),
            )

    def _show_progress(self, words: str) -> None:
        if self._sheet is not None and self._slow.runs:
            self._sheet.flips.say(f"{words}.")

    def _show_flips(self, plan: FlipPlan, flips: RevisionFlips) -> None:
        sheet = self._sheet
        if sheet is None or plan is not self._plan:
            return
        sheet.flips.show_state(" ".join(flips.sentences), "Judge all" if flips.unfinished else "", flips.first)
        for flip, tile in zip(flips.first, sheet.flips.tiles.tiles, strict=True):
            self._tasks.ask(
                partial(self._picture_for, sheet, partial(self._station.records.thumbnail, flip.key)),
                partial(self._show_tile, sheet, tile),
                partial(self._show_failure, plan),
            )

    def _picture_for(self, sheet: CompareSheet, fetch: Callable[[], Image | None]) -> Image | None:
        """Return the picture; None if the sheet is not on show any more."""
        return fetch() if sheet is self._sheet else None

    def _show_tile(self, sheet: CompareSheet, tile: FlipTile, image: Image | None) -> None:
        if sheet is self._sheet and tile in sheet.flips.tiles.tiles:
            tile.show_picture(None if image is None else qimage(image), None)

    def _show_failure(self, plan: FlipPlan, error: StationError) -> None:
        if self._sheet is not None and plan is self._plan:
            self._sheet.flips.say(f"{error.sentence} {error.advice}")


def _before(plan: FlipPlan) -> str:
    """Return why the scores do not say it, and what can be judged."""
    total = counted(len(plan.keys) + plan.without, "part")
    if not plan.keys:
        return f"The two see parts differently, and of {total} of the last shifts no whole picture was kept."
    without = f" {plan.without} of {total} cannot be judged: without a whole picture." if plan.without else ""
    return f"The two see parts differently: their verdicts are known after judging the kept pictures again.{without}"
