"""What can be asked for on the recipes page."""

from enum import StrEnum

from station.domain.permissions import Permission
from ui.actions.action import ActionRow


class RecipesAct(StrEnum):
    """The name of an action of this page."""

    FIND_RECIPE = "find recipe"
    SET_VALUE = "set recipe value"
    DRAW_REGION = "draw region"
    DRAW_MASK = "draw ignore mask"
    PAINT_MASK = "paint ignore mask"
    NO_REGION = "whole picture"
    NO_MASK = "no ignore mask"
    FORGET_CHANGES = "forget changes"
    SAVE_DRAFT = "save draft"
    COMPARE = "compare revisions"
    VALIDATE = "validate recipe"
    RELEASE_RECIPE = "release recipe"
    ROLL_BACK = "roll back recipe"
    RETIRE = "retire recipe"
    USE_ON_LINE = "use on line"
    OPEN_LIMITS = "open limits"
    TEACH_AGAIN = "teach again"
    EXPORT_RECIPE = "export recipe"
    IMPORT_RECIPE = "import recipe"


_EDIT, _RELEASE = Permission.EDIT_RECIPE, Permission.RELEASE_RECIPE

RECIPES_ROWS = (
    ActionRow(RecipesAct.FIND_RECIPE, "Find", "Ctrl+F", "find a recipe by its name"),
    ActionRow(RecipesAct.SET_VALUE, "Set", "Ctrl+Return", "change the marked value in the draft", _EDIT),
    ActionRow(RecipesAct.DRAW_REGION, "Region", "Ctrl+R", "draw the region that is inspected", _EDIT),
    ActionRow(RecipesAct.DRAW_MASK, "Ignore", "Ctrl+I", "draw a place that is not judged", _EDIT),
    ActionRow(RecipesAct.PAINT_MASK, "Paint ...", "Ctrl+P", "paint what is not judged by brush or polygon", _EDIT),
    ActionRow(RecipesAct.NO_REGION, "Whole", "Ctrl+W", "inspect the whole picture", _EDIT),
    ActionRow(RecipesAct.NO_MASK, "No mask", "Ctrl+M", "judge every place of the region", _EDIT),
    ActionRow(RecipesAct.FORGET_CHANGES, "Forget changes", "Ctrl+G", "forget the changes that are not saved", _EDIT),
    ActionRow(RecipesAct.SAVE_DRAFT, "Save draft ...", "Ctrl+S", "keep the changes as the next revision", _EDIT),
    ActionRow(RecipesAct.COMPARE, "Compare ...", "Ctrl+D", "say how two revisions differ"),
    ActionRow(RecipesAct.VALIDATE, "Validate ...", "Ctrl+T", "judge a labelled set by this revision",
              Permission.EVALUATE),
    ActionRow(RecipesAct.RELEASE_RECIPE, "Release ...", "Ctrl+U", "let the line use this revision", _RELEASE),
    ActionRow(RecipesAct.ROLL_BACK, "Roll back ...", "Ctrl+B", "release a new revision that equals this one", _RELEASE),
    ActionRow(RecipesAct.RETIRE, "Retire ...", "Ctrl+K", "take this revision off the line", _RELEASE),
    ActionRow(RecipesAct.USE_ON_LINE, "Use on line", "Ctrl+N", "load this product on the stopped line",
              Permission.LOAD_RECIPE),
    ActionRow(RecipesAct.OPEN_LIMITS, "Limits", "Ctrl+L", "see which parts another limit would turn"),
    ActionRow(RecipesAct.TEACH_AGAIN, "Teach", "Ctrl+H", "teach this product again"),
    ActionRow(RecipesAct.EXPORT_RECIPE, "Export", "Ctrl+E", "save recipe and models as one file",
              Permission.EXPORT_RECIPE),
    ActionRow(RecipesAct.IMPORT_RECIPE, "Import ...", "Ctrl+O", "make a draft of such a file", _EDIT),
)  # fmt: skip
