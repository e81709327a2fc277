"""What can be asked for on the set-up page."""

from enum import StrEnum

from station.domain.guide import GuideStep
from station.domain.permissions import Permission
from ui.actions.action import ActionRow


class GuideAct(StrEnum):
    """The name of an action of this page."""

    FIND_CAMERAS = "find cameras for set-up"
    CHOOSE_FOLDER = "choose folder as camera"
    LOOK = "look through camera for set-up"
    USE_CAMERA = "use camera on line"
    DRAW_REGION = "draw region for set-up"
    DRAW_MASK = "draw ignore mask for set-up"
    PAINT_MASK = "paint ignore mask for set-up"
    NO_MASK = "no ignore mask for set-up"
    WHOLE_PICTURE = "whole picture for set-up"
    TAKE_GOOD_PART = "take good part"
    IMPORT_GOOD_PARTS = "import good parts"
    TEACH_PRODUCT = "teach product"
    OPEN_LIMITS = "open limits of set-up"
    TRY_PARTS = "try parts"
    RELEASE_PRODUCT = "release product"
    NEXT_STEP = "next step of set-up"


GUIDE_ROWS = (
    ActionRow(GuideAct.FIND_CAMERAS, "Find again", "Ctrl+F", "look for cameras to choose from",
              Permission.USE_CAMERA),
    ActionRow(GuideAct.CHOOSE_FOLDER, "Folder \u2026", "Ctrl+O", "take the pictures of a folder in place of a camera"),
    ActionRow(GuideAct.LOOK, "Look", "Ctrl+K", "show what the chosen camera sees; nothing changes",
              Permission.USE_CAMERA),
    ActionRow(GuideAct.USE_CAMERA, "Use this camera", "Ctrl+U", "let the line look through the chosen camera",
              Permission.CHANGE_CAMERA),
    ActionRow(GuideAct.DRAW_REGION, "Region", "Ctrl+R", "draw the region that is inspected", Permission.TEACH),
    ActionRow(GuideAct.DRAW_MASK, "Ignore", "Ctrl+I", "draw a place that is not judged", Permission.TEACH),
    ActionRow(GuideAct.PAINT_MASK, "Paint \u2026", "Ctrl+P", "paint what is not judged by brush or polygon",
              Permission.TEACH),
    ActionRow(GuideAct.NO_MASK, "No mask", "Ctrl+M", "judge every place of the region", Permission.TEACH),
    ActionRow(GuideAct.WHOLE_PICTURE, "Whole picture", "Ctrl+W", "inspect the whole picture", Permission.TEACH),
    ActionRow(GuideAct.TAKE_GOOD_PART, "Take picture", "Ctrl+T", "keep the picture of this good part",
              Permission.EDIT_DATASET),
    ActionRow(GuideAct.IMPORT_GOOD_PARTS, "From files \u2026", "Ctrl+D", "add pictures of a folder"),
    ActionRow(GuideAct.TEACH_PRODUCT, "Teach", "Ctrl+H", "learn what good parts look like", Permission.TEACH),
    ActionRow(GuideAct.OPEN_LIMITS, "Open limits", "Ctrl+L", "see what other limits would change"),
    ActionRow(GuideAct.TRY_PARTS, "Try 5 parts", "Ctrl+Y", "judge five parts as a trial", Permission.RUN_TRIAL),
    ActionRow(GuideAct.RELEASE_PRODUCT, "Release \u2026", "Ctrl+E", "let the line use it; asks for name and reason",
              Permission.RELEASE_RECIPE),
    ActionRow(GuideAct.NEXT_STEP, "Next", "Ctrl+N", "go on to the next step"),
)  # fmt: skip

ACTS_OF = {
    GuideStep.CAMERA: (GuideAct.FIND_CAMERAS, GuideAct.CHOOSE_FOLDER, GuideAct.LOOK, GuideAct.USE_CAMERA),
    GuideStep.REGION: (
        GuideAct.DRAW_REGION, GuideAct.DRAW_MASK, GuideAct.PAINT_MASK, GuideAct.NO_MASK, GuideAct.WHOLE_PICTURE,
    ),
    GuideStep.PICTURES: (GuideAct.IMPORT_GOOD_PARTS, GuideAct.TAKE_GOOD_PART),
    GuideStep.TEACH: (GuideAct.TEACH_PRODUCT,),
    GuideStep.LIMIT: (GuideAct.OPEN_LIMITS,),
    GuideStep.TRY: (GuideAct.TRY_PARTS,),
    GuideStep.RELEASE: (GuideAct.RELEASE_PRODUCT,),
}  # fmt: skip
"""The keys of each step, before the one that leads on."""
