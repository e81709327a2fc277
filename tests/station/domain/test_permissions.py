"""The table of permissions by role."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.domain.errors import BadInputError
from station.domain.permissions import (
    EVERY_ROLE,
    PERMISSIONS,
    Authority,
    Permission,
    PermissionRefusedError,
    Role,
    roles_with,
)
from station.domain.person import KnownBy, Person


@pytest.mark.parametrize("permission", Permission)
def test_that_every_permission_belongs_to_a_role(permission: Permission) -> None:
    assert roles_with(permission)
    EVERY_ROLE.authorise(permission)


def test_that_every_role_has_a_row_in_the_table() -> None:
    assert set(PERMISSIONS) == set(Role)


def test_that_an_operator_may_run_the_line_and_change_nothing_of_it() -> None:
    operator = Authority.of(Role.OPERATOR)

    assert operator.allows(Permission.START_LINE)
    assert not operator.allows(Permission.CHANGE_CAMERA)
    assert not operator.allows(Permission.RELEASE_RECIPE)
    assert not operator.allows(Permission.EXPORT_REPORT)


def test_that_a_refusal_names_the_role_the_deed_and_who_may() -> None:
    with pytest.raises(PermissionRefusedError) as refused:
        Authority.of(Role.OPERATOR).authorise(Permission.RELEASE_RECIPE)

    assert refused.value.sentence == "The role operator may not release or retire a recipe."
    assert refused.value.advice == "Ask a person with the role engineer."


@given(st.frozensets(st.sampled_from(Role)), st.sampled_from(Permission))
def test_that_several_roles_may_do_what_any_of_them_may(roles: frozenset[Role], permission: Permission) -> None:
    assert Authority.of(*roles).allows(permission) == bool(roles & roles_with(permission))


def _anna(known_by: KnownBy = KnownBy.PIN) -> Authority:
    person = Person("Anna", frozenset({Role.OPERATOR, Role.ENGINEER}), known_by)
    return Authority(lambda: person, "Limits page", Role.ENGINEER)


def test_that_the_records_name_who_is_logged_in_and_nobody_else() -> None:
    assert (_anna().signed(), _anna().signed(" Anna ")) == ("Anna", "Anna")
    with pytest.raises(BadInputError, match="Anna is logged in, so the records cannot name 'Ada'"):
        _anna().signed("Ada")
    assert Authority.of(Role.ENGINEER).signed("Ada") == "Ada"


def test_that_nobody_is_named_by_role_and_page_without_a_log_in() -> None:
    nobody = Person("", frozenset({Role.OPERATOR}))
    assert Authority(lambda: nobody, "Limits page", Role.ENGINEER).signature == "operator, Limits page"
    unnamed = Person("", frozenset({Role.OPERATOR, Role.ENGINEER}))
    assert Authority(lambda: unnamed, "Limits page", Role.ENGINEER).signature == "engineer, Limits page"


def test_that_the_person_is_asked_for_at_each_command() -> None:
    present = [Person("", frozenset({Role.OPERATOR})), Person("Anna", frozenset({Role.ENGINEER}), KnownBy.PIN)]
    refused: list[Permission] = []
    authority = Authority(lambda: present[0], "Line page").noted_by(refused.append)
    with pytest.raises(PermissionRefusedError):
        authority.authorise(Permission.TEACH)
    present.pop(0)
    authority.authorise(Permission.TEACH)
    assert refused == [Permission.TEACH]
