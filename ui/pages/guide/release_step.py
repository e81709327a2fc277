"""The last step of the way: the draft is released, with a reason and a signature."""

from collections.abc import Callable
from functools import partial

from station.domain.errors import StationError
from station.domain.formatting import counted
from station.domain.guide import GuideFacts
from station.domain.recipe import Recipe, RecipeEntry, TakesEffect
from station.domain.signature import Consent, Signing, said_of_release
from ui.actions.page_spec import PageContext
from ui.background.tasks import BackgroundTasks
from ui.pages.guide.page import GuidePage
from ui.widgets.release_dialog import ReleaseDialog


class ReleaseStep:
    """Opens the sheet, and gives the command."""

    def __init__(
        self,
        page: GuidePage,
        context: PageContext,
        tasks: BackgroundTasks,
        did: Callable[[str], object],
        fail: Callable[[StationError], object],
    ) -> None:
        self._page, self._station, self._tasks = page, context.station, tasks
        self._did, self._fail = did, fail

    def ask(self, facts: GuideFacts) -> None:
        """Ask who releases the draft, and why; nothing is asked without a draft."""
        if facts.draft is None:
            return
        draft, good = facts.draft.recipe, sum(view.good for view in facts.views)
        words = f"{counted(good, 'picture')} of good parts; {counted(facts.tried, 'part')} tried."
        self._tasks.ask(partial(self._station.recipes.signing, draft), partial(self._show, draft, words), self._fail)

    def _show(self, draft: Recipe, words: str, signing: Signing) -> None:
        if self._page.isVisible():
            sheet = ReleaseDialog(self._page, draft, (words,))
            sheet.sign_with(self._station.authority.person, signing)
            sheet.wanted.connect(partial(self._release, draft))
            sheet.open()

    def _release(self, draft: Recipe, person: str, reason: str, takes_effect: TakesEffect, consent: Consent) -> None:
        release = self._station.recipes.release
        release = partial(release, draft.name, draft.revision, person, reason, takes_effect, consent)
        self._tasks.ask(release, self._released, self._fail)

    def _released(self, entry: RecipeEntry) -> None:
        self._did(said_of_release(entry, entry.recipe.label))
