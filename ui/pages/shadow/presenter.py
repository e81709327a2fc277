"""Connects the station's candidates with the shadow page; slow work runs as a background task of its own."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial

from PySide6.QtCore import QObject

from station.domain.candidate import Gate
from station.domain.clock import utc_now
from station.domain.errors import StationError
from station.domain.feedback import Disposition
from station.domain.inspection import PartKey
from station.domain.messages import FaultReported
from station.domain.part_images import PartResult
from station.domain.recipe import Recipe, RecipeEntry, RecipeState, TakesEffect
from ui.actions.page_spec import ClosingStep, PageContext
from ui.background.rendered_part import RenderedPart, render_part
from ui.background.tasks import BackgroundTasks
from ui.background.timers import repeating_timer
from ui.pages.shadow.actions import ShadowAct
from ui.pages.shadow.page import ShadowPage
from ui.pages.shadow.shown_shadow import Known, candidates_of, resolve
from ui.widgets.release_dialog import ReleaseDialog, differences_from_released

_LOOK_EVERY_MS = 1_000
_A_DAY = timedelta(days=1)

ChosenAct = Callable[[Recipe], object]
"""Something to do with the chosen draft."""


class ShadowPresenter(QObject):
    """Asks the records every second while the page is visible; a gate takes longer and has a thread of its own."""

    def __init__(self, page: ShadowPage, context: PageContext) -> None:
        super().__init__(page)
        self._page, self._station, self._fault_log = page, context.station, context.fault_log
        self._answer = context.answer
        self._quick, self._slow = BackgroundTasks(self), BackgroundTasks(self)
        self._known = Known()
        self._timer = repeating_timer(self, _LOOK_EVERY_MS, self._look)
        page.draft_chosen.connect(self._choose)
        page.part_marked.connect(self._fetch_picture)
        self._connect_actions(context)
        self._show(self._known)

    def _connect_actions(self, context: PageContext) -> None:
        on = context.actions.on
        on(ShadowAct.START_SHADOW, lambda: self._command("", self._start))
        on(ShadowAct.STOP_SHADOW, lambda: self._command("", lambda _: self._station.candidates.stop_shadow()))
        on(ShadowAct.TRY_STORED, lambda: self._command("Judging the stored parts of the last day \u2026", self._try))
        on(ShadowAct.CALL_GOOD, lambda: self._call(Disposition.GOOD_PART))
        on(ShadowAct.CALL_DEFECT, lambda: self._call(Disposition.MISSED_DEFECT))
        on(ShadowAct.CHECK_GATE, self._check)
        on(ShadowAct.PROMOTE, lambda: self._with_chosen(self._ask_to_promote))
        on(ShadowAct.ROLL_BACK, lambda: self._with_chosen(self._ask_to_roll_back))

    def open(self) -> None:
        """Look at the drafts now, and then every second."""
        self._look()
        self._timer.start()

    def show_subject(self, subject: object) -> None:
        """Choose a draft.

        Args:
            subject: Name and revision of the recipe, ("tile", 3).
        """
        found = [
            each for each in self._station.recipes.entries() if (each.recipe.name, each.recipe.revision) == subject
        ]
        if found:
            self._choose(found[0])

    def leave(self) -> None:
        """Look no more."""
        self._timer.stop()

    def closing_steps(self) -> tuple[ClosingStep, ...]:
        """Return nothing: what still runs changes no record that it does not finish."""
        return ()

    def close(self) -> None:
        """End the threads of this page."""
        self._timer.stop()
        self._quick.close()
        self._slow.close(0.0)

    def _look(self) -> None:
        self._quick.ask(partial(self._read, self._known), self._take, self._fail)

    def _read(self, known: Known) -> Known:
        """Return what is known now; the chosen draft stays chosen while it is one."""
        station = self._station
        entries = station.recipes.entries()
        drafts = candidates_of(entries)
        chosen = _same(known.chosen, drafts) or next(iter(drafts), None)
        if chosen is None:
            return Known(entries, shadow=station.candidates.shadow())
        name, revision = chosen.recipe.name, chosen.recipe.revision
        disagreements = station.candidates.disagreements(name, revision)
        return replace(
            known,
            entries=entries,
            chosen=chosen,
            shadow=station.candidates.shadow(),
            figures=station.candidates.figures(name, revision),
            disagreements=disagreements,
            said=station.review.last_words([each.key for each in disagreements]),
            gate=known.gate if known.gate is not None and known.gate.candidate == chosen.recipe.label else None,
        )

    def _take(self, read: Known) -> None:
        """Show what was read, unless another draft was chosen or a gate came meanwhile."""
        if self._known.chosen is None or _same(self._known.chosen, (read.chosen,) if read.chosen else ()):
            self._show(replace(read, gate=self._known.gate, busy=self._known.busy))

    def _show(self, known: Known) -> None:
        drafts, before = candidates_of(known.entries), candidates_of(self._known.entries)
        if drafts != before or known.chosen != self._known.chosen:
            self._page.offer_drafts(drafts, known.chosen)
        self._known = known
        self._page.show_view(resolve(known))

    def _choose(self, entry: RecipeEntry) -> None:
        self._page.show_picture(None)
        self._show(Known(self._known.entries, entry, self._known.shadow))
        self._look()

    def _with_chosen(self, do: ChosenAct) -> None:
        if self._known.chosen is not None:
            do(self._known.chosen.recipe)

    def _command(self, busy: str, do: ChosenAct) -> None:
        chosen = self._known.chosen
        if chosen is not None:
            self._show(replace(self._known, busy=busy))
            self._slow.ask(lambda: do(chosen.recipe), lambda _: self._done(), self._fail)

    def _start(self, draft: Recipe) -> None:
        self._station.candidates.start_shadow(draft.name, draft.revision)

    def _try(self, draft: Recipe) -> None:
        self._station.candidates.try_on_stored(draft.name, draft.revision, utc_now() - _A_DAY)

    def _done(self) -> None:
        self._show(replace(self._known, busy=""))
        self._look()

    def _check(self) -> None:
        chosen = self._known.chosen
        if chosen is not None:
            self._show(replace(self._known, busy="Judging the labelled pictures by both revisions \u2026"))
            draft = chosen.recipe
            self._slow.ask(
                lambda: self._station.candidates.gate(draft.name, draft.revision), self._show_gate, self._fail
            )

    def _show_gate(self, gate: Gate) -> None:
        self._show(replace(self._known, gate=gate, busy=""))

    def _call(self, claim: Disposition) -> None:
        key = self._page.marked
        if key is not None:
            review = self._station.review
            self._quick.ask(
                lambda: review.give_feedback(key, claim, "seen on the shadow page"), lambda _: self._look(), self._fail
            )

    def _fetch_picture(self, key: PartKey) -> None:
        def render() -> RenderedPart:
            part: PartResult = self._station.records.part(key)
            return render_part(part)

        self._quick.ask(render, partial(self._show_picture, key), self._fail)

    def _show_picture(self, key: PartKey, part: RenderedPart) -> None:
        if key == self._page.marked:
            self._page.show_picture(part)

    def _ask_to_promote(self, draft: Recipe) -> None:
        ask = partial(differences_from_released, self._station, draft)
        self._quick.ask(ask, partial(self._show_promotion, draft), self._fail)

    def _show_promotion(self, draft: Recipe, differences: tuple[str, ...]) -> None:
        if self._page.isVisible():
            sheet = ReleaseDialog(self._page, draft, differences)
            sheet.wanted.connect(partial(self._promote, draft))
            sheet.open()

    def _promote(self, draft: Recipe, person: str, reason: str, takes_effect: TakesEffect) -> None:
        promote = partial(
            self._station.candidates.promote, draft.name, draft.revision, person, reason, takes_effect=takes_effect
        )
        self._quick.ask(promote, self._say_released, self._fail)

    def _ask_to_roll_back(self, draft: Recipe) -> None:
        released = [each.recipe for each in self._known.entries
                    if each.recipe.name == draft.name and each.state is RecipeState.RELEASED]  # fmt: skip
        if released:
            sheet = ReleaseDialog(self._page, released[0], ("The revision before it is used again.",), "Roll back")
            sheet.wanted.connect(partial(self._roll_back, draft.name))
            sheet.open()

    def _roll_back(self, name: str, person: str, reason: str, takes_effect: TakesEffect) -> None:
        roll_back = partial(self._station.recipes.roll_back, name, person, reason, takes_effect)
        self._quick.ask(roll_back, self._say_released, self._fail)

    def _say_released(self, entry: RecipeEntry) -> None:
        self._answer(f"{entry.recipe.label} is released.", "")
        self._show(replace(self._known, chosen=None, gate=None))  # no key acts on the draft of before
        self._look()

    def _fail(self, error: StationError) -> None:
        self._fault_log.add(FaultReported.of("shadow", error))
        self._answer(error.sentence, error.advice)
        self._show(replace(self._known, busy=""))


def _same(wanted: RecipeEntry | None, entries: tuple[RecipeEntry, ...]) -> RecipeEntry | None:
    """Return the entry of the same revision, as it is now; None if it is not among them."""
    if wanted is None:
        return None
    label = wanted.recipe.label
    return next((each for each in entries if each.recipe.label == label), None)
