"""Connects the station's candidates with the shadow page; slow work runs as a background task of its own."""

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import TypeVar

from PySide6.QtCore import QObject

from station.domain.candidate import Gate, ShadowFigures
from station.domain.clock import utc_now
from station.domain.errors import GivenUpError, StationError
from station.domain.feedback import Disposition
from station.domain.inspection import PartKey
from station.domain.messages import FaultReported
from station.domain.part_images import PartResult
from station.domain.recipe import Recipe, RecipeEntry, RecipeState, TakesEffect
from station.domain.signature import Consent, said_of_release
from station.domain.tried_corrections import TriedCorrections
from ui.actions.page_spec import ClosingStep, PageContext
from ui.background.rendered_part import RenderedPart, render_part
from ui.background.stoppable_task import LongWork, StoppableTask
from ui.background.timers import repeating_timer
from ui.pages.shadow.actions import ShadowAct
from ui.pages.shadow.page import ShadowPage
from ui.pages.shadow.shown_shadow import Known, choices_of, resolve
from ui.widgets.release_dialog import ReleaseDialog, ToRelease, look_before_release

_LOOK_EVERY_MS = 1_000
_COUNT_EVERY_S = 10.0
_A_DAY = timedelta(days=1)
_ENDS_WITHIN_S = 20.0

T = TypeVar("T")
ChosenAct = Callable[[Recipe], object]
"""Something to do with the chosen draft."""


