"""What can be asked for on the challenge page."""

from enum import StrEnum

from station.domain.permissions import Permission
from ui.actions.action import ActionRow


class ChallengeAct(StrEnum):
    """The name of an action of this page."""

    START = "start a check"
    TAKE = "inspect the challenge part"
    BREAK_OFF = "break the check off"
    ADD = "add a challenge part"
    REMOVE = "remove the challenge part"
    PLAN = "show the challenge plan"
    REVIEW = "review the suspects"
    SAVE = "save the suspects"
    ANSWER = "answer for the suspects"


_CHECK, _EDIT = Permission.RUN_CHECK, Permission.EDIT_RECIPE

CHALLENGE_ROWS = (
    ActionRow(ChallengeAct.START, "Start check", "Ctrl+R", "ask for one challenge part after another", _CHECK),
    ActionRow(ChallengeAct.TAKE, "Trigger", "Ctrl+T", "inspect the part under the camera", _CHECK),
    ActionRow(ChallengeAct.BREAK_OFF, "Break off", "Ctrl+B", "end the check; it stays due", _CHECK),
    ActionRow(ChallengeAct.ADD, "Add part \u2026", "Ctrl+N", "add a challenge part, or change one", _EDIT),
    ActionRow(ChallengeAct.REMOVE, "Remove \u2026", "Ctrl+D", "remove the marked challenge part", _EDIT),
    ActionRow(ChallengeAct.PLAN, "Plan", "Ctrl+P", "show when a check is due"),
    ActionRow(ChallengeAct.REVIEW, "Review", "Ctrl+O", "look at the suspects"),
    ActionRow(ChallengeAct.SAVE, "Save CSV", "Ctrl+S", "write the suspects as a table", Permission.EXPORT_REPORT),
    ActionRow(
        ChallengeAct.ANSWER,
        "Answer \u2026",
        "Ctrl+G",
        "say what was done with suspects",
        Permission.ANSWER_SUSPECTS,
    ),
)
