"""The parts that a search found, each with its picture."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from zoneinfo import ZoneInfo

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from station.domain.formatting import shortened
from station.domain.hold import Hold
from station.domain.inspection import Inspection, PartKey
from station.domain.scanned_code import shown
from ui.theme.plain_text import in_a_hint
from ui.theme.theme import current_theme
from ui.widgets.dialog import Dialog
from ui.widgets.panel import label

_NAME_ROOM = 60
_SIDES = 3
"""A picture is this many times as wide as a key is high."""


class FoundPartsDialog(Dialog):
    """Shows parts, newest first; their pictures are asked for one by one.

    Signals:
        picture_wanted: The key of a part.
        annotate_wanted: The key of a part whose defect is to be marked; the dialog is closed.
    """

    picture_wanted = Signal(object)
    annotate_wanted = Signal(object)

    def __init__(
        self,
        parent: QWidget,
        words: str,
        parts: Sequence[Inspection],
        time_zone: str,
        holds: Mapping[PartKey, Hold] = MappingProxyType({}),
    ) -> None:
        super().__init__(parent, f"Found: {words}")
        self._holds = holds
        self.parts = parts
        self._pictures: dict[PartKey, QLabel] = {}
        inside = QWidget()
        rows = QVBoxLayout(inside)
        for part in parts:
            rows.addLayout(self._row(part, time_zone))
        rows.addStretch()
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setWidget(inside)
        area.setAccessibleName("Parts that were found")
        close = QPushButton("Close  (Esc)")
        close.clicked.connect(self.accept)
        self.column.addWidget(area, 1)
        self.column.addWidget(close)
        self.resize(parent.size() * 0.7)

    def ask_for_pictures(self) -> None:
        """Ask for the picture of each part."""
        for part in self.parts:
            self.picture_wanted.emit(part.key)

    def show_picture(self, key: PartKey, image: QImage | None, why: str = "") -> None:
        """Show the picture of a part.

        Args:
            key: The part.
            image: Its picture; None if it has none.
            why: Why a picture of it was given up; "" if none was.
        """
        place = self._pictures[key]
        place.setToolTip(in_a_hint(f"The whole picture was given up: {why}" if why else ""))
        if image is None:
            place.setText(f"given up: {why}" if why else "no picture")
            return
        size = Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
        place.setPixmap(QPixmap.fromImage(image.scaled(place.size(), *size)))

    def picture_of(self, key: PartKey) -> QPixmap:
        """Return the picture on show for a part."""
        return self._pictures[key].pixmap()

    def _row(self, part: Inspection, time_zone: str) -> QHBoxLayout:
        picture = QLabel()
        picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        picture.setWordWrap(True)
        picture.setFixedSize(_SIDES * current_theme().sizes.key, _SIDES * current_theme().sizes.key)
        picture.setAccessibleName(f"Picture of part {part.key.label}")
        self._pictures[part.key] = picture
        said = QVBoxLayout()
        said.addWidget(label(f"{part.verdict.word}  {part.key.label}", "strong"))
        at = f"{part.triggered_at.astimezone(ZoneInfo(time_zone)):%Y-%m-%d %H:%M:%S}"
        names = (("serial", part.serial), ("lot", part.lot), ("order", part.order))
        named = "".join(f", {what} {shortened(shown(text), _NAME_ROOM)}" for what, text in names if text)
        said.addWidget(label(f"{at}, run {part.key.run_id}{named}", "muted", wrap=True))
        said.addWidget(label(part.reason, wrap=True))
        if hold := self._holds.get(part.key):
            said.addWidget(label(hold.words, "strong", wrap=True))
        said.addStretch()
        row = QHBoxLayout()
        row.addWidget(picture)
        row.addLayout(said, 1)
        row.addWidget(self._annotate_key(part.key))
        return row

    def _annotate_key(self, key: PartKey) -> QPushButton:
        button = QPushButton("Annotate")
        button.setAccessibleName(f"Annotate part {key.label}")
        button.setAutoDefault(False)
        button.clicked.connect(self.accept)
        button.clicked.connect(lambda: self.annotate_wanted.emit(key))
        return button
