"""What can be asked for on the limits page."""

from enum import StrEnum

from station.domain.permissions import Permission
from ui.actions.action import ActionRow


class LimitsAct(StrEnum):
    """The name of an action of this page."""

    BY_OVERKILL = "choose by overkill"
    BY_DETECTION = "choose by detection"
    BY_COST = "choose by cost"
    REVIEW = "review limit"
    CURVE = "roc or precision"
    PUT_BACK = "put limits back"
    COUNT_AGAIN = "read scores again"
    SCORE = "score labelled pictures"
    SAVE_DRAFT = "save limits as draft"


_EDIT = Permission.EDIT_RECIPE

LIMITS_ROWS = (
    ActionRow(LimitsAct.BY_OVERKILL, "Overkill at most", "Ctrl+K", "the limit with at most this overkill"),
    ActionRow(
        LimitsAct.BY_DETECTION, "Detection from", "Ctrl+D", "the limit that finds at least this share of the defects"
    ),
    ActionRow(LimitsAct.BY_COST, "Escape costs", "Ctrl+E", "the limit that costs least"),
    ActionRow(LimitsAct.REVIEW, "Review", "Ctrl+R", "parts between two limits are for a person, or none is"),
    ActionRow(LimitsAct.CURVE, "Curve", "Ctrl+T", "ROC, or precision against recall"),
    ActionRow(LimitsAct.PUT_BACK, "Put back", "Ctrl+Z", "the limits of the revision again"),
    ActionRow(LimitsAct.COUNT_AGAIN, "Read again", "Ctrl+U", "read the scores of the line again"),
    ActionRow(
        LimitsAct.SCORE, "Score", "Ctrl+L", "score the labelled pictures that wait, or stop it", Permission.EVALUATE
    ),
    ActionRow(LimitsAct.SAVE_DRAFT, "Save as draft \u2026", "Ctrl+S", "make a draft with these limits", _EDIT),
)
