"""What can be asked for on the set-up page."""

from enum import StrEnum

from station.domain.guide import GuideStep
from station.domain.permissions import Permission
from ui.actions.action import ActionRow


class GuideAct(StrEnum):
    """The name of an action of this page."""

    FIND_CAMERAS = "find cameras for set-up"
    USE_CAMERA = "use camera on line"
    TAKE_GOOD_PART = "take good part"
    IMPORT_GOOD_PARTS = "import good parts"
    TEACH_PRODUCT = "teach product"
    OPEN_LIMITS = "open limits of set-up"
    TRY_PARTS = "try parts"
    RELEASE_PRODUCT = "release product"


GUIDE_ROWS = (
    ActionRow(GuideAct.FIND_CAMERAS, "Look again", "Ctrl+L", "look for cameras to choose from",
              Permission.USE_CAMERA),
    ActionRow(GuideAct.USE_CAMERA, "Use this camera", "Ctrl+U", "let the line look through the marked camera",
              Permission.CHANGE_CAMERA),
    ActionRow(GuideAct.TAKE_GOOD_PART, "Take picture", "Ctrl+T", "keep the picture of this good part",
              Permission.EDIT_DATASET),
    ActionRow(GuideAct.IMPORT_GOOD_PARTS, "From files \u2026", "Ctrl+I", "add pictures of a folder"),
    ActionRow(GuideAct.TEACH_PRODUCT, "Teach", "Ctrl+R", "learn what good parts look like", Permission.TEACH),
    ActionRow(GuideAct.OPEN_LIMITS, "Open limits", "Ctrl+M", "see what other limits would change"),
    ActionRow(GuideAct.TRY_PARTS, "Try 5 parts", "Ctrl+Y", "judge five parts as a trial", Permission.RUN_TRIAL),
    ActionRow(GuideAct.RELEASE_PRODUCT, "Release \u2026", "Ctrl+E", "let the line use it; asks for name and reason",
              Permission.RELEASE_RECIPE),
)  # fmt: skip

ACTS_OF = {
    GuideStep.CAMERA: (GuideAct.FIND_CAMERAS, GuideAct.USE_CAMERA),
    GuideStep.PICTURES: (GuideAct.IMPORT_GOOD_PARTS, GuideAct.TAKE_GOOD_PART),
    GuideStep.TEACH: (GuideAct.TEACH_PRODUCT,),
    GuideStep.LIMIT: (GuideAct.OPEN_LIMITS,),
    GuideStep.TRY: (GuideAct.TRY_PARTS,),
    GuideStep.RELEASE: (GuideAct.RELEASE_PRODUCT,),
}
"""The keys of each step; the last one is the one that leads on."""
