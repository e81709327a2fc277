"""One table of all a person can ask for: name, words, key, and who may. Buttons and shortcuts both come from it."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from ui.theme.key_names import key_name


class Role(StrEnum):
    """Who may: everyone, or the person whose page is open. A page's actions sleep while it is hidden."""

    ANYONE = "anyone"
    OPERATOR = "operator"
    SUPERVISOR = "supervisor"
    ENGINEER = "engineer"


class Act(StrEnum):
    """The name of an action."""

    KEYS = "keys"
    OPERATOR_PAGE = "operator page"
    SUPERVISOR_PAGE = "supervisor page"
    CAMERAS_PAGE = "cameras page"
    CHOOSE_PRODUCT = "choose product"
    START = "start"
    STOP = "stop"
    PAUSE = "pause"
    TRIGGER = "trigger"
    GOOD_PART = "good part"
    MISSED_DEFECT = "missed defect"
    CONFIRM = "confirm"
    REVIEW_GOOD = "review good"
    REVIEW_DEFECT = "review defect"
    SHOW_REVIEW = "show review"
    ACKNOWLEDGE = "acknowledge"
    OLDER_PART = "older part"
    NEWER_PART = "newer part"
    LIVE = "live"
    MAP = "map"
    OUTLINE = "outline"
    HIDE = "hide"
    FULL_SIZE = "full size"
    NEXT_VIEW = "next view"
    ALL_VIEWS = "all views"
    OPACITY_DOWN = "opacity down"
    OPACITY_UP = "opacity up"
    THEME = "theme"
    FULL_SCREEN = "full screen"
    SAVE_PDF = "save PDF"
    SAVE_CSV = "save CSV"
    LOOK_FOR_CAMERAS = "look for cameras"
    CONNECT = "connect"
    DISCONNECT = "disconnect"
    CLIPPING = "clipping"
    CROSSHAIR = "crosshair"
    CAMERA_FULL_SIZE = "camera full size"
    RESET_PEAK = "reset peak"
    FIND_FEATURE = "find feature"
    VISIBILITY = "visibility"
    WRITE_FEATURE = "write feature"
    READ_FEATURES = "read features"
    COPY_TO_RECIPE = "copy to recipe"
    SUPPORT_BUNDLE = "support bundle"
    QUIT = "quit"


@dataclass(frozen=True, slots=True)
class ActionRow:
    """One row of the table.

    Attributes:
        act: Its name.
        text: What the button says.
        shortcut: Qt's portable words for its key.
        explanation: One line for the page of keys.
        permission: Whose action it is.
    """

    act: Act
    text: str
    shortcut: str
    explanation: str
    permission: Role = Role.OPERATOR


