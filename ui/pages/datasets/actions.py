"""What can be asked for on the page of datasets."""

from enum import StrEnum

from station.domain.permissions import Permission
from ui.actions.action import ActionRow


class DatasetAct(StrEnum):
    """The name of an action of this page."""

    GOOD = "label as good"
    DEFECT = "label as a defect"
    UNLABEL = "remove the label"
    IMPORT = "import pictures"
    ANNOTATE = "annotate the marked pictures"
    FREEZE = "freeze a version"
    EXPORT = "export the dataset"
    COLLECT = "set the collection policy"
    TEACH = "teach with the frozen version"
    CORRECT = "learn from corrections"


_EDIT = Permission.EDIT_DATASET

DATASET_ROWS = (
    ActionRow(DatasetAct.GOOD, "Good", "Ctrl+G", "label the marked pictures as good parts", _EDIT),
    ActionRow(DatasetAct.DEFECT, "Defect", "Ctrl+D", "label the marked pictures as defects of the kind shown", _EDIT),
    ActionRow(DatasetAct.UNLABEL, "No label", "Ctrl+U", "remove the label of the marked pictures", _EDIT),
    ActionRow(DatasetAct.IMPORT, "Import \u2026", "Ctrl+I", "add the pictures of a folder", _EDIT),
    ActionRow(DatasetAct.ANNOTATE, "Annotate", "Ctrl+M", "draw masks on the marked pictures", _EDIT),
    ActionRow(DatasetAct.FREEZE, "Freeze \u2026", "Ctrl+F", "keep what is labelled as a version", _EDIT),
    ActionRow(DatasetAct.EXPORT, "Export \u2026", "Ctrl+E", "write the dataset for other programs", _EDIT),
    ActionRow(DatasetAct.COLLECT, "Collect \u2026", "Ctrl+L", "choose which parts of the line are collected", _EDIT),
    ActionRow(DatasetAct.TEACH, "Teach", "Ctrl+T", "teach with the version that was frozen", Permission.TEACH),
    ActionRow(DatasetAct.CORRECT, "Corrections", "Ctrl+R", "teach with new corrections, or go on with their draft",
              Permission.TEACH),
)  # fmt: skip
"""The key to teach acts once a version was frozen here."""
