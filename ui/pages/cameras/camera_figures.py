"""How the camera does, in figures."""

from collections.abc import Mapping

from PySide6.QtWidgets import QGridLayout, QLabel

from station.domain.camera import CameraFeature
from station.domain.formatting import number
from station.domain.preview import PreviewPicture, PreviewState, PreviewStatus
from ui.theme.plain_text import in_a_hint
from ui.widgets.panel import Panel, label
from ui.widgets.text.fitted_text import ElidedLine

_MEGA = 1_000_000
_NONE = "\u2013"
_ROWS = (
    (("Frame rate", 1), ("Frames", 1), ("Lost", 1), ("Incomplete", 1), ("Lost connection", 1)),
    (("Picture", 2), ("Temperature", 1), ("Link", 2)),
)
"""Names and how many columns they take."""


class CameraFigures(Panel):
    """Frame rate, losses, format; temperature and link speed if the camera reports them."""

    def __init__(self) -> None:
        super().__init__()
        self._grid = QGridLayout(self)
        self._grid.setVerticalSpacing(0)
        self._names: dict[str, QLabel] = {}
        self._values: dict[str, QLabel] = {}
        for row, names in enumerate(_ROWS):
            column = 0
            for name, columns in names:
                self._place(name, 2 * row, column, columns)
                column += columns
        self.show_picture(None)
        self.show_status(PreviewStatus())

    def _place(self, name: str, row: int, column: int, columns: int) -> None:
        self._names[name], self._values[name] = label(name, "small"), ElidedLine()
        self._values[name].setProperty("role", "strong")
        self._grid.addWidget(self._names[name], row, column, 1, columns)
        self._grid.addWidget(self._values[name], row + 1, column, 1, columns)
        for each in range(column, column + columns):
            self._grid.setColumnStretch(each, 1)

    def text_of(self, name: str) -> str:
        """Return the text under this name; empty if the name is hidden."""
        return self._values[name].text() if self._names[name].isVisibleTo(self) else ""

    def show_status(self, status: PreviewStatus) -> None:
        """The counts of the camera that is looked through."""
        asked = bool(status.source)
        self._put("Frame rate", _NONE if status.frame_rate_hz is None else f"{status.frame_rate_hz:.1f} / s")
        self._put("Frames", number(status.frames) if asked else _NONE)
        self._put("Lost", number(status.lost) if asked else _NONE)
        self._put("Incomplete", number(status.incomplete) if asked else _NONE)
        self._put("Lost connection", _times(status.losses) if asked else _NONE)
        fresh = status.readings if status.state is PreviewState.LIVE else ()
        readings = {each.name: each for each in fresh if each.value is not None}
        self._show_optional("Temperature", temperature(readings))
        self._show_optional("Link", link(readings))

    def show_picture(self, picture: PreviewPicture | None) -> None:
        """Size and format of the newest picture."""
        if picture is None:
            self._put("Picture", _NONE)
            return
        height, width = picture.levels[0].shape[:2]
        self._put("Picture", f"{width} \u00d7 {height} {picture.pixel_format}".strip())

    def _show_optional(self, name: str, text: str) -> None:
        """What a camera does not tell takes no room from what it does."""
        self._put(name, text)
        for words in (self._names[name], self._values[name]):
            words.setVisible(bool(text))

    def _put(self, name: str, text: str) -> None:
        if self._values[name].text() != text:
            self._values[name].setText(text)
            self._values[name].setToolTip(in_a_hint(text))


def temperature(readings: Mapping[str, CameraFeature]) -> str:
    """Return the camera's temperature, such as "41.5 \u00b0C"; empty if it reports none."""
    feature = readings.get("DeviceTemperature")
    return "" if feature is None else f"{_rounded(feature)} \u00b0C"


def link(readings: Mapping[str, CameraFeature]) -> str:
    """Return the speed of the link and its limit, "125 MB/s, limit 100 MB/s"; empty if not reported."""
    speed, limit = readings.get("DeviceLinkSpeed"), readings.get("DeviceLinkThroughputLimit")
    words = [] if speed is None else [_speed(speed)]
    if limit is not None:
        words.append(f"limit {_speed(limit)}")
    return ", ".join(words)


def _times(losses: int) -> str:
    return f"{losses} \u00d7" if losses else "never"


def _speed(feature: CameraFeature) -> str:
    """SFNC counts bytes a second, older cameras megabits."""
    if feature.unit in ("Bps", "B/s", "") and isinstance(feature.value, int | float) and feature.value >= _MEGA:
        return f"{feature.value / _MEGA:.4g} MB/s"
    return f"{feature.text} {'Mbit/s' if feature.unit == 'Mbps' else feature.unit}".rstrip()


def _rounded(feature: CameraFeature) -> str:
    return f"{feature.value:.1f}" if isinstance(feature.value, int | float) else feature.text
