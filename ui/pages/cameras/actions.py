"""What can be asked for on the cameras page."""

from enum import StrEnum

from station.domain.permissions import Permission
from ui.actions.action import ActionRow


class CamerasAct(StrEnum):
    """The name of an action of this page."""

    LOOK_FOR_CAMERAS = "look for cameras"
    CONNECT = "connect"
    DISCONNECT = "disconnect"
    CLIPPING = "clipping"
    CROSSHAIR = "crosshair"
    FULL_SIZE = "camera full size"
    RESET_PEAK = "reset peak"
    FIND_FEATURE = "find feature"
    VISIBILITY = "visibility"
    WRITE_FEATURE = "write feature"
    READ_FEATURES = "read features"
    COPY_TO_RECIPE = "copy to recipe"
    RELEASE = "release"
    SUPPORT_FILE = "support file"


_USE = Permission.USE_CAMERA

CAMERAS_ROWS = (
    ActionRow(CamerasAct.LOOK_FOR_CAMERAS, "Look again", "Ctrl+L", "ask all producers for their cameras", _USE),
    ActionRow(CamerasAct.CONNECT, "Connect", "Ctrl+O", "open the marked camera", _USE),
    ActionRow(CamerasAct.DISCONNECT, "Disconnect", "Ctrl+D", "release the camera", _USE),
    ActionRow(CamerasAct.CLIPPING, "Clipped", "Ctrl+I", "mark over- and under-exposed pixels"),
    ActionRow(CamerasAct.CROSSHAIR, "Cross", "Ctrl+M", "mark the middle of the picture"),
    ActionRow(CamerasAct.FULL_SIZE, "1:1", "Ctrl+1", "one picture pixel per screen pixel, or the whole picture"),
    ActionRow(CamerasAct.RESET_PEAK, "Reset peak", "Ctrl+T", "forget the sharpest picture so far"),
    ActionRow(CamerasAct.FIND_FEATURE, "Find", "Ctrl+F", "find a feature of the camera"),
    ActionRow(CamerasAct.VISIBILITY, "Visibility", "Ctrl+G", "Beginner, Expert or Guru features"),
    ActionRow(CamerasAct.WRITE_FEATURE, "Set", "Ctrl+Return", "set the chosen feature", Permission.CHANGE_CAMERA),
    ActionRow(CamerasAct.READ_FEATURES, "Read again", "Ctrl+R", "read all features again", _USE),
    ActionRow(CamerasAct.COPY_TO_RECIPE, "Copy settings to recipe", "Ctrl+S", "make a draft with these settings",
              Permission.EDIT_RECIPE),
    ActionRow(CamerasAct.RELEASE, "Release", "Ctrl+U", "let the line use the draft that was just made",
              Permission.RELEASE_RECIPE),
    ActionRow(CamerasAct.SUPPORT_FILE, "Support file", "Ctrl+B", "save what support needs in one file",
              Permission.SAVE_SUPPORT_FILE),
)  # fmt: skip
