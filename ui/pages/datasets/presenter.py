"""Connects the datasets of the station with their page; slow work runs as a background task."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QPixmap

from station.domain.dataset import DatasetCounts, DatasetItem, DefectKind, FrozenVersion, Label
from station.domain.errors import StationError
from station.domain.formatting import counted, day_and_time, number
from station.domain.shift import ShiftWindow
from ui.actions.page_spec import ClosingStep, PageContext
from ui.pages.datasets.actions import DatasetAct
from ui.pages.datasets.exchange import Exchange
from ui.pages.datasets.filter_bar import Place
from ui.pages.datasets.learning import Learning
from ui.pages.datasets.page import DatasetsPage
from ui.pages.datasets.shown_items import ShownItems, described, resolve
from ui.pages.datasets.thumbnails import ThumbnailLoader
from ui.widgets.confirm_dialog import ask

_FOLLOW_AFTER_MS = 4_000
_FIRST = 60
_NEED_MARKED = (DatasetAct.GOOD, DatasetAct.DEFECT, DatasetAct.UNLABEL, DatasetAct.ANNOTATE)
_Known = tuple[Place, int, int]
"""A working set, and the numbers of its newest item and label."""
_Read = tuple[_Known, tuple[tuple[DatasetItem, ...], DatasetCounts], tuple[DefectKind, ...], tuple[ShiftWindow, ...]]


class DatasetsPresenter(QObject):
    """Shows one working set. Its background tasks are its own: a long import does not delay the line's page."""

    def __init__(self, page: DatasetsPage, context: PageContext) -> None:
        super().__init__(page)
        self._page, self._context, self._station = page, context, context.station
        self._tasks = context.tasks.another(self)
        self._thumbnails = ThumbnailLoader(self, context.station.datasets.thumbnail)
        self._exchange = Exchange(page, context.station, self._tasks, self._fail)
        self._learning = Learning(page, context, self._tasks, self._exchange)
        self._zone = context.station.settings.station.time_zone
        self._place: Place | None = None
        self._items: tuple[tuple[DatasetItem, ...], DatasetCounts] = ((), DatasetCounts())
        self._asked = 0
        self._known: _Known | None = None
        self._frozen: FrozenVersion | None = None
        self._stale = False
        self._timer = QTimer(self)
        self._timer.setInterval(_FOLLOW_AFTER_MS)
        self._timer.timeout.connect(self._follow)
        self._connect(context)
        self._show_marked()
        context.actions[DatasetAct.TEACH].setEnabled(False)

    def _connect(self, context: PageContext) -> None:
        page, actions = self._page, context.actions
        actions.on(DatasetAct.GOOD, lambda: self._label(Label.GOOD))
        actions.on(DatasetAct.DEFECT, lambda: self._label(Label.DEFECT))
        actions.on(DatasetAct.UNLABEL, lambda: self._label(Label.UNLABELLED))
        actions.on(DatasetAct.IMPORT, lambda: self._exchange.choose_folder(self._place))
        actions.on(DatasetAct.ANNOTATE, self._annotate)
        actions.on(DatasetAct.FREEZE, self._ask_to_freeze)
        actions.on(DatasetAct.EXPORT, lambda: self._exchange.choose_export(self._place))
        actions.on(DatasetAct.COLLECT, lambda: self._exchange.choose_collection(self._place))
        actions.on(DatasetAct.TEACH, self._teach)
        page.filters.place_chosen.connect(self.show_place)
        page.filters.changed.connect(self._show_items)
        page.gallery.marked.connect(self._show_marked)
        page.gallery.opened.connect(lambda item_id: self._context.open_page("annotator", (item_id,)))
        page.gallery.items.thumbnail_wanted.connect(self._thumbnails.want)
        page.gallery.tile_changed.connect(self._fit_thumbnails)
        self._fit_thumbnails(page.gallery.thumbnail_px)
        page.dropped.connect(lambda paths: self._exchange.read(paths, self._place))
        page.new_kind_wanted.connect(lambda: self._exchange.ask_for_kind(self._place))
        self._thumbnails.came.connect(self._show_thumbnails)
        self._exchange.changed.connect(self._show_changed)
        self._exchange.kind_added.connect(self._show_kind)
        context.bridge.part_recorded.connect(self._note_part)

    def open(self) -> None:
        """Show the working set that was shown last, or the first."""
        self._tasks.ask(self._read_places, self._offer, self._fail)
        self._timer.start()

    def show_subject(self, subject: object) -> None:
        """Show a working set.

        Args:
            subject: Product and view.
        """
        match subject:
            case (str(product), str(view)):
                self.show_place((product, view))

    def leave(self) -> None:
        """Read no more; what is imported or frozen goes on."""
        self._timer.stop()

    def closing_steps(self) -> tuple[ClosingStep, ...]:
        """Return nothing: what was begun is finished by `close`, or is done again the next time."""
        return ()

    def close(self) -> None:
        """End the threads."""
        self._timer.stop()
        self._thumbnails.close()
        self._tasks.close()

    def show_place(self, place: Place) -> None:
        """Show the working set of this product and view."""
        if place != self._place:
            self._forget_version()
            self._show_first(place)
        self._place = place
        self._read()

    def _show_first(self, place: Place) -> None:
        """Show the first pictures while all are still being read."""
        first = lambda: self._station.datasets.first_items(*place, _FIRST)  # noqa: E731
        self._tasks.ask(first, lambda items: self._page.show_first(items) if place == self._place else None, self._fail)

    def _read_places(self) -> list[Place]:
        filled = [(product, view) for product, view, _ in self._station.datasets.places()]
        recipes = [entry.recipe for entry in self._station.recipes.entries()]
        taught = [(recipe.product, view.name) for recipe in recipes for view in recipe.views]
        return sorted({*filled, *taught})

    def _offer(self, places: list[Place]) -> None:
        chosen = self._place or self._first(places)
        self._page.filters.offer_places(places, chosen)
        if chosen is None:
            self._page.say("No product yet. Import a folder of pictures, or drop one here: it asks for the product.")
        else:
            self.show_place(chosen)

    def _first(self, places: list[Place]) -> Place | None:
        """Return what is shown first: the product of the line, if it is one of them."""
        recipe = self._station.line.recipe
        on_line = [place for place in places if recipe is not None and place[0] == recipe.product]
        return next(iter([*on_line, *places]), None)

    def _read(self) -> None:
        """Read the working set, unless it is shown as it is."""
        place = self._place
        if place is None:
            return
        station, known, self._stale = self._station, self._known, False

        def read() -> _Read | None:
            newest = (place, *station.datasets.newest(*place))
            if newest == known:
                return None
            items = station.datasets.items(*place)
            return newest, (items, DatasetCounts.of(items)), station.datasets.kinds(place[0]), station.records.shifts()

        self._tasks.ask(read, self._show, self._fail)
        self._learning.look(place)

    def _show(self, read: _Read | None) -> None:
        if read is None or read[0][0] != self._place:
            return
        self._known, self._items, kinds, shifts = read
        self._page.offer_kinds(kinds)
        self._page.filters.offer_shifts(shifts)
        self._show_items()

    def _show_items(self) -> None:
        """Choose among the items off this thread; only the newest choice is shown."""
        self._asked += 1
        asked, (items, counts), wanted = self._asked, self._items, self._page.filters.wanted

        def show(shown: ShownItems) -> None:
            if asked == self._asked:
                self._page.show_items(shown)
                self._show_marked()

        self._tasks.ask(lambda: resolve(items, counts, wanted), show, self._fail)

    def _show_changed(self, place: Place, sentence: str) -> None:
        """Something came in or was decided: show it, and say it."""
        self._page.say(sentence)
        self._place = place
        self._tasks.ask(self._read_places, self._offer, self._fail)

    def _show_kind(self, kind: DefectKind) -> None:
        place = self._place
        if place is not None:
            show = lambda kinds: self._page.offer_kinds(kinds, kind.name)  # noqa: E731
            self._tasks.ask(lambda: self._station.datasets.kinds(place[0]), show, self._fail)

    def _fit_thumbnails(self, longest_px: int) -> None:
        self._thumbnails.set_size(longest_px, self._page.gallery.devicePixelRatioF())

    def _show_thumbnails(self, came: dict[int, Any]) -> None:
        pixmaps = {item_id: None if image is None else QPixmap.fromImage(image) for item_id, image in came.items()}
        self._page.gallery.items.add_thumbnails(pixmaps)

    def _show_marked(self) -> None:
        marked = self._page.gallery.marked_items()
        at = marked[0].labelled_at if len(marked) == 1 else None
        self._page.about.setText(described(marked, day_and_time(at, self._zone) if at else ""))
        for act in _NEED_MARKED:
            self._context.actions[act].setEnabled(bool(marked))
        labelled = self._page.shown.counts.good + self._page.shown.counts.defect
        for act in (DatasetAct.FREEZE, DatasetAct.EXPORT):
            self._context.actions[act].setEnabled(bool(labelled))
        self._context.actions[DatasetAct.COLLECT].setEnabled(self._place is not None)

    def _label(self, label: Label) -> None:
        marked = [item.item_id for item in self._page.gallery.marked_items()]
        kind = self._page.kind if label is Label.DEFECT else ""
        self._do(
            lambda: self._station.datasets.label(marked, label, kind),
            lambda _: f"{number(len(marked))} labelled.",
        )

    def _annotate(self) -> None:
        self._context.open_page("annotator", tuple(item.item_id for item in self._page.gallery.marked_items()))

    def _ask_to_freeze(self) -> None:
        counts = self._page.shown.counts
        words = (
            f"Keep {counted(counts.good, 'good picture')} and {counted(counts.defect, 'defect')} as a version that "
            f"never changes? Left out, without a label: {number(counts.unlabelled)}."
        )
        ask(self._page.window(), "Freeze a version", words, "Freeze", "Cancel", self._freeze)

    def _freeze(self) -> None:
        place = self._place
        if place is not None:
            self._page.say("Freezing \u2026")
            freeze = lambda: self._station.datasets.freeze(*place, progress=self._exchange.progress)  # noqa: E731
            self._tasks.ask(freeze, self._show_frozen, self._fail)

    def _show_frozen(self, version: FrozenVersion) -> None:
        self._frozen = version
        self._context.actions[DatasetAct.TEACH].setEnabled(True)
        self._page.say(
            f"Version {version.version} is frozen: {number(version.good)} good, {counted(version.defects, 'defect')}. "
            "It never changes. Teach with it now, or later on the page Training."
        )

    def _forget_version(self) -> None:
        self._frozen = None
        self._context.actions[DatasetAct.TEACH].setEnabled(False)

    def _teach(self) -> None:
        version = self._frozen
        if version is not None:
            self._context.open_page("training", (version.product, version.view, version.version))

    def _do(self, work: Callable[[], object], said: Callable[[object], str]) -> None:
        """Do something quick off this thread, then show what it changed."""

        def answer(result: object) -> None:
            self._read()
            self._page.say(said(result))

        self._tasks.ask(work, answer, self._fail)

    def _note_part(self) -> None:
        self._stale = True

    def _follow(self) -> None:
        """Show what was collected meanwhile, unless a person has marked something."""
        if self._stale and not self._page.gallery.marked_items():
            self._read()
        else:
            self._learning.follow()

    def _fail(self, error: StationError) -> None:
        self._page.say(f"{error.sentence} {error.advice}")
