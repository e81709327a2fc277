"""Leads from camera to release: asks the station for the facts, and gives it the commands of each step."""

import time
from functools import partial

from PySide6.QtCore import QObject

from station.domain.errors import BadInputError, StationError
from station.domain.formatting import counted
from station.domain.guide import GuideFacts, GuideStep, StepKey, ViewFacts, next_step, steps_of
from station.domain.inspection import Inspection
from station.domain.messages import FaultReported
from station.domain.permissions import Permission
from station.domain.preview import PreviewPicture, PreviewState, PreviewStatus
from station.domain.recipe import Recipe
from station.domain.source_uri import is_simulated
from station.domain.training import TrainingRun
from station.domain.verdict import Verdict
from ui.actions.page_spec import ClosingStep, PageContext
from ui.background.rendered_part import RenderedPart, render_part
from ui.background.timers import repeating_timer
from ui.pages.guide.actions import GuideAct
from ui.pages.guide.camera_step import CameraStep
from ui.pages.guide.page import GuidePage
from ui.pages.guide.region_step import RegionStep
from ui.pages.guide.release_step import ReleaseStep

_TICK_MS = 40
_FACTS_MS = 700
_PARTS = 5
_RELEASED_WITHIN_S = 20.0
_SEE_CAMERA = (GuideStep.CAMERA, GuideStep.REGION, GuideStep.PICTURES)
_TROUBLE = (PreviewState.REFUSED, PreviewState.LOST)
_WHO_ARE_YOU = "First say who you are: touch the name at the top, or press Shift+F12. An engineer sets a product up."


