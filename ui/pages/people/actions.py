"""What can be asked for on the people page."""

from enum import StrEnum

from station.domain.permissions import Permission
from ui.actions.action import ActionRow


class PeopleAct(StrEnum):
    """The name of an action of this page."""

    ADD = "add a person"
    NEW_PIN = "give a new PIN"
    NEW_BADGE = "give a badge"
    ROLES = "change roles"
    DISABLE = "disable or enable a person"


_MANAGE = Permission.MANAGE_PEOPLE

PEOPLE_ROWS = (
    ActionRow(PeopleAct.ADD, "Add", "Ctrl+N", "add a person, with PIN or badge", _MANAGE),
    ActionRow(PeopleAct.NEW_PIN, "New PIN", "Ctrl+P", "give the marked person a new PIN", _MANAGE),
    ActionRow(PeopleAct.NEW_BADGE, "New badge", "Ctrl+B", "give the marked person a badge: scan it", _MANAGE),
    ActionRow(PeopleAct.ROLES, "Roles", "Ctrl+R", "change what the marked person may do", _MANAGE),
    ActionRow(PeopleAct.DISABLE, "Disable", "Ctrl+D", "let the marked person not log in any more, or again", _MANAGE),
)
