"""What can be asked for on the shadow page."""

from enum import StrEnum

from station.domain.permissions import Permission
from ui.actions.action import ActionRow


class ShadowAct(StrEnum):
    """The name of an action of this page."""

    START_SHADOW = "start shadow"
    STOP_SHADOW = "stop shadow"
    TRY_STORED = "try on stored parts"
    CALL_GOOD = "call good"
    CALL_DEFECT = "call defect"
    CHECK_GATE = "check gate"
    PROMOTE = "promote"
    ROLL_BACK = "roll back"


_RUN, _RELEASE = Permission.RUN_SHADOW, Permission.RELEASE_RECIPE
_SAY = Permission.GIVE_FEEDBACK

SHADOW_ROWS = (
    ActionRow(ShadowAct.START_SHADOW, "Start shadow", "Ctrl+B", "let the draft judge every part, and decide nothing",
              _RUN),
    ActionRow(ShadowAct.STOP_SHADOW, "Stop shadow", "Ctrl+D", "let the draft judge no more parts", _RUN),
    ActionRow(ShadowAct.TRY_STORED, "Try on stored parts", "Ctrl+T", "judge parts of the last day and corrected ones",
              _RUN),
    ActionRow(ShadowAct.CALL_GOOD, "Good part", "Ctrl+G", "the marked part is good", _SAY),
    ActionRow(ShadowAct.CALL_DEFECT, "Defect", "Ctrl+E", "the marked part has a defect", _SAY),
    ActionRow(ShadowAct.CHECK_GATE, "Check", "Ctrl+K", "look at every condition of a promotion", Permission.EVALUATE),
    ActionRow(ShadowAct.PROMOTE, "Promote \u2026", "Ctrl+R", "let the line use the draft; asks for a reason",
              _RELEASE),
    ActionRow(ShadowAct.ROLL_BACK, "Roll back \u2026", "Ctrl+L", "use the revision before again; asks for a reason",
              _RELEASE),
)  # fmt: skip
