"""What can be asked for on the training page."""

from enum import StrEnum

from station.domain.permissions import Permission
from ui.actions.action import ActionRow


class TrainingAct(StrEnum):
    """The name of an action of this page."""

    TEACH = "teach from a version"
    METHOD = "choose a method"
    WITH_DEFECTS = "learn from defects"
    WHOLE_PART = "check the whole part"
    CANCEL = "cancel a run"
    AGAIN = "queue a run again"
    COMPARE = "open marked runs"


_TEACH = Permission.TEACH

TRAINING_ROWS = (
    ActionRow(TrainingAct.TEACH, "Teach", "Ctrl+T", "queue a training with what is chosen above", _TEACH),
    ActionRow(TrainingAct.METHOD, "Method", "Ctrl+M", "choose the method, or compare several", _TEACH),
    ActionRow(TrainingAct.WITH_DEFECTS, "With defects", "Ctrl+D", "learn from the labelled defects too", _TEACH),
    ActionRow(TrainingAct.WHOLE_PART, "Whole part", "Ctrl+W", "check the look of the whole part too", _TEACH),
    ActionRow(TrainingAct.CANCEL, "Cancel run", "Ctrl+K", "cancel the marked run, else the one that runs", _TEACH),
    ActionRow(TrainingAct.AGAIN, "Queue again", "Ctrl+G", "queue the marked run once more", _TEACH),
    ActionRow(TrainingAct.COMPARE, "Figures", "Ctrl+E", "show the marked runs, or the table of a comparison"),
)
