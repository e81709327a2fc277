"""How times, numbers and keys are written on every page."""

from datetime import datetime
from zoneinfo import ZoneInfo

_NARROW_SPACE = "\u202f"
_ON_THE_KEYBOARD = {"PgDown": "Page\u2009\u2193", "PgUp": "Page\u2009\u2191", "Return": "Enter"}


def clock(moment: datetime, zone: str) -> str:
    """Local time of day, to the second: "09:41:07"."""
    return moment.astimezone(ZoneInfo(zone)).strftime("%H:%M:%S")


def number(count: int) -> str:
    """Thousands apart by a narrow space that does not break: "1 284"."""
    return f"{count:,}".replace(",", _NARROW_SPACE)


def share(value: float | None) -> str:
    """A share as percent with one decimal; a dash of nothing. Never rounded up to 100 or down to 0."""
    if value is None:
        return "\u2013"
    percent = round(value * 100, 1)
    if value < 1:
        percent = min(percent, 99.9)
    if value > 0:
        percent = max(percent, 0.1)
    return f"{percent:.1f} %"


def age(seconds: float) -> str:
    """How old a picture is: "0.2 s", "12 s", "3 min"."""
    if seconds < 10:
        return f"{seconds:.1f} s"
    if seconds < 120:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min"


def key_name(shortcut: str) -> str:
    """What is printed on the keys, from Qt's portable words for them: "Ctrl+Enter"."""
    return "+".join(_ON_THE_KEYBOARD.get(key, key) for key in shortcut.split("+"))
