"""Who may do what: the one table of permissions by role. Every command asks it, and the screens read it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Self

from station.domain.errors import BadInputError


class Role(StrEnum):
    """The kinds of people who work at a station."""

    OPERATOR = "operator"
    ENGINEER = "engineer"
    SUPERVISOR = "supervisor"
    ADMINISTRATOR = "administrator"


class Permission(StrEnum):
    """Something that a command does; the value completes the sentence "An operator may not ...".

    Reading is open to every role: parts, counters, shifts, recipes. So reading needs no permission.
    """

    LOAD_RECIPE = "load a recipe"
    START_LINE = "start the line"
    STOP_LINE = "stop the line"
    PAUSE_LINE = "pause the line"
    TRIGGER_PART = "trigger a part"
    ANSWER_REVIEW = "answer a review"
    GIVE_FEEDBACK = "give feedback on a part"
    ACKNOWLEDGE_ALARM = "acknowledge an alarm"
    SCAN_CODE = "scan a code"
    USE_CAMERA = "look through a camera"
    CHANGE_CAMERA = "change a camera"
    SAVE_SUPPORT_FILE = "save a support file"
    RUN_TRIAL = "inspect pictures as a trial"
    EDIT_RECIPE = "edit a recipe"
    RELEASE_RECIPE = "release or retire a recipe"
    EXPORT_RECIPE = "export a recipe"
    EDIT_DATASET = "change a dataset"
    TEACH = "teach a product"
    EVALUATE = "evaluate a recipe"
    RUN_SHADOW = "let a draft judge beside the line"
    RUN_STUDY = "run an attribute study"
    JUDGE_STUDY = "judge in an attribute study"
    EXPORT_REPORT = "export a shift report"
    VERIFY_RECORDS = "verify the records"
    MANAGE_PEOPLE = "change the people of the station"
    EXPORT_AUDIT = "export the audit trail"


PERMISSIONS: Mapping[Role, frozenset[Permission]] = {
    Role.OPERATOR: frozenset(
        {
            Permission.LOAD_RECIPE,
            Permission.START_LINE,
            Permission.STOP_LINE,
            Permission.PAUSE_LINE,
            Permission.TRIGGER_PART,
            Permission.ANSWER_REVIEW,
            Permission.GIVE_FEEDBACK,
            Permission.ACKNOWLEDGE_ALARM,
            Permission.SCAN_CODE,
            Permission.JUDGE_STUDY,
        }
    ),
    Role.ENGINEER: frozenset(
        {
            Permission.USE_CAMERA,
            Permission.CHANGE_CAMERA,
            Permission.SAVE_SUPPORT_FILE,
            Permission.RUN_TRIAL,
            Permission.EDIT_RECIPE,
            Permission.RELEASE_RECIPE,
            Permission.EXPORT_RECIPE,
            Permission.EDIT_DATASET,
            Permission.TEACH,
            Permission.EVALUATE,
            Permission.RUN_SHADOW,
        }
    ),
    Role.SUPERVISOR: frozenset(
        {
            Permission.RUN_STUDY,
            Permission.EXPORT_REPORT,
            Permission.VERIFY_RECORDS,
            Permission.EXPORT_AUDIT,
            Permission.MANAGE_PEOPLE,
        }
    ),
    Role.ADMINISTRATOR: frozenset({Permission.SAVE_SUPPORT_FILE, Permission.VERIFY_RECORDS, Permission.MANAGE_PEOPLE}),
}
"""A person with several roles may do what any of them may do."""


class PermissionRefusedError(BadInputError):
    """The role that gave a command has no permission for it; nothing was changed."""

    for_operator = "This is not permitted here. Call the engineer or the supervisor."


def _not_noted(_permission: Permission) -> None:
    """Do nothing, for commands that belong to no station."""


@dataclass(frozen=True, slots=True)
class Authority:
    """On whose behalf commands are given. Every command asks `authorise` before it does anything.

    Attributes:
        roles: The roles of whoever gives the commands.
        signature: Who is named in the records as long as nobody is named: role and page; "" if neither is known.
        on_refusal: Called with what was refused, before it is raised; the station writes it down.
    """

    roles: frozenset[Role]
    signature: str = ""
    on_refusal: Callable[[Permission], object] = field(default=_not_noted, compare=False, repr=False)

    @classmethod
    def of(cls, *roles: Role, signature: str = "") -> Self:
        """Return the authority of these roles."""
        return cls(frozenset(roles), signature)

    def allows(self, permission: Permission) -> bool:
        """Return whether one of the roles has this permission."""
        return any(permission in PERMISSIONS[role] for role in self.roles)

    def authorise(self, permission: Permission) -> None:
        """Do nothing when the permission is there.

        Raises:
            PermissionRefusedError: None of the roles has it.
        """
        if not self.allows(permission):
            self.on_refusal(permission)
            raise PermissionRefusedError(
                f"The role {_names(self.roles)} may not {permission}.",
                f"Ask a person with the role {_names(roles_with(permission))}.",
            )


EVERY_ROLE = Authority.of(*Role)
"""The authority of a program that is not bound to a role: a person at the command line may do everything."""


def roles_with(permission: Permission) -> frozenset[Role]:
    """Return the roles that have this permission; at least one."""
    return frozenset(role for role, granted in PERMISSIONS.items() if permission in granted)


def _names(roles: frozenset[Role]) -> str:
    return " or ".join(role for role in Role if role in roles) or "(none)"
