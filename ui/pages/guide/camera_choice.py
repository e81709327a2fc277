"""Which camera: one that was found, or an address or folder that a person gives."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from station.domain.camera import DiscoveredCamera, DiscoveredDevice, DiscoveryResult
from station.domain.source_uri import typed_source
from ui.theme.theme import current_theme
from ui.widgets.wrapped_item import wrapped_rows

_DATA = Qt.ItemDataRole.UserRole
_HOW = "genicam:SERIAL, webcam:0, or the path of a folder"


class CameraChoice(QWidget):
    """A marked row writes its source into the entry, so what the entry says is what is chosen.

    Signals:
        look_wanted: Enter, or a double touch on a row.
    """

    look_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.rows: QListWidget = wrapped_rows("Cameras that were found")
        self.rows.setToolTip("cameras and simulations; a double touch shows what one sees")
        self.rows.itemSelectionChanged.connect(self._follow_mark)
        self.rows.itemActivated.connect(lambda _item: self.look_wanted.emit())
        self.entry = QLineEdit()
        self.entry.setAccessibleName("Camera, address or folder")
        self.entry.setPlaceholderText("Address or folder, then Enter")
        self.entry.setToolTip(f"{_HOW}; Enter shows what it sees")
        self.entry.returnPressed.connect(self.look_wanted.emit)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(current_theme().sizes.gap // 2)
        column.addWidget(self.rows, 1)
        column.addWidget(self.entry)

    @property
    def source(self) -> str:
        """Return the source that is chosen; "" if none is."""
        return typed_source(self.entry.text())

    def choose(self, source: str) -> None:
        """Choose a source, whether it was found or not."""
        self.entry.setText(source)
        self.entry.setCursorPosition(0)

    def show_searching(self) -> None:
        """Say that cameras are looked for, until they are shown; what was found before stays meanwhile."""
        if not self.rows.count():
            item = QListWidgetItem("Looking for cameras \u2026")
            item.setFlags(Qt.ItemFlag.NoItemFlags)
            self.rows.addItem(item)

    def show_cameras(self, found: DiscoveryResult) -> None:
        """Show what was found; what is chosen stays. A real camera may be chosen for the person, a stand-in is not."""
        chosen = self.source
        self.rows.clear()
        for each in found.cameras:
            item = QListWidgetItem(f"{each.name}\n{each.source}, {_brief(each)}")
            item.setData(_DATA, each.source)
            self.rows.addItem(item)
            if each.source == chosen:
                self.rows.setCurrentItem(item)
        real = [row for row, each in enumerate(found.cameras) if not each.stand_in]
        if not chosen and real:
            self.rows.setCurrentRow(real[0])

    def _follow_mark(self) -> None:
        for item in self.rows.selectedItems():
            self.choose(item.data(_DATA))


def _brief(camera: DiscoveredCamera) -> str:
    emulated = isinstance(camera, DiscoveredDevice) and camera.test_camera
    return "not a real camera" if emulated else camera.brief
