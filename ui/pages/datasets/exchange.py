"""What comes into a working set and leaves it: imports, exports, collection, new kinds; each asks first."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QFileDialog

from station.app import Station
from station.domain.collection import CollectionPolicy, CollectionState
from station.domain.dataset import Added, Label
from station.domain.errors import StationError
from station.domain.formatting import counted, number, one_or_many
from ui.background.tasks import BackgroundTasks
from ui.pages.datasets.choices import ExportSheet, NewKindSheet
from ui.pages.datasets.collection_sheet import CollectionSheet
from ui.pages.datasets.filter_bar import Place
from ui.pages.datasets.import_sheet import ImportSheet
from ui.pages.datasets.page import DatasetsPage

_NO_PLACE: Place = ("", "")


class Step(Protocol):
    """A step of a long task, as the core reports it: what is done, how many of how many, and the seconds left."""

    stage: str
    done: int
    total: int
    left_s: float | None


class Exchange(QObject):
    """Asks, and has the work done off the GUI thread.

    Signals:
        changed: The working set that changed, and what happened in a sentence.
        kind_added: A kind of defect that is new.
    """

    changed = Signal(object, str)
    kind_added = Signal(object)
    _stepped = Signal(object)

    def __init__(
        self, page: DatasetsPage, station: Station, tasks: BackgroundTasks, fail: Callable[[StationError], object]
    ) -> None:
        super().__init__(page)
        self._page, self._station, self._tasks, self._fail = page, station, tasks, fail
        self._stepped.connect(self._show_step, Qt.ConnectionType.QueuedConnection)

    def progress(self, step: object) -> None:
        """Show a step of a long task; called on its thread."""
        self._stepped.emit(step)

    def choose_folder(self, place: Place | None) -> None:
        """Ask for a folder to import."""
        dialog = QFileDialog(self._page.window(), "Import the pictures of a folder", str(Path.home()))
        dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.fileSelected.connect(lambda chosen: self.read([Path(chosen)], place))
        dialog.open()

    def read(self, paths: Sequence[Path], place: Place | None) -> None:
        """Say what folders and files are taken for, and ask whether they come in."""
        self._page.say("Reading the folder \u2026")
        show = partial(self._ask_to_import, paths, place or _NO_PLACE)
        self._tasks.ask(lambda: self._station.datasets.read_to_import(paths), show, self._fail)

    def import_paths(self, paths: Sequence[Path], product: str, view: str, assumed: Label) -> None:
        """Bring folders and files into a working set."""

        def bring_in() -> Added:
            return self._station.datasets.import_folder(paths, product, view, assumed=assumed, progress=self.progress)

        self._tasks.ask(bring_in, lambda added: self.changed.emit((product, view), _came(added)), self._fail)

    def choose_export(self, place: Place | None) -> None:
        """Ask in which form and where a working set is written."""
        if place is not None:
            sheet = ExportSheet(self._page.window())
            sheet.wanted.connect(lambda form: self._ask_where(form, place))
            sheet.open()

    def export(self, form: str, target: Path, place: Place) -> None:
        """Write a working set into a new folder."""
        datasets = self._station.datasets
        write = datasets.export_coco if form == "coco" else datasets.export_mvtec
        done = lambda count: self._page.say(f"{counted(count, 'picture')} written to {target}.")  # noqa: E731
        self._tasks.ask(lambda: write(place[0], target, place[1], self.progress), done, self._fail)

    def choose_collection(self, place: Place | None) -> None:
        """Ask which parts of the line are collected."""
        if place is not None:
            show = partial(self._ask_for_policy, place)
            self._tasks.ask(lambda: self._station.datasets.collection(place[0]), show, self._fail)

    def ask_for_kind(self, place: Place | None) -> None:
        """Ask for the name of a new kind of defect."""
        if place is not None:
            sheet = NewKindSheet(self._page.window())
            add = lambda name: self._tasks.ask(  # noqa: E731
                lambda: self._station.datasets.add_kind(place[0], name), self.kind_added.emit, self._fail
            )
            sheet.wanted.connect(add)
            sheet.open()

    def _ask_to_import(self, paths: Sequence[Path], place: Place, notes: tuple[str, ...]) -> None:
        self._page.say("")
        sheet = ImportSheet(self._page.window(), notes, *place)
        sheet.wanted.connect(partial(self.import_paths, paths))
        sheet.open()

    def _ask_where(self, form: str, place: Place) -> None:
        dialog = QFileDialog(self._page.window(), "Write into a new folder", str(Path.home() / f"{place[0]} {form}"))
        dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.fileSelected.connect(lambda chosen: self.export(form, Path(chosen), place))
        dialog.open()

    def _ask_for_policy(self, place: Place, state: CollectionState) -> None:
        sheet = CollectionSheet(self._page.window(), place[0], state)
        sheet.wanted.connect(partial(self.set_policy, place))
        sheet.open()

    def set_policy(self, place: Place, policy: CollectionPolicy, search: bool) -> None:
        """Put a policy in force, and collect by it from the records if that is wanted."""

        def decide() -> str:
            self._station.datasets.set_collection(place[0], policy)
            if not (search and policy.collects):
                return f"From now on: {policy.words()}."
            return _came(self._station.datasets.collect_stored(place[0], self.progress))

        self._tasks.ask(decide, lambda sentence: self.changed.emit(place, sentence), self._fail)

    def _show_step(self, step: Step) -> None:
        left = f", {_rest(step.left_s)} left" if step.left_s else ""
        total = f" of {number(step.total)}" if step.total else ""
        self._page.say(f"{step.stage}: {number(step.done)}{total}{left}")


def _rest(seconds: float) -> str:
    """Return a rest of time in whole seconds or minutes: "12 s", "3 min"."""
    return f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.0f} min"


def _came(added: Added) -> str:
    there = added.already_there
    words = f"{counted(len(added.item_ids), 'picture')} came in"
    words += f", {number(there)} {one_or_many(there, 'was', 'were')} there already" if there else ""
    left = [note for note in added.notes if any(word in note for word in ("left out", "cap", "a label now"))]
    return f"{words}. {' '.join(left)}".strip()
