"""The light and the dark theme; only the marks on a camera's picture are the same in both."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from importlib import resources
from string import Template

from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication

from station.domain import verdict_colours
from station.domain.verdict import Verdict
from station.domain.verdict_colours import VerdictColours
from ui.theme.sizes import Sizes

FAMILY = "Noto Sans"
_FONTS = ("NotoSans-Regular.ttf", "NotoSans-Bold.ttf")


@dataclass(frozen=True, slots=True)
class Colours:
    """One theme. Text on any of its grounds has a contrast of at least 4.5:1, edges of keys 3:1 (proved by a test)."""

    background: str
    panel: str
    field: str
    pressed: str
    line: str
    edge: str
    text: str
    muted: str
    accent: str
    on_accent: str
    strong: str
    on_strong: str
    alarm: str
    on_alarm: str
    picture_ground: str
    verdicts: Mapping[Verdict, VerdictColours]

    def of(self, verdict: Verdict) -> VerdictColours:
        """Return the colours of one verdict."""
        return self.verdicts[verdict]


LIGHT = Colours(
    background="#D9DCDF", panel="#ECEEF0", field="#FBFCFC", pressed="#C9CED3", line="#B9C0C6", edge="#6F7880",
    text="#1B1F23", muted="#4F5860", accent="#1F5C99", on_accent="#FFFFFF", strong="#1B1F23", on_strong="#FFFFFF",
    alarm="#8F2400", on_alarm="#FFFFFF", picture_ground="#2A2D31",
    verdicts=verdict_colours.LIGHT,
)  # fmt: skip
DARK = Colours(
    background="#1E2226", panel="#2A2F34", field="#363C43", pressed="#474F58", line="#4A525A", edge="#848E97",
    text="#E8EAED", muted="#B4BCC3", accent="#7DB7F0", on_accent="#15181B", strong="#E8EAED", on_strong="#15181B",
    alarm="#FFB59E", on_alarm="#15181B", picture_ground="#101214",
    verdicts=verdict_colours.DARK,
)  # fmt: skip
THEMES = {"light": LIGHT, "dark": DARK}


_LINE_SHARE = 1.3
"""Height of a line of type, as a share of the size of the type."""


@dataclass(frozen=True, slots=True)
class Theme:
    """Colours and sizes of the window."""

    colours: Colours
    sizes: Sizes


class _InUse:
    theme: Theme


def current_theme() -> Theme:
    """Return the theme in use; painted widgets ask for it at each painting."""
    return _InUse.theme


def apply_theme(new: Theme) -> None:
    """Apply a theme to the whole application: palette, font and style sheet."""
    application = _application()
    _InUse.theme = new
    application.setPalette(_palette(new.colours))
    font = QFont(FAMILY)
    font.setPixelSize(new.sizes.text)
    application.setFont(font)
    application.setStyleSheet(style_sheet(new))


def load_fonts() -> None:
    """Load the shipped typeface, so that none of the system is needed."""
    for name in _FONTS:
        content = resources.files("resources").joinpath("fonts", name).read_bytes()
        QFontDatabase.addApplicationFontFromData(content)


def style_sheet(new: Theme) -> str:
    """Return the shipped style sheet with the colours and sizes of a theme filled in."""
    template = resources.files("resources").joinpath("style.qss").read_text("utf-8")
    return Template(template).substitute(_words(new))


def _words(new: Theme) -> dict[str, str]:
    tables = (new.colours, new.sizes)
    words = {each.name: str(getattr(table, each.name)) for table in tables for each in fields(table)}
    for verdict, colours in new.colours.verdicts.items():
        words |= {f"{verdict.value.lower()}_{part}": colour for part, colour in asdict(colours).items()}
    words["down_arrow"] = str(resources.files("resources").joinpath("icons", "down.svg")).replace("\\", "/")
    return words | _insides(new.sizes)


def _insides(sizes: Sizes) -> dict[str, str]:
    """Qt's style sheets measure a box without its border and padding."""
    hint_room = round(sizes.hint * _LINE_SHARE)
    return {
        "hint_room": str(hint_room),
        "rail_inside": str(max(10, sizes.key - hint_room - 3)),
        "group_inside": str(round(0.6 * sizes.key) - 2),
        "key_inside": str(sizes.key - 2),
        "main_key_inside": str(sizes.main_key - 2),
        "band_inside": str(sizes.band - 2 * sizes.frame),
    }


def _palette(colours: Colours) -> QPalette:
    palette = QPalette()
    for role, colour in (
        (QPalette.ColorRole.Window, colours.background),
        (QPalette.ColorRole.WindowText, colours.text),
        (QPalette.ColorRole.Base, colours.field),
        (QPalette.ColorRole.AlternateBase, colours.panel),
        (QPalette.ColorRole.Text, colours.text),
        (QPalette.ColorRole.Button, colours.field),
        (QPalette.ColorRole.ButtonText, colours.text),
        (QPalette.ColorRole.Highlight, colours.accent),
        (QPalette.ColorRole.HighlightedText, colours.on_accent),
        (QPalette.ColorRole.ToolTipBase, colours.panel),
        (QPalette.ColorRole.ToolTipText, colours.text),
        (QPalette.ColorRole.PlaceholderText, colours.muted),
    ):
        palette.setColor(role, QColor(colour))
    return palette


def _application() -> QApplication:
    application = QApplication.instance()
    if not isinstance(application, QApplication):
        raise RuntimeError("the theme belongs to a running QApplication")
    return application
