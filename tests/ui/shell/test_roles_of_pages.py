"""What may be done on a page is decided in the core, by the roles of whoever is logged in."""

import pytest

from station.domain.audit import AuditAction, AuditFilter
from station.domain.permissions import Authority, Permission, PermissionRefusedError, Role
from station.domain.person import KnownBy, Person
from ui.shell.page_registry import PAGES

# An operator runs a check, an engineer makes its plan, also from the line, and a supervisor answers for its suspects.
SHARED = {"challenge": (Role.ENGINEER, Role.SUPERVISOR), "line": (Role.ENGINEER,)}


def _log_in(window, *roles: Role) -> None:
    window._station.people.session.begin(Person("Ada", frozenset({Role.OPERATOR, *roles}), KnownBy.PIN))


@pytest.mark.slow
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_that_every_action_of_a_page_is_permitted_to_the_role_of_the_page(page) -> None:
    authority = Authority.of(Role.OPERATOR, page.role, *SHARED.get(page.name, ()))
    for row in page.actions:
        assert row.permission is None or authority.allows(row.permission)


def test_that_without_a_log_in_every_page_may_do_what_an_operator_may(window) -> None:
    window._station.people.log_out()
    for page in PAGES:
        window.show_page(page.name)
        assert window.authority.roles == {Role.OPERATOR}
    station = window.presenter_of("cameras")._station
    with pytest.raises(PermissionRefusedError, match="The role operator may not release or retire a recipe"):
        station.recipes.retire("plate", 1, "Ada", "by mistake")
    with pytest.raises(PermissionRefusedError, match="The role operator may not look through a camera"):
        station.cameras.connect("simulated:flange")
    assert window._station.recipes.find("plate").state.value == "released"


def test_that_a_page_that_is_only_looked_at_asks_for_nothing_that_is_refused(window, qtbot) -> None:
    window._station.people.log_out()
    for page in PAGES:
        window.show_page(page.name)
        qtbot.wait(150)
    assert window._station.audit.entries(AuditFilter(action=AuditAction.REFUSED)) == ()
    window.show_page("guide")
    assert window.page_of("guide").said.text().startswith("First say who you are")


def test_that_a_page_that_is_open_follows_who_logs_in(window) -> None:
    window.show_page("shift_report")
    _log_in(window, Role.SUPERVISOR)
    assert window.authority.allows(Permission.EXPORT_REPORT)
    assert not window.authority.allows(Permission.CHANGE_CAMERA)
    _log_in(window, Role.ENGINEER)
    assert not window.authority.allows(Permission.EXPORT_REPORT)


def test_that_the_records_name_who_is_logged_in(window) -> None:
    _log_in(window, Role.ENGINEER)
    recipes = window.presenter_of("line")._station.recipes
    assert recipes.retire("plate", 1, "", "by mistake").change.person == "Ada"
