"""One row of the table of actions: its name, its words, its key, and the permission that it needs."""

from dataclasses import dataclass
from enum import StrEnum

from station.domain.permissions import Permission


@dataclass(frozen=True, slots=True)
class ActionRow:
    """Something that a person can ask for by key or button.

    Attributes:
        name: Unique in the whole program; a member of the `StrEnum` of its page.
        text: The words on the button.
        shortcut: The key in Qt's portable words, such as "Ctrl+P".
        explanation: One line for the page of keys.
        permission: What a person must be permitted to do; None for an action that only shows something.
        repeats: Whether holding the key down repeats the action.
    """

    name: str
    text: str
    shortcut: str
    explanation: str
    permission: Permission | None = None
    repeats: bool = False


class SharedAct(StrEnum):
    """The name of an action that means the same on every page."""

    KEYS = "keys"
    CHOOSE_PRODUCT = "choose product"
    START = "start"
    STOP = "stop"
    PAUSE = "pause"
    ALARMS = "alarms"
    LOG_IN = "log in"
    LOT = "set the lot"
    THEME = "theme"
    FULL_SCREEN = "full screen"
    QUIT = "quit"


SHARED_ROWS = (
    ActionRow(SharedAct.KEYS, "Keys", "F1", "show this page"),
    ActionRow(SharedAct.START, "Start", "F5", "start the line", Permission.START_LINE),
    ActionRow(SharedAct.STOP, "Stop", "F6", "stop the line; asks first", Permission.STOP_LINE),
    ActionRow(SharedAct.PAUSE, "Pause", "F7", "pause the line, or resume it", Permission.PAUSE_LINE),
    ActionRow(SharedAct.CHOOSE_PRODUCT, "Choose product", "F8", "choose what is inspected", Permission.LOAD_RECIPE),
    ActionRow(SharedAct.ALARMS, "Alarms", "F10", "show all alarms with their times"),
    ActionRow(SharedAct.LOG_IN, "Log in or out", "Shift+F12", "say who you are: by badge, or by name and PIN"),
    ActionRow(SharedAct.LOT, "Lot and order", "F12", "say which lot and order are made", Permission.SET_LOT),
    ActionRow(SharedAct.THEME, "Light or dark", "F9", "switch between the light and the dark screen"),
    ActionRow(SharedAct.FULL_SCREEN, "Full screen", "F11", "fill the screen, or show a window"),
    ActionRow(SharedAct.QUIT, "Close", "Ctrl+Q", "close the window; asks first while the line runs"),
)