TABLE = (
    ActionRow(Act.KEYS, "Keys", "F1", "show this page", Role.ANYONE),
    ActionRow(Act.OPERATOR_PAGE, "Line", "F2", "go to the line", Role.ANYONE),
    ActionRow(Act.SUPERVISOR_PAGE, "Shift report", "F3", "go to the shift report", Role.ANYONE),
    ActionRow(Act.CAMERAS_PAGE, "Cameras", "F4", "go to the cameras", Role.ANYONE),
    ActionRow(Act.CHOOSE_PRODUCT, "Choose product", "F8", "choose what is inspected"),
    ActionRow(Act.START, "Start", "F5", "start the line"),
    ActionRow(Act.STOP, "Stop", "F6", "stop the line; asks first"),
    ActionRow(Act.PAUSE, "Pause", "F7", "pause the line, or go on"),
    ActionRow(Act.TRIGGER, "Trigger", "T", "look at a part now, where the station triggers its cameras"),
    ActionRow(Act.GOOD_PART, "Good part", "G", "this reject is a good part"),
    ActionRow(Act.MISSED_DEFECT, "Missed defect", "M", "this part has a defect that was not found"),
    ActionRow(Act.CONFIRM, "Confirm", "Return", "this reject is right"),
    ActionRow(Act.REVIEW_GOOD, "Good part", "P", "the part that waits for a review is a good part"),
    ActionRow(Act.REVIEW_DEFECT, "Defect", "D", "the part that waits for a review has a defect"),
    ActionRow(Act.SHOW_REVIEW, "Show part", "V", "show the part that waits for a review"),
    ActionRow(Act.ACKNOWLEDGE, "Seen", "A", "acknowledge an alarm or a message"),
    ActionRow(Act.OLDER_PART, "Older", "PgDown", "show the part before"),
    ActionRow(Act.NEWER_PART, "Newer", "PgUp", "show the part after"),
    ActionRow(Act.LIVE, "Back to live", "Esc", "go back to the live picture"),
    ActionRow(Act.MAP, "Map", "1", "colour the anomalous places"),
    ActionRow(Act.OUTLINE, "Outline", "2", "outline the anomalous places"),
    ActionRow(Act.HIDE, "Hide", "H", "show the bare picture, or the marks again"),
    ActionRow(Act.FULL_SIZE, "1:1", "Z", "one picture point for each screen point, or the whole picture"),
    ActionRow(Act.NEXT_VIEW, "Next view", "N", "enlarge the next camera's picture, after the last show all"),
    ActionRow(Act.ALL_VIEWS, "All views", "0", "show the pictures of all cameras"),
    ActionRow(Act.OPACITY_DOWN, "Fainter", "[", "make the map fainter"),
    ActionRow(Act.OPACITY_UP, "Stronger", "]", "make the map stronger"),
    ActionRow(Act.THEME, "Light or dark", "F9", "change between the light and the dark screen", Role.ANYONE),
    ActionRow(Act.FULL_SCREEN, "Full screen", "F11", "fill the screen, or show a window", Role.ANYONE),
    ActionRow(Act.SAVE_PDF, "Save PDF", "Ctrl+P", "save the shift report as PDF", Role.SUPERVISOR),
    ActionRow(Act.SAVE_CSV, "Save CSV", "Ctrl+S", "save the shift's parts as a table", Role.SUPERVISOR),
    ActionRow(Act.LOOK_FOR_CAMERAS, "Look again", "F8", "ask all producers for their cameras", Role.ENGINEER),
    ActionRow(Act.CONNECT, "Connect", "F5", "look through the marked camera", Role.ENGINEER),
    ActionRow(Act.DISCONNECT, "Disconnect", "F6", "let go of the camera", Role.ENGINEER),
    ActionRow(Act.CLIPPING, "Clipped", "X", "mark over- and under-exposed pixels", Role.ENGINEER),
    ActionRow(Act.CROSSHAIR, "Cross", "C", "show the middle of the picture", Role.ENGINEER),
    ActionRow(Act.CAMERA_FULL_SIZE, "1:1", "Z", "one pixel for each screen point, or the whole picture", Role.ENGINEER),
    ActionRow(Act.RESET_PEAK, "Reset peak", "P", "forget the sharpest picture so far", Role.ENGINEER),
    ActionRow(Act.FIND_FEATURE, "Find", "Ctrl+F", "find a feature of the camera", Role.ENGINEER),
    ActionRow(Act.VISIBILITY, "Visibility", "V", "Beginner, Expert or Guru features", Role.ENGINEER),
    ActionRow(Act.WRITE_FEATURE, "Set", "Ctrl+Return", "set the chosen feature", Role.ENGINEER),
    ActionRow(Act.READ_FEATURES, "Read again", "Ctrl+R", "read all features again", Role.ENGINEER),
    ActionRow(Act.COPY_TO_RECIPE, "Copy settings to recipe", "Ctrl+E", "make a draft of them", Role.ENGINEER),
    ActionRow(Act.SUPPORT_BUNDLE, "Support file", "Ctrl+B", "save what support needs in one file", Role.ENGINEER),
    ActionRow(Act.QUIT, "Close", "Ctrl+Q", "close the window; asks first when the line runs", Role.ANYONE),
)
ROW = {row.act: row for row in TABLE}
_REPEATING = (Act.OLDER_PART, Act.NEWER_PART, Act.OPACITY_DOWN, Act.OPACITY_UP)


class Actions:
    """The table as living QActions, each hung on the page of those who may."""

    def __init__(
        self, window: QWidget, operator_page: QWidget, supervisor_page: QWidget, engineer_page: QWidget
    ) -> None:
        home = {
            Role.ANYONE: window,
            Role.OPERATOR: operator_page,
            Role.SUPERVISOR: supervisor_page,
            Role.ENGINEER: engineer_page,
        }
        self._by_name = {row.act: _action(row, home[row.permission]) for row in TABLE}

    def __getitem__(self, act: Act) -> QAction:
        return self._by_name[act]

    def on(self, act: Act, do: Callable[[], object]) -> None:
        """Let `do` happen when the action is asked for by key or button."""
        self._by_name[act].triggered.connect(lambda _checked=False: do())


def _action(row: ActionRow, home: QWidget) -> QAction:
    action = QAction(row.text, home)
    action.setShortcut(QKeySequence(row.shortcut))
    action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
    action.setAutoRepeat(row.act in _REPEATING)
    action.setToolTip(f"{row.explanation} ({key_name(row.shortcut)})")
    home.addAction(action)
    return action
