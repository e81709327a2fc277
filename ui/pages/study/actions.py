"""What can be asked for on the study page."""

from enum import StrEnum

from station.domain.permissions import Permission
from ui.actions.action import ActionRow


class StudyAct(StrEnum):
    """The name of an action of this page."""

    NEW = "new study"
    JUDGE = "judge in the study"
    MODELS = "let models judge"
    SO_FAR = "result so far"
    SAVE_PDF = "save the study as PDF"
    GOOD = "part is good"
    DEFECT = "part has a defect"
    NEXT = "next part"
    LEAVE = "leave judging"


_RUN, _JUDGE = Permission.RUN_STUDY, Permission.JUDGE_STUDY

STUDY_ROWS = (
    ActionRow(StudyAct.NEW, "New study \u2026", "Ctrl+N", "choose product, parts, appraisers and trials", _RUN),
    ActionRow(StudyAct.JUDGE, "Judge", "Ctrl+J", "let the chosen person judge, from the next part on", _JUDGE),
    ActionRow(StudyAct.MODELS, "Models judge", "Ctrl+T", "let the models of the study judge every part", _RUN),
    ActionRow(StudyAct.SO_FAR, "So far \u2026", "Ctrl+R", "open the result before all have judged; asks first", _RUN),
    ActionRow(StudyAct.SAVE_PDF, "Save PDF", "Ctrl+P", "print the result", Permission.EXPORT_REPORT),
    ActionRow(StudyAct.GOOD, "Good", "Ctrl+G", "the part that is shown is good", _JUDGE),
    ActionRow(StudyAct.DEFECT, "Defect", "Ctrl+E", "the part that is shown has a defect", _JUDGE),
    ActionRow(StudyAct.NEXT, "Next", "Ctrl+Return", "keep the answer for ever, and show the next part", _JUDGE),
    ActionRow(StudyAct.LEAVE, "Leave", "Ctrl+L", "stop judging; the study goes on from here later"),
)
