"""How the camera does, in figures."""

from collections.abc import Iterable

from PySide6.QtWidgets import QGridLayout, QLabel

from station.domain.camera import CameraFeature
from station.domain.preview import PreviewPicture, PreviewStatus
from ui.widgets.panel import Panel, label
from ui.words import number

_COLUMNS = 4
_NONE = "\u2013"
_TEMPERATURE, _LINK = "DeviceTemperature", ("DeviceLinkSpeed", "DeviceLinkThroughputLimit")


class CameraFigures(Panel):
    """Frame rate, losses, format; temperature and link speed where the camera tells them."""

    def __init__(self) -> None:
        super().__init__()
        self._grid = QGridLayout(self)
        self._grid.setVerticalSpacing(0)
        self._values: dict[str, QLabel] = {}
        names = ("Frame rate", "Frames", "Lost", "Incomplete", "Picture", "Away", "Temperature", "Link")
        for i, name in enumerate(names):
            row, column = divmod(i, _COLUMNS)
            self._values[name] = label(_NONE, "strong")
            self._grid.addWidget(label(name, "small"), 2 * row, column)
            self._grid.addWidget(self._values[name], 2 * row + 1, column)
            self._grid.setColumnStretch(column, 1)

    def text_of(self, name: str) -> str:
        """What stands under this name."""
        return self._values[name].text()

    def show_status(self, status: PreviewStatus) -> None:
        """The counts of the camera that is looked through."""
        self._put("Frame rate", _NONE if status.frame_rate_hz is None else f"{status.frame_rate_hz:.1f} / s")
        self._put("Frames", number(status.frames))
        self._put("Lost", number(status.lost))
        self._put("Incomplete", number(status.incomplete))
        self._put("Away", "never" if status.source and not status.losses else f"{status.losses} \u00d7")

    def show_picture(self, picture: PreviewPicture) -> None:
        """Size and format of the newest picture."""
        height, width = picture.levels[0].shape[:2]
        self._put("Picture", f"{width} \u00d7 {height} {picture.pixel_format}")

    def show_features(self, features: Iterable[CameraFeature]) -> None:
        """What only the camera's own features tell."""
        told = {each.name: each for each in features if each.value is not None}
        self._put("Temperature", _with_unit(told.get(_TEMPERATURE), "\u00b0C"))
        link = next((told[name] for name in _LINK if name in told), None)
        self._put("Link", _with_unit(link, ""))

    def _put(self, name: str, text: str) -> None:
        if self._values[name].text() != text:
            self._values[name].setText(text)


def _with_unit(feature: CameraFeature | None, unit: str) -> str:
    return _NONE if feature is None else f"{feature.text} {feature.unit or unit}".strip()
