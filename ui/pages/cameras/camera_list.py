"""The cameras that were found, and why others were not."""

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QListView, QListWidget, QListWidgetItem, QScrollArea, QVBoxLayout, QWidget

from station.domain.camera import DiscoveredCamera, DiscoveryResult
from ui.actions.action_table import Actions
from ui.pages.cameras.actions import CamerasAct
from ui.theme.plain_text import in_a_hint
from ui.theme.theme import current_theme
from ui.widgets.key_button import KeyButton
from ui.widgets.panel import Panel, empty, label
from ui.widgets.wrapped_item import WrappedItem

_SOURCE = Qt.ItemDataRole.UserRole
_HEADINGS = {False: "Cameras", True: "Stand-ins"}


class CameraList(QWidget):
    """Cameras first, stand-ins below them, then what the producers say; a double touch connects."""

    connect_wanted = Signal()

    def __init__(self, actions: Actions) -> None:
        super().__init__()
        self.list = _Rows()
        self.list.setAccessibleName("Cameras")
        self.list.setToolTip("cameras and simulations; a double touch connects one")
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setWordWrap(True)
        self.list.setResizeMode(QListView.ResizeMode.Adjust)
        self.list.itemActivated.connect(lambda _item: self.connect_wanted.emit())
        self.why = _Reasons()
        self._lay_out(actions)

    @property
    def chosen(self) -> str | None:
        """The source of the row that is marked."""
        item = self.list.currentItem()
        return None if item is None else str(item.data(_SOURCE))

    def show_searching(self) -> None:
        """The producers are being asked."""
        self.why.show_words([("Looking for cameras \u2026", "muted")])

    def show_cameras(self, seen: DiscoveryResult) -> None:
        """Show what was found; the marked row stays marked."""
        chosen = self.chosen
        self.list.clear()
        for stand_in, heading in _HEADINGS.items():
            group = [camera for camera in seen.cameras if camera.stand_in is stand_in]
            self.list.addItem(_heading(heading if stand_in or seen.has_real_camera else _none_of(seen)))
            self._add(group, chosen)
        if self.list.currentItem() is None and seen.cameras:
            self._choose(seen.cameras[0].source)
        self.why.show_words(_words(seen))
        self._column.setStretchFactor(self.why, 2 if seen.reasons else 1)
        self.list.scroll_to_chosen()

    def _add(self, cameras: Iterable[DiscoveredCamera], chosen: str | None) -> None:
        for camera in cameras:
            item = QListWidgetItem(f"{camera.name}\n{camera.source}, {camera.brief}")
            item.setData(_SOURCE, camera.source)
            item.setToolTip(in_a_hint(item.text()))
            self.list.addItem(item)
            if camera.source == chosen:
                self.list.setCurrentItem(item)

    def _choose(self, source: str) -> None:
        rows = range(self.list.count())
        self.list.setCurrentRow(next(row for row in rows if self.list.item(row).data(_SOURCE) == source))

    def _lay_out(self, actions: Actions) -> None:
        self._column = column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(current_theme().sizes.gap)
        column.addWidget(self.list, 4)
        for row in ((CamerasAct.CONNECT, CamerasAct.DISCONNECT), (CamerasAct.LOOK_FOR_CAMERAS,)):
            keys = QHBoxLayout()
            keys.setSpacing(current_theme().sizes.gap)
            for act in row:
                keys.addWidget(KeyButton(actions[act]))
            column.addLayout(keys)
        column.addWidget(self.why, 1)


class _Rows(QListWidget):
    """Keeps the marked row visible, and each row as high as its words."""

    def __init__(self) -> None:
        super().__init__()
        self.setItemDelegate(WrappedItem(self, lambda _column: self.viewport().width()))

    def scroll_to_chosen(self) -> None:
        """Scroll until the marked row is wholly visible."""
        if self.currentItem() is not None:
            self.scrollToItem(self.currentItem())

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Less room may have hidden it."""
        super().resizeEvent(event)
        self.scheduleDelayedItemsLayout()
        QTimer.singleShot(0, self, self.scroll_to_chosen)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        """Another size of type needs other lines."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self.scheduleDelayedItemsLayout()


class _Reasons(Panel):
    """Sentences, one under another, with as much room as there is."""

    def __init__(self) -> None:
        super().__init__()
        self.sentences: Sequence[str] = ()
        inside = QWidget()
        self._sentences = QVBoxLayout(inside)
        self._sentences.setContentsMargins(0, 0, 0, 0)
        area = QScrollArea(widgetResizable=True)
        area.setWidget(inside)
        area.setAccessibleName("What the producers say")
        area.setToolTip("the makers' drivers, and what each of them sees")
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        QVBoxLayout(self).addWidget(area)

    def show_words(self, words: Sequence[tuple[str, str]]) -> None:
        """Show these words, each in its role."""
        empty(self._sentences)
        self.sentences = [text for text, _role in words]
        for text, role in words:
            self._sentences.addWidget(_broken(text, role))
        self._sentences.addStretch()


def _none_of(seen: DiscoveryResult) -> str:
    stand_ins = any(camera.stand_in for camera in seen.cameras)
    return "No camera, only stand-ins" if stand_ins else "No camera found"


def _words(seen: DiscoveryResult) -> list[tuple[str, str]]:
    """Return why no camera was found, then the producers; a failure that was explained is not repeated."""
    words = [(reason, "") for reason in seen.reasons]
    if words:
        words.insert(0, ("Only emulated cameras: why" if seen.devices else "Why no real camera was found", "strong"))
    words.append(("Producers", "strong"))
    for producer in seen.producers:
        explained = producer.sentence in seen.reasons
        words += [(producer.path if explained else producer.sentence, ""), (producer.detail, "small")]
        words += [(f"{each.name}: {each.detail}", "small") for each in seen.devices if each.producer == producer.path]
    return words


def _heading(text: str) -> QListWidgetItem:
    item = QListWidgetItem(text)
    item.setFlags(Qt.ItemFlag.NoItemFlags)
    font = item.font()
    font.setBold(True)
    item.setFont(font)
    return item


def _broken(text: str, role: str) -> QWidget:
    """Paths have no spaces; let them break after each slash."""
    words = label(text.replace("/", "/\u200b"), role, wrap=True)
    words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return words
