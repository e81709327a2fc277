"""What can be asked for on the models page."""

from enum import StrEnum

from station.domain.permissions import Permission
from ui.actions.action import ActionRow


class ModelsAct(StrEnum):
    """The name of an action of this page."""

    MEASURE = "measure on a version"
    STOP = "stop measuring"
    SAVE_PDF = "save the evaluation as PDF"
    SAVE_CSV = "save the evaluation as CSV"
    SAVE_MLFLOW = "add to the MLflow store"
    SHOW_MAP = "show or hide the map"
    CALIBRATE = "calibrate the drift again"
    LEARN = "show corrections to learn from"
    DRAWN = "look at drawn defects"


_EVALUATE = Permission.EVALUATE

MODELS_ROWS = (
    ActionRow(ModelsAct.MEASURE, "Measure", "Ctrl+M", "measure what has no figures on this version yet", _EVALUATE),
    ActionRow(ModelsAct.STOP, "Stop", "Ctrl+K", "give up the measurement", _EVALUATE),
    ActionRow(ModelsAct.SAVE_PDF, "Save PDF", "Ctrl+P", "print what is shown, with the worst mistakes", _EVALUATE),
    ActionRow(ModelsAct.SAVE_CSV, "Save CSV", "Ctrl+S", "save every figure and every picture as a table", _EVALUATE),
    ActionRow(ModelsAct.SAVE_MLFLOW, "To MLflow", "Ctrl+L", "add what is shown to the MLflow store", _EVALUATE),
    ActionRow(ModelsAct.CALIBRATE, "Calibrate", "Ctrl+D", "take the next parts that pass for normal; asks first",
              Permission.EDIT_RECIPE),
    ActionRow(ModelsAct.LEARN, "Learn from corrections", "Ctrl+R", "show the dataset with enough new corrections",
              Permission.TEACH),
    ActionRow(ModelsAct.DRAWN, "Drawn defects", "Ctrl+Y",
              "see which drawn defects the chosen revision finds", _EVALUATE),
    ActionRow(ModelsAct.SHOW_MAP, "Map", "Ctrl+H", "show the picture with its map, or alone"),
)  # fmt: skip
