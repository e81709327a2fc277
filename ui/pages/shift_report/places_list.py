"""Where parts were defective, most frequent place first, each with its worst part; then why parts had no judgement."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from station.domain.formatting import area, count_of, number, sentence_case, share
from station.domain.inspection import PartKey
from station.domain.shift_summary import CauseSummary, PlaceSummary
from ui.theme.theme import current_theme
from ui.widgets.panel import Panel, empty, label

_MOST = 9


class PlacesList(Panel):
    """One row for each place."""

    thumbnail_wanted = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._thumbnails: dict[PartKey, QLabel] = {}
        inside = QWidget()
        self._rows = QVBoxLayout(inside)
        self._rows.setContentsMargins(0, 0, 0, 0)
        area = QScrollArea(widgetResizable=True)
        area.setWidget(inside)
        area.setAccessibleName("Places of defects")
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        column = QVBoxLayout(self)
        column.addWidget(label("Places of defects", "strong"))
        column.addWidget(area, 1)

    def show_places(
        self, places: Sequence[PlaceSummary], causes: Sequence[CauseSummary], reasons: Sequence[tuple[str, int]] = ()
    ) -> None:
        """Show these, and the reasons that people gave; the thumbnails of the places are asked for."""
        empty(self._rows)
        self._thumbnails = {}
        for place in places[:_MOST]:
            self._rows.addWidget(self._place_row(place))
        for cause in causes:
            words = cause.cause.sentence
            self._rows.addWidget(label(f"{number(cause.share.count)} not inspected: {words}", "muted", wrap=True))
        if reasons:
            words = ", ".join(f"{reason} {number(count)}" for reason, count in reasons)
            self._rows.addWidget(label(f"Reasons that people gave: {words}", "muted", wrap=True))
        if not places and not causes:
            self._rows.addWidget(label("No rejects.", "muted"))
        self._rows.addStretch()
        for key in self._thumbnails:
            self.thumbnail_wanted.emit(key)

    def show_thumbnail(self, key: PartKey, image: QImage | None) -> None:
        """The picture of a place's worst part came."""
        if image is not None and key in self._thumbnails:
            side = current_theme().sizes.key
            small = image.scaled(
                side, side, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
            )
            self._thumbnails[key].setPixmap(QPixmap.fromImage(small))

    def _place_row(self, place: PlaceSummary) -> QWidget:
        picture = QLabel()
        picture.setFixedSize(current_theme().sizes.key, current_theme().sizes.key)
        picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        worst = place.worst[0].inspection
        self._thumbnails[worst.key] = picture
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(label(sentence_case(place.place), "strong", wrap=True))
        words.addWidget(label(_figures(place), "muted", wrap=True))
        row = QWidget()
        layout = QHBoxLayout(row)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(picture)
        layout.addLayout(words, 1)
        return row


def _figures(place: PlaceSummary) -> str:
    of_all = f"{count_of(place.share)} rejects ({share(place.share.value)})"
    return of_all if place.median_area_px is None else f"{of_all}, median {area(place.median_area_px)}"
