"""What a page may do is decided in the core, by the role of the page."""

import pytest

from station.domain.permissions import Permission, PermissionRefusedError, Role
from ui.shell.page_registry import PAGES


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_that_every_action_of_a_page_is_permitted_to_the_role_of_the_page(page) -> None:
    for row in page.actions:
        assert row.permission is None or page.authority.allows(row.permission)


def test_that_the_core_refuses_to_the_line_page_what_an_operator_may_not_do(window) -> None:
    station = window.presenter_of("line")._station
    assert station.authority.roles == {Role.OPERATOR}
    with pytest.raises(PermissionRefusedError, match="The role operator may not release or retire a recipe"):
        station.recipes.retire("plate", 1, "Ada", "by mistake")
    with pytest.raises(PermissionRefusedError, match="The role operator may not look through a camera"):
        station.cameras.connect("simulated:flange")
    assert window._station.recipes.find("plate").state.value == "released"


def test_that_the_shift_report_may_export_and_change_no_camera(window) -> None:
    window.show_page("shift_report")
    assert window.authority.allows(Permission.EXPORT_REPORT)
    assert not window.authority.allows(Permission.CHANGE_CAMERA)


def test_that_the_line_page_alone_exports_nothing(window) -> None:
    assert not window.authority.allows(Permission.EXPORT_REPORT)
    with pytest.raises(PermissionRefusedError):
        window.presenter_of("line")._station.records.verify()