class GuidePresenter(QObject):
    """A camera is looked through only while the page is visible and a step needs it."""

    def __init__(self, page: GuidePage, context: PageContext) -> None:
        super().__init__(page)
        self._page, self._station, self._context = page, context.station, context
        self._quick, self._slow = context.tasks.another(self), context.tasks.another(self)
        self._product, self._facts = "", GuideFacts()
        self._step: StepKey | None = None
        self._asked = False
        self._shown_ns = 0
        self._may = False
        self._busy = ""
        self._camera = CameraStep(page.choice, context, self._quick, self._camera_used, page.say, self._fail)
        self._region = RegionStep(page.region, context, self._quick, self._ask_facts, self._fail)
        self._releasing = ReleaseStep(page, context, self._quick, self._did, self._fail)
        self._watching = repeating_timer(self, _TICK_MS, self._follow_camera)
        self._asking = repeating_timer(self, _FACTS_MS, self._ask_facts)
        page.product_named.connect(self._name)
        page.step_marked.connect(self._mark)
        on = context.actions.on
        on(GuideAct.NEXT_STEP, self._go_on)
        on(GuideAct.TAKE_GOOD_PART, self._take)
        on(GuideAct.IMPORT_GOOD_PARTS, self._import)
        on(GuideAct.TEACH_PRODUCT, self._teach)
        on(GuideAct.OPEN_LIMITS, self._open_limits)
        on(GuideAct.TRY_PARTS, self._try)
        on(GuideAct.RELEASE_PRODUCT, lambda: self._releasing.ask(self._facts))
        page.say("")

    def open(self) -> None:
        """Go on where the product was left."""
        self._asking.start()
        self._watching.start()
        self._may = False
        self._quick.ask(self._station.guide.products, self._offer, self._fail)
        self._follow_person()

    def leave(self) -> None:
        """Release the camera: the line may need it. What is drawn is kept, what is taught goes on."""
        self._asking.stop()
        self._watching.stop()
        self._region.leave()
        self._camera.leave()
        self._station.cameras.disconnect()
        self._page.show_live(None)

    def closing_steps(self) -> tuple[ClosingStep, ...]:
        """Return the wait for the camera, for a trial, and for every question that is still open."""
        return (ClosingStep("the camera to be released", self.wait, _RELEASED_WITHIN_S),)

    def wait(self, timeout_s: float) -> bool:
        """Wait until the camera is released and every question is answered; return whether that came in time."""
        deadline = time.monotonic() + timeout_s
        return self._station.cameras.wait_disconnected(timeout_s) and all(
            tasks.wait(max(0.0, deadline - time.monotonic()))
            for tasks in (self._quick, self._slow, self._camera.search)
        )

    def close(self) -> None:
        """End the threads of this page."""
        self.leave()
        for tasks in (self._quick, self._slow, self._camera.search):
            tasks.close(within_s=0)

    # ---- what is known

    @property
    def _view(self) -> ViewFacts:
        """The view of the step that is marked."""
        return self._facts.view(self._step[1] if self._step else "")

    def _is_at(self, *steps: GuideStep) -> bool:
        return self._step is not None and self._step[0] in steps

    def _offer(self, products: tuple[str, ...]) -> None:
        self._page.offer_products(products)
        if not self._product and products:
            loaded = self._station.line.recipe
            self._name(loaded.name if loaded is not None and loaded.name in products else products[-1])
        else:
            self._ask_facts()

    def _name(self, product: str) -> None:
        """Go to the first step of this product that is not done."""
        self._product, self._step = product, None
        self._page.show_product(product)
        self._page.show_tried(None)
        self._page.say("")
        self._ask_facts()

    def _ask_facts(self) -> None:
        if not self._asked:
            self._asked = True
            self._quick.ask(partial(self._station.guide.facts, self._product), self._show_facts, self._fail)

    def _show_facts(self, facts: GuideFacts) -> None:
        self._asked = False
        if facts.product == self._product:
            self._facts = facts
            self._show()

    def _show(self) -> None:
        steps = steps_of(self._facts)
        if self._step not in [each.key for each in steps]:
            self._step = next_step(steps) or steps[-1].key
        self._page.show_steps(steps, self._step)
        if self._is_at(GuideStep.CAMERA):
            self._camera.show(*self._step_and_camera())
        if self._is_at(GuideStep.REGION):
            self._region.show(self._product, self._view)
        if self._busy:
            for act in GuideAct:
                self._context.actions[act].setEnabled(False)

    def _step_and_camera(self) -> tuple[str, str]:
        return self._view.name, self._view.camera

    def _mark(self, step: StepKey) -> None:
        self._region.leave()
        self._camera.leave()
        self._step = step
        self._page.say("")
        self._show()

    # ---- the camera

    def _camera_used(self, source: str) -> None:
        self._next(f"The line looks through {source} from now on.")
        if not self._product:
            self._page.products.setFocus()

    def _follow_camera(self) -> None:
        """Look through a camera while a step needs it; else release it."""
        self._follow_person()
        wanted = self._wanted_camera()
        status = self._station.cameras.status
        released = status.state is PreviewState.NONE
        if wanted and (released or status.source != wanted):
            self._connect(wanted)
        elif not wanted and not released:
            self._station.cameras.disconnect()
        elif wanted:
            self._show_camera(status, self._station.cameras.take_picture())

    def _follow_person(self) -> None:
        """Say who is needed here; begin when somebody has logged in who may look through cameras."""
        before, self._may = self._may, self._station.authority.allows(Permission.USE_CAMERA)
        if not self._may:
            self._page.say_if_silent(_WHO_ARE_YOU)
        elif not before:
            self._page.say("")
            self._camera.find()

    def _wanted_camera(self) -> str:
        if self._busy or not self._may or not self._is_at(*_SEE_CAMERA):
            return ""
        present = self._view.camera
        return self._camera.wanted_camera(present) if self._is_at(GuideStep.CAMERA) else present

    def _show_camera(self, status: PreviewStatus, picture: PreviewPicture | None) -> None:
        if picture is not None:
            self._shown_ns = picture.received_ns
            self._page.show_live(picture, simulated=is_simulated(status.source))
            if self._is_at(GuideStep.REGION):
                self._region.show_live(picture)
        elif status.state in _TROUBLE:
            self._page.show_live(None, status.state)
            self._page.say_if_silent(status.sentence)
        self._camera.follow(status, came=picture is not None)

    def _connect(self, source: str) -> None:
        try:
            self._station.cameras.connect(source)
        except StationError as error:
            self._watching.stop()
            self._fail(error)

    # ---- the other steps

    def _go_on(self) -> None:
        """Go to the step behind it; what was drawn is kept first."""
        keys = [each.key for each in steps_of(self._facts)]
        if self._step in keys[:-1]:
            self._mark(keys[keys.index(self._step) + 1])
            self._page.steps.setFocus()

    def _take(self) -> None:
        """Keep the very picture that is on the screen: the next one may show a bad part."""
        try:
            shown = self._station.guide.shown_picture(self._shown_ns)
            if shown.source != self._view.camera:
                raise BadInputError(f"This picture is of {shown.source}.", "Wait for one of the camera of this step.")
        except StationError as error:
            self._fail(error)
            return
        keep = partial(self._station.guide.keep_good_part, self._product, self._view.name, shown)
        self._quick.ask(keep, lambda good: self._did(f"Picture {good} is kept."), self._fail)

    def _import(self) -> None:
        self._context.open_page("datasets", (self._product, self._view.name))

    def _teach(self) -> None:
        self._begin("Freezing the pictures \u2026")
        self._slow.ask(partial(self._station.guide.teach, self._product, self._view.name), self._queued, self._fail)

    def _queued(self, run: TrainingRun) -> None:
        self._did(f"Run {run.number} was queued. It goes on if you leave this page or close the window.")

    def _open_limits(self) -> None:
        if (taught := self._facts.newest) is not None:
            self._context.open_page("limits", (taught.name, taught.revision))

    def _try(self) -> None:
        draft = self._facts.draft
        if draft is not None:
            self._begin(f"{draft.recipe.label} judges the next {_PARTS} parts \u2026")
            self._slow.ask(partial(self._tried, draft.recipe), self._show_tried, self._fail)

    def _tried(self, draft: Recipe) -> tuple[tuple[Inspection, ...], RenderedPart]:
        parts: list[Inspection] = []
        self._station.guide.try_parts(draft.name, draft.revision, _PARTS, parts.append)
        if not parts:
            raise BadInputError("No part came.", "Check that parts pass the camera, and that it is triggered.")
        worst = max(parts, key=lambda part: part.verdict.severity)
        return tuple(parts), render_part(self._station.records.part(worst.key))

    def _show_tried(self, tried: tuple[tuple[Inspection, ...], RenderedPart]) -> None:
        parts, worst = tried
        verdicts = ", ".join(
            f"{count} {verdict.word}"
            for verdict in Verdict
            if (count := sum(part.verdict is verdict for part in parts))
        )
        self._page.show_tried(worst)
        reason = f" {worst.inspection.reason}" if worst.inspection.reason else ""
        self._did(f"{counted(len(parts), 'part')}: {verdicts}.{reason}")

    def _begin(self, text: str) -> None:
        self._busy = text
        self._page.say(text)
        self._show()

    def _next(self, text: str) -> None:
        """Say it, and go to the first step that is not done."""
        self._step = None
        self._did(text)

    def _did(self, text: str) -> None:
        self._busy = ""
        self._page.say(text)
        self._ask_facts()

    def _fail(self, error: StationError) -> None:
        self._asked, self._busy = False, ""
        self._context.fault_log.add(FaultReported.of("set-up", error))
        self._page.say(f"{error.sentence} {error.advice}")
        self._show()