class ShadowPresenter(QObject):
    """Asks the records every second while the page is visible; a gate takes longer and has a thread of its own."""

    def __init__(self, page: ShadowPage, context: PageContext) -> None:
        super().__init__(page)
        self._page, self._station, self._fault_log = page, context.station, context.fault_log
        self._answer = context.answer
        self._quick, self._slow = context.tasks.another(self), StoppableTask(self, context.tasks)
        self._slow.progressed.connect(self._show_progress)
        self._tried_at_s, self._tried_of = 0.0, ShadowFigures()
        self._known = Known(time_zone=context.station.settings.station.time_zone)
        self._timer = repeating_timer(self, _LOOK_EVERY_MS, self._look)
        page.draft_chosen.connect(self._choose)
        page.part_marked.connect(self._fetch_picture)
        self._connect_actions(context)
        self._show(self._known)

    def _connect_actions(self, context: PageContext) -> None:
        on = context.actions.on
        on(ShadowAct.START_SHADOW, lambda: self._command(self._start))
        on(ShadowAct.STOP_SHADOW, lambda: self._command(lambda _: self._station.candidates.stop_shadow()))
        on(ShadowAct.TRY_STORED, self._try)
        on(ShadowAct.CALL_GOOD, lambda: self._call(Disposition.GOOD_PART))
        on(ShadowAct.CALL_DEFECT, lambda: self._call(Disposition.MISSED_DEFECT))
        on(ShadowAct.CHECK_GATE, self._check)
        on(ShadowAct.PROMOTE, lambda: self._with_chosen(self._ask_to_promote))
        on(ShadowAct.ROLL_BACK, self._ask_to_roll_back)

    def open(self) -> None:
        """Look at the drafts now, and then every second; people may have corrected parts meanwhile."""
        self._known = replace(self._known, tried=None)
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
        """Give up what takes long, and wait for its last step, and for a promotion that is being recorded."""
        self._slow.stop()
        return (
            ClosingStep("the check of the draft to end", self._slow.wait, _ENDS_WITHIN_S),
            ClosingStep("the release to be recorded", self._quick.wait, _ENDS_WITHIN_S),
        )

    def close(self) -> None:
        """End the threads of this page."""
        self._timer.stop()
        self._quick.close()
        self._slow.close()

    def _look(self) -> None:
        self._quick.ask(partial(self._read, self._known), self._take, self._fail)

    def _read(self, known: Known) -> Known:
        """Return what is known now; the chosen draft stays chosen while it is one."""
        station = self._station
        entries = station.recipes.entries()
        choices = choices_of(entries)
        chosen = _same(known.chosen, choices) or next(iter(choices), None)
        bare = Known(entries, chosen, station.candidates.shadow(), time_zone=known.time_zone)
        if chosen is None:
            return bare
        name, revision = chosen.recipe.name, chosen.recipe.revision
        before, promotions = station.recipes.to_roll_back_to(name), station.candidates.promotions(name)
        bare = replace(bare, before=before, promotions=promotions)
        if chosen.state is RecipeState.RELEASED:
            return bare
        figures = station.candidates.figures(name, revision)
        disagreements = station.candidates.disagreements(name, revision)
        said = station.review.last_words([each.key for each in disagreements])
        recent = figures == self._tried_of or time.monotonic() - self._tried_at_s < _COUNT_EVERY_S
        as_before = known.tried is not None and said == known.said and recent
        return replace(
            bare,
            figures=figures,
            disagreements=disagreements,
            said=said,
            tried=known.tried if as_before else self._tried(name, revision, figures),
            gate=known.gate if known.gate is not None and known.gate.candidate == chosen.recipe.label else None,
        )

    def _tried(self, name: str, revision: int, figures: ShadowFigures) -> TriedCorrections:
        """Count the corrected parts again; beside a running line not with every part."""
        self._tried_at_s, self._tried_of = time.monotonic(), figures
        return self._station.corrections.tried(name, revision)

    def _take(self, read: Known) -> None:
        """Show what was read, unless another draft was chosen or a gate came meanwhile."""
        if self._known.chosen is None or _same(self._known.chosen, (read.chosen,) if read.chosen else ()):
            now, released = self._known, read.chosen is not None and read.chosen.state is RecipeState.RELEASED
            self._show(replace(read, gate=None if released else now.gate, busy=now.busy, running=now.running))

    def _show(self, known: Known) -> None:
        drafts, before = choices_of(known.entries), choices_of(self._known.entries)
        if drafts != before or known.chosen != self._known.chosen:
            self._page.offer_drafts(drafts, known.chosen)
        self._known = known
        self._page.show_view(resolve(known))

    def _choose(self, entry: RecipeEntry) -> None:
        self._page.show_picture(None)
        self._show(Known(self._known.entries, entry, self._known.shadow, time_zone=self._known.time_zone))
        self._look()

    def _with_chosen(self, do: ChosenAct) -> None:
        if self._known.chosen is not None:
            do(self._known.chosen.recipe)

    def _command(self, do: ChosenAct) -> None:
        chosen = self._known.chosen
        if chosen is not None:
            self._quick.ask(lambda: do(chosen.recipe), lambda _: self._done(), self._fail)

    def _begin(self, running: str, busy: str, work: LongWork[T], answer: Callable[[T], object]) -> None:
        """Begin what takes long; its key stops it."""
        if self._slow.runs:
            self._slow.stop()
            return
        self._show(replace(self._known, busy=busy, running=running))
        self._slow.ask(work, answer, self._fail)

    def _show_progress(self, words: str) -> None:
        if self._slow.runs:
            self._show(replace(self._known, busy=f"{words}."))

    def _start(self, draft: Recipe) -> None:
        self._station.candidates.start_shadow(draft.name, draft.revision)

    def _try(self) -> None:
        chosen, since = self._known.chosen, utc_now() - _A_DAY
        if chosen is not None:
            name, revision, try_it = chosen.recipe.name, chosen.recipe.revision, self._station.corrections.try_draft
            self._begin(
                "try",
                "Judging the stored parts of the last day and corrected ones \u2026",
                lambda report, wanted: try_it(name, revision, since, report, wanted),
                lambda _: self._done(),
            )

    def _done(self) -> None:
        self._show(replace(self._known, busy="", running="", tried=None))
        self._look()

    def _check(self) -> None:
        chosen = self._known.chosen
        if chosen is not None:
            name, revision, look = chosen.recipe.name, chosen.recipe.revision, self._station.candidates.gate
            self._begin(
                "check",
                "Judging the labelled pictures by both revisions \u2026",
                lambda report, wanted: look(name, revision, report, wanted),
                self._show_gate,
            )

    def _show_gate(self, gate: Gate) -> None:
        chosen = self._known.chosen
        of_chosen = chosen is not None and chosen.recipe.label == gate.candidate
        self._show(replace(self._known, gate=gate if of_chosen else None, busy="", running=""))

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
        ask = partial(look_before_release, self._station, draft)
        self._quick.ask(ask, partial(self._show_promotion, draft), self._fail)

    def _show_promotion(self, draft: Recipe, seen: ToRelease) -> None:
        if self._page.isVisible():
            sheet = ReleaseDialog(self._page, draft, seen.differences)
            sheet.sign_with(self._station.authority.person, seen.signing)
            sheet.wanted.connect(partial(self._promote, draft))
            sheet.open()

    def _promote(self, draft: Recipe, person: str, reason: str, takes_effect: TakesEffect, consent: Consent) -> None:
        promote = self._station.candidates.promote
        release = partial(promote, draft.name, draft.revision, person, reason, takes_effect, consent)
        self._quick.ask(release, self._say_released, self._fail)

    def _ask_to_roll_back(self) -> None:
        if self._known.before is not None:
            before = self._known.before.recipe
            ask = partial(look_before_release, self._station, before, again=True)
            self._quick.ask(ask, partial(self._show_roll_back, before), self._fail)

    def _show_roll_back(self, before: Recipe, seen: ToRelease) -> None:
        if self._page.isVisible():
            lines = (f"A new revision that equals {before.label} is released.", *seen.differences)
            sheet = ReleaseDialog(self._page, before, lines, "Roll back", f"Roll back to {before.label}")
            sheet.sign_with(self._station.authority.person, seen.signing)
            sheet.wanted.connect(partial(self._roll_back, before))
            sheet.open()

    def _roll_back(self, before: Recipe, person: str, reason: str, takes_effect: TakesEffect, consent: Consent) -> None:
        again = self._station.recipes.release_again
        release = partial(again, before.name, before.revision, person, reason, takes_effect, consent)
        self._quick.ask(release, self._say_released, self._fail)

    def _say_released(self, entry: RecipeEntry) -> None:
        self._answer(said_of_release(entry, entry.recipe.label), "")
        self._show(replace(self._known, chosen=None, gate=None, before=None))  # no key acts on the draft of before
        self._look()

    def _fail(self, error: StationError) -> None:
        if not isinstance(error, GivenUpError):
            self._fault_log.add(FaultReported.of("shadow", error))
        self._answer(error.sentence, error.advice)
        if not self._slow.runs:
            self._show(replace(self._known, busy="", running=""))


def _same(wanted: RecipeEntry | None, entries: tuple[RecipeEntry, ...]) -> RecipeEntry | None:
    """Return the entry of the same revision, as it is now; None if it is not among them."""
    if wanted is None:
        return None
    label = wanted.recipe.label
    return next((each for each in entries if each.recipe.label == label), None)
