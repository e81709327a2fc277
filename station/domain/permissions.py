"""Who may do what: the one table of permissions by role. Every command asks it, and the screens read it."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Self

from station.domain.errors import BadInputError
from station.domain.person import Person


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
    REVIEW_PARTS = "review the parts of a shift"
    HOLD_PARTS = "put parts on hold"
    ACKNOWLEDGE_ALARM = "acknowledge an alarm"
    SCAN_CODE = "scan a code"
    SET_LOT = "set the lot"
    USE_CAMERA = "look through a camera"
    CHANGE_CAMERA = "change a camera"
    SAVE_SUPPORT_FILE = "save a support file"
    RUN_TRIAL = "inspect pictures as a trial"
    EDIT_RECIPE = "edit a recipe"
    RELEASE_RECIPE = "release or retire a recipe"
    EXPORT_RECIPE = "export a recipe"
    TRUST_SIGNER = "trust the key of another station"
    EDIT_DATASET = "change a dataset"
    TEACH = "teach a product"
    EVALUATE = "evaluate a recipe"
    RUN_SHADOW = "let a draft judge beside the line"
    RUN_CHECK = "run a check with challenge parts"
    ANSWER_SUSPECTS = "answer for suspect parts"
    RUN_STUDY = "run an attribute study"
    JUDGE_STUDY = "judge in an attribute study"
    EXPORT_REPORT = "export a shift report"
    VERIFY_RECORDS = "verify the records"
    BACK_UP = "back up and restore the records"
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
            Permission.SET_LOT,
            Permission.RUN_CHECK,
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
            Permission.TRUST_SIGNER,
            Permission.REVIEW_PARTS,
            Permission.HOLD_PARTS,
            Permission.EDIT_DATASET,
            Permission.TEACH,
            Permission.EVALUATE,
            Permission.RUN_SHADOW,
        }
    ),
    Role.SUPERVISOR: frozenset(
        {
            Permission.REVIEW_PARTS,
            Permission.HOLD_PARTS,
            Permission.RUN_STUDY,
            Permission.ANSWER_SUSPECTS,
            Permission.EXPORT_REPORT,
            Permission.BACK_UP,
            Permission.VERIFY_RECORDS,
            Permission.EXPORT_AUDIT,
            Permission.MANAGE_PEOPLE,
        }
    ),
    Role.ADMINISTRATOR: frozenset(
        {Permission.SAVE_SUPPORT_FILE, Permission.VERIFY_RECORDS, Permission.BACK_UP, Permission.MANAGE_PEOPLE}
    ),
}
"""A person with several roles may do what any of them may do."""


class PermissionRefusedError(BadInputError):
    """The role that gave a command has no permission for it; nothing was changed."""

    for_operator = "This is not permitted here. Call the engineer or the supervisor."


class Authority:
    """On whose behalf commands are given. Every command asks `authorise` before it does anything.

    Who that is may change between two commands: at the window it is whoever is logged in.
    """

    __slots__ = ("_in_force", "_on_refusal", "_page_role", "_person", "_place")

    def __init__(
        self,
        person: Callable[[], Person],
        place: str = "",
        page_role: Role = Role.OPERATOR,
        on_refusal: Callable[[Permission], object] = lambda _permission: None,
        in_force: Callable[[Person], bool] = lambda _person: True,
    ) -> None:
        """Ask for the person at each command.

        Args:
            person: Returns who gives the command that is asked for now.
            place: Where commands are given if nobody is logged in: "Line page".
            page_role: Whose place that is; it is named with the place if the person has this role.
            on_refusal: Is given each permission that was refused, before that is raised; the station writes it down.
            in_force: Returns at each command whether the log-in of a person still holds; without it, they do what
                an operator may.
        """
        self._person, self._place, self._page_role, self._on_refusal = person, place, page_role, on_refusal
        self._in_force = in_force

    @classmethod
    def of(cls, *roles: Role, signature: str = "") -> Self:
        """Return the authority of these roles, under a fixed name."""
        person = Person(signature, frozenset(roles))
        return cls(lambda: person)

    def noted_by(self, on_refusal: Callable[[Permission], object]) -> "Authority":
        """Return this authority; each refusal is noted as well."""
        return Authority(self._person, self._place, self._page_role, on_refusal, self._in_force)

    @property
    def person(self) -> Person:
        """Return who gives the commands now."""
        return self._person()

    @property
    def roles(self) -> frozenset[Role]:
        """Return the roles of whoever gives the commands now."""
        return self.person.roles

    @property
    def signature(self) -> str:
        """Return who is named in the records if a command names nobody.

        The name, else role and place such as "operator, Line page"; "" if neither is known.
        """
        person = self.person
        if person.name or not self._place:
            return person.name
        return f"{self._page_role if self._page_role in person.roles else Role.OPERATOR}, {self._place}"

    def signed(self, given: str = "") -> str:
        """Return who is named in the records for a command that may name somebody.

        Raises:
            BadInputError: Somebody is logged in, and the command names another person.
        """
        given, person = given.strip(), self.person
        if person.is_logged_in and given and given != person.name:
            raise BadInputError(
                f"{person.name} is logged in, so the records cannot name '{given}'.", f"Log in as {given} first."
            )
        return given or self.signature

    def allows(self, permission: Permission) -> bool:
        """Return whether one of the roles has this permission."""
        return _allow(self.roles, permission)

    def authorise(self, permission: Permission) -> None:
        """Do nothing when the permission is there.

        Raises:
            PermissionRefusedError: None of the roles has it.
        """
        person = self.person
        roles = person.roles if self._in_force(person) else frozenset({Role.OPERATOR})
        if not _allow(roles, permission):
            self._on_refusal(permission)
            raise PermissionRefusedError(
                f"The role {_names(roles)} may not {permission}.",
                f"Ask a person with the role {_names(roles_with(permission))}.",
            )


EVERY_ROLE = Authority.of(*Role)
"""The authority of a program that is not bound to a role: a person at the command line may do everything."""


def roles_with(permission: Permission) -> frozenset[Role]:
    """Return the roles that have this permission; at least one."""
    return frozenset(role for role, granted in PERMISSIONS.items() if permission in granted)


def _allow(roles: frozenset[Role], permission: Permission) -> bool:
    return any(permission in PERMISSIONS[role] for role in roles)


def _names(roles: frozenset[Role]) -> str:
    return " or ".join(role for role in Role if role in roles) or "(none)"
