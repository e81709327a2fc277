"""The table of permissions by role."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.domain.permissions import (
    EVERY_ROLE,
    PERMISSIONS,
    Authority,
    Permission,
    PermissionRefusedError,
    Role,
    roles_with,
)


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
    assert Authority(roles).allows(permission) == bool(roles & roles_with(permission))
