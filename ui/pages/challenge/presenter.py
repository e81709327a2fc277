"""Connects checks with challenge parts with their page. Everything is read and done off the GUI thread."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QSize
from PySide6.QtGui import QImage

from station.domain.challenge import proposed_place
from station.domain.challenge_plan import ChallengePart, ExpectedPlace
from station.domain.errors import StationError
from station.domain.frame import Image
from station.domain.inspection import PartKey
from station.domain.part_images import PartResult
from station.domain.recipe import Recipe, RecipeEntry, RecipeState
from station.domain.suspects import SuspectSummary
from ui.actions.page_spec import ClosingStep, PageContext
from ui.background.rendered_part import picture_levels, qimage
from ui.pages.challenge.actions import ChallengeAct
from ui.pages.challenge.page import ChallengePage
from ui.pages.challenge.part_sheet import PartSheet
from ui.pages.challenge.shown_challenge import Known, ShownPicture, resolve
from ui.pages.challenge.signed_sheet import SignedSheet

_REVIEWED_AT_ONCE = 200
_EDITABLE = (RecipeState.DRAFT, RecipeState.VALIDATED, RecipeState.RELEASED)
Picture = tuple[tuple[QImage, ...], QSize]
_ASKED = "What was done with these parts? The answer is recorded, and they leave this list. "


class ChallengePresenter(QObject):
    """Follows the check that runs, and reads again what is due after each change."""

    def __init__(self, page: ChallengePage, context: PageContext) -> None:
        super().__init__(page)
        self._page, self._station = page, context.station
        self._open_page, self._answer = context.open_page, context.answer
        self._tasks, self._pictures = context.tasks.another(self), context.tasks.another(self)
        self._zone = context.station.settings.station.time_zone
        self._known = Known()
        self._reading_waits = False
        self._shown: ShownPicture | None = None
        page.part_marked.connect(self._mark)
        bridge = context.bridge
        for signal in (bridge.check_changed, bridge.recipe_loaded, bridge.recipe_state_changed, bridge.fell_behind):
            signal.connect(lambda _message: self._read())
        bridge.state_changed.connect(lambda change: self._follow(change.state))
        bridge.fault_reported.connect(lambda fault: self._say(fault.for_operator) if page.isVisible() else None)
        self._connect(context)
        self._show()

    def open(self) -> None:
        """Read what is due now."""
        self._known = replace(self._known, said="")
        self._read()

    def show_subject(self, subject: object) -> None:
        """Ask for a challenge part that is made of a recorded part.

        Args:
            subject: The `PartKey` of the part.
        """
        if isinstance(subject, PartKey):
            self._ask_for_part(subject)

    def leave(self) -> None:
        """Do nothing: a check goes on, and asks here for its next part."""

    def closing_steps(self) -> tuple[ClosingStep, ...]:
        """Wait for what is being recorded."""
        return (ClosingStep("the challenge parts to be recorded", self._tasks.wait, 10.0),)

    def close(self) -> None:
        """End the threads of this page."""
        self._tasks.close()
        self._pictures.close(0.0)

    def _connect(self, context: PageContext) -> None:
        on, challenge = context.actions.on, self._station.challenge
        on(ChallengeAct.START, lambda: self._do(challenge.start))
        on(ChallengeAct.TAKE, lambda: self._do(challenge.take))
        on(ChallengeAct.BREAK_OFF, lambda: self._do(challenge.break_off))
        on(ChallengeAct.ADD, lambda: self._ask_for_part(None))
        on(ChallengeAct.REMOVE, self._ask_to_remove)
        on(ChallengeAct.PLAN, self._show_plan)
        on(ChallengeAct.REVIEW, self._review)
        on(ChallengeAct.SAVE, self._save)
        on(ChallengeAct.ANSWER, self._ask_for_answer)

    # ---- what is known

    def _read(self) -> None:
        """Read what is known. However often the line changes its state meanwhile, one reading at most waits."""
        if not self._reading_waits:
            self._reading_waits = True
            self._tasks.ask(self._look, self._take, self._fail)

    def _look(self) -> Known:
        self._reading_waits = False  # whatever changes from here on is read again
        station, challenge = self._station, self._station.challenge
        recipe, progress = station.line.recipe, challenge.progress
        elsewhere = station.line.runs_elsewhere()
        if recipe is None:
            return Known(left=self._suspects_left(""), state=station.line.state, elsewhere=elsewhere)
        last = next((check for check in challenge.checks(2, recipe.name) if check.outcome is not None), None)
        due = None if progress else challenge.due(recipe)
        left, newest = self._suspects_left(recipe.name), self._newest(recipe)
        return Known(recipe, newest, due, last, left, progress, station.line.state, elsewhere)

    def _suspects_left(self, recipe: str) -> SuspectSummary | None:
        """Return the suspects of this product, or of another one if it has none."""
        names = self._station.challenge.recipes_with_suspects()
        name = recipe if recipe in names else next(iter(names), None)
        return self._station.challenge.suspects_left(name) if name is not None else None

    def _newest(self, recipe: Recipe) -> Recipe:
        """Return the revision that a change begins with: the newest that is not retired."""
        mine = (each for each in self._station.recipes.entries() if each.recipe.name == recipe.name)
        return max(
            (each.recipe for each in mine if each.state in _EDITABLE), key=lambda each: each.revision, default=recipe
        )

    def _take(self, known: Known) -> None:
        self._known = replace(known, said=self._known.said, marked=self._known.marked)
        self._show()

    def _follow(self, state: object) -> None:
        if self._page.isVisible():
            self._read()

    def _mark(self, row: int) -> None:
        if row != self._known.marked:
            self._known = replace(self._known, marked=row)
            self._show()

    def _show(self) -> None:
        view = resolve(self._known, self._zone)
        self._page.show_view(view)
        shown, self._shown = self._shown, view.picture
        if view.picture is None:
            self._page.show_picture((), QSize())
        elif shown is None or (shown.key, shown.view) != (view.picture.key, view.picture.view):
            self._page.show_picture((), QSize())
            self._pictures.ask(partial(self._picture_of, view.picture), self._show_picture, lambda _error: None)

    def _picture_of(self, shown: ShownPicture) -> tuple[ShownPicture, Picture]:
        """Return the picture of a recorded challenge part, else one of the product."""
        if shown.key is not None:
            image = _image_of(self._station.records.part(shown.key), shown.view)
        else:
            recipe = self._known.recipe
            image = self._station.recipes.picture(recipe, shown.view) if recipe else None
        return shown, _levels(image)

    def _show_picture(self, read: tuple[ShownPicture, Picture]) -> None:
        shown, picture = read
        if self._shown is not None and (shown.key, shown.view) == (self._shown.key, self._shown.view):
            self._page.show_picture(*picture)

    # ---- the check

    def _do(self, work: Callable[[], object]) -> None:
        self._known = replace(self._known, said="")
        self._tasks.ask(work, lambda _: self._read(), self._fail)

    def _say(self, words: str) -> None:
        self._known = replace(self._known, said=words)
        self._read()

    def _fail(self, error: StationError) -> None:
        self._known = replace(self._known, said=f"{error.sentence} {error.advice}".strip())
        self._show()
        self._answer(error.sentence, error.advice)

    # ---- the plan

    def _ask_for_part(self, key: PartKey | None) -> None:
        self._tasks.ask(partial(self._base_of, key), self._open_sheet, self._fail)

    def _base_of(self, key: PartKey | None) -> tuple[Recipe, ExpectedPlace | None, Image | None] | None:
        """Return the revision to change, the proposed place, and a picture to draw it on."""
        line = self._station.line.recipe
        if key is None:
            if line is None:
                return None
            newest = self._newest(line)
            return newest, None, self._station.recipes.picture(newest, newest.view_names[0])
        part = self._station.records.part(key)
        place = proposed_place(part.inspection)
        if line is None:
            return None
        return self._newest(line), place, _image_of(part, place.view if place else part.inspection.deciding.name)

    def _open_sheet(self, base: tuple[Recipe, ExpectedPlace | None, Image | None] | None) -> None:
        if base is None or not self._page.isVisible():
            return
        recipe, place, picture = base
        sheet = PartSheet(self._page, recipe.view_names, place, picture)
        sheet.sign_as(self._station.authority.person)
        sheet.wanted.connect(partial(self._put, recipe))
        sheet.open()

    def _put(self, base: Recipe, part: ChallengePart, person: str, reason: str) -> None:
        put = self._station.challenge.put_part
        self._tasks.ask(lambda: put(base, part, person, reason), self._say_drafted, self._fail)

    def _ask_to_remove(self) -> None:
        known = self._known
        if known.newest is None or not 0 <= known.marked < len(known.parts):
            return
        base, name = known.newest, known.parts[known.marked].name
        sheet = SignedSheet(self._page, f"Remove '{name}'", "A draft without this challenge part is made.", "Remove")
        sheet.sign_as(self._station.authority.person)
        sheet.wanted.connect(partial(self._remove, base, name))
        sheet.open()

    def _remove(self, base: Recipe, name: str, person: str, reason: str) -> None:
        remove = self._station.challenge.remove_part
        self._tasks.ask(lambda: remove(base, name, person, reason), self._say_drafted, self._fail)

    def _say_drafted(self, entry: RecipeEntry) -> None:
        label = entry.recipe.label
        self._say(f"{label} is a draft with these challenge parts. A check asks for them after it is released.")

    def _show_plan(self) -> None:
        newest = self._known.newest
        if newest is not None:
            self._open_page("recipes", (newest.name, newest.revision))

    # ---- the suspects

    def _review(self) -> None:
        left, suspects = self._known.left, self._station.challenge.suspects
        if left is not None:
            self._tasks.ask(
                lambda: tuple(each.key for each in suspects(left.recipe_name, _REVIEWED_AT_ONCE)),
                lambda keys: self._open_page("review", keys),
                self._fail,
            )

    def _save(self) -> None:
        if self._known.left is not None:
            write = partial(self._station.challenge.write_csv, self._known.left.recipe_name)
            self._tasks.ask(write, self._say_saved, self._fail)

    def _say_saved(self, path: Path) -> None:
        self._say(f"Saved as {path.name} in {path.parent}.")

    def _ask_for_answer(self) -> None:
        left = self._known.left
        if left is None or left.last is None:
            return
        title = f"Answer for the suspects of {left.recipe_name}"
        sheet = SignedSheet(self._page, title, f"{left.sentence} {_ASKED}", "Answer")
        sheet.sign_as(self._station.authority.person)
        sheet.wanted.connect(partial(self._give_answer, left.recipe_name, left.last))
        sheet.open()

    def _give_answer(self, recipe: str, last: PartKey, person: str, reason: str) -> None:
        answer = self._station.challenge.answer
        self._tasks.ask(
            lambda: answer(recipe, last, person, reason),
            lambda count: self._say(f"Answered for {count} suspect parts."),
            self._fail,
        )


def _image_of(part: PartResult, view: str) -> Image | None:
    """Return the picture of a view of a part, else that of the deciding one; None if none was kept."""
    results = {each.inspection.name: each for each in part.views}
    result = results.get(view) or part.deciding
    return result.levels[0] if result.levels else None


def _levels(image: Image | None) -> Picture:
    if image is None:
        return (), QSize()
    levels = picture_levels(qimage(image))
    return levels, levels[0].size()
