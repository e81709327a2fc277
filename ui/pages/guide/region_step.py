"""The region step: what is drawn on the picture is kept at once, so it can be left at any moment."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QObject, QTimer

from station.app import Station
from station.domain.errors import BadInputError, StationError
from station.domain.frame import Image
from station.domain.guide import ViewFacts
from station.domain.ignore_mask import IgnoreMask
from station.domain.inspected_place import WHOLE_PICTURE, InspectedPlace
from station.domain.preview import PreviewPicture
from ui.actions.page_spec import PageContext
from ui.background.rendered_part import qimage
from ui.background.tasks import BackgroundTasks
from ui.pages.guide.actions import GuideAct
from ui.widgets.canvas.region_canvas import Drawing, RegionCanvas
from ui.widgets.mask_sheet import MaskSheet

_KEPT_AFTER_MS = 400
_NO_PICTURE = "There is no picture yet: choose the camera first"
Place = tuple[str, str]
"""Product and view."""


class RegionStep(QObject):
    """The picture is live until something is drawn on it, and still from then on.

    Args:
        canvas: Where it is drawn.
        context: The station and the actions.
        tasks: Where the station is asked.
        done: Called when a place is kept.
        failed: Called with what went wrong.
    """

    def __init__(
        self,
        canvas: RegionCanvas,
        context: PageContext,
        tasks: BackgroundTasks,
        done: Callable[[], object],
        failed: Callable[[StationError], object],
    ) -> None:
        super().__init__(canvas)
        self._canvas, self._context, self._tasks = canvas, context, tasks
        self._station: Station = context.station
        self._done, self._failed = done, failed
        self._of: Place | None = None
        self._kept: InspectedPlace | None = None
        self._drawn: InspectedPlace | None = None
        self._still = False
        self._picture: PreviewPicture | None = None
        self._timer = QTimer(self, singleShot=True)
        self._timer.setInterval(_KEPT_AFTER_MS)
        self._timer.timeout.connect(self.keep_drawn)
        canvas.drawing_began.connect(self._hold_picture)
        canvas.region_drawn.connect(lambda roi: self._take(replace(self._place, roi=roi)))
        canvas.mask_drawn.connect(lambda mask: self._take(replace(self._place, ignore=mask)))
        on = context.actions.on
        on(GuideAct.DRAW_REGION, lambda: self._draw(Drawing.REGION))
        on(GuideAct.DRAW_MASK, lambda: self._draw(Drawing.MASK))
        on(GuideAct.PAINT_MASK, self._ask_to_paint)
        on(GuideAct.NO_MASK, lambda: self._take(replace(self._place, ignore=None)))
        on(GuideAct.WHOLE_PICTURE, lambda: self._take(replace(self._place, roi=None, ignore=None)))
        for act in (GuideAct.DRAW_REGION, GuideAct.DRAW_MASK):
            context.actions[act].setCheckable(True)

    @property
    def _place(self) -> InspectedPlace:
        """What is shown: what was drawn last, else what is kept."""
        return self._drawn or self._kept or WHOLE_PICTURE

    def show(self, product: str, view: ViewFacts) -> None:
        """Show what is kept for this view; what was drawn meanwhile stays. Nothing is drawn without a product."""
        of = (product, view.name) if product else None
        if of != self._of:
            self.leave()
            self._of, self._drawn = of, None
            self._draw(Drawing.REGION if of else Drawing.NOTHING)
            self._canvas.show_picture(None, _NO_PICTURE)
            if of is not None:
                self._tasks.ask(partial(self._last_picture, of), partial(self._show_last, of), self._failed)
        self._kept = view.place
        self._show_marks()

    def show_live(self, picture: PreviewPicture) -> None:
        """Show the newest picture of the camera, unless something was drawn on another one."""
        if not self._still:
            self._picture = picture  # its memory is shared by what is painted
            self._canvas.show_taken(picture.levels[0], tuple(map(qimage, picture.levels)))

    def leave(self) -> None:
        """Keep what was drawn."""
        self.keep_drawn()
        self._of, self._kept, self._still = None, None, False

    def keep_drawn(self) -> None:
        """Keep what was drawn and is not kept yet."""
        self._timer.stop()
        drawn, of, picture = self._drawn, self._of, self._canvas.drawn_on
        if drawn is None or of is None:
            return
        keep = partial(self._station.guide.decide_place, *of, drawn, None if picture is None else picture.shape[:2])
        self._tasks.ask(keep, lambda _: self._is_kept(of, drawn), partial(self._refused, drawn))

    def _take(self, place: InspectedPlace) -> None:
        """Show it, and keep it after a moment in which it does not change again: keys move it in small steps."""
        if self._of is not None:
            self._drawn = place
            self._show_marks()
            self._timer.start()

    def _is_kept(self, of: Place, place: InspectedPlace) -> None:
        if self._of == of:
            self._kept = place
        self._forget(place)
        self._done()

    def _refused(self, place: InspectedPlace, error: StationError) -> None:
        self._forget(place)
        self._failed(error)

    def _forget(self, place: InspectedPlace) -> None:
        """Show what is kept, unless something else was drawn meanwhile."""
        if self._drawn == place:
            self._drawn = None
            self._show_marks()

    def _show_marks(self) -> None:
        self._canvas.show_marks(self._place.roi, self._place.ignore, None)

    def _hold_picture(self) -> None:
        self._still = True

    def _draw(self, drawing: Drawing) -> None:
        for act, its in ((GuideAct.DRAW_REGION, Drawing.REGION), (GuideAct.DRAW_MASK, Drawing.MASK)):
            self._context.actions[act].setChecked(its is drawing)
        self._canvas.draw(drawing)
        if self._canvas.isVisible():
            self._canvas.setFocus()

    def _ask_to_paint(self) -> None:
        canvas = self._canvas
        if canvas.drawn_on is None:
            self._failed(BadInputError("There is no picture to paint on yet.", "Wait for one of the camera."))
            return
        self._still = True
        sheet = MaskSheet(canvas, canvas.drawn_on, canvas.levels, self._place.ignore)
        sheet.wanted.connect(self._painted)
        sheet.open()

    def _painted(self, mask: IgnoreMask | None) -> None:
        self._take(replace(self._place, ignore=mask))

    def _last_picture(self, of: Place) -> Image | None:
        items = self._station.datasets.first_items(*of, 1)
        return self._station.datasets.picture(items[0].item_id) if items else None

    def _show_last(self, of: Place, picture: Image | None) -> None:
        if self._of == of and picture is not None and not self._canvas.has_picture:
            self._canvas.show_picture(picture, _NO_PICTURE)
