"""Registers the limits page. Its widgets are loaded when it is first seen, so that the line comes up sooner."""

from typing import TYPE_CHECKING

from station.domain.permissions import Role
from ui.actions.page_spec import Group, PageSpec
from ui.pages.limits.actions import LIMITS_ROWS

if TYPE_CHECKING:
    from ui.pages.limits.page import LimitsPage
    from ui.pages.limits.presenter import LimitsPresenter


def _load() -> "tuple[type[LimitsPage], type[LimitsPresenter]]":
    from ui.pages.limits.page import LimitsPage  # noqa: PLC0415 - not at every start
    from ui.pages.limits.presenter import LimitsPresenter  # noqa: PLC0415 - not at every start

    return LimitsPage, LimitsPresenter


LIMITS = PageSpec(
    name="limits",
    title="Limits",
    role=Role.ENGINEER,
    key="Shift+F6",
    actions=LIMITS_ROWS,
    load=_load,
    group=Group.MAKE,
)
