"""Registers the shadow page. Its widgets are loaded when it is first seen, so that the line comes up sooner."""

from typing import TYPE_CHECKING

from station.domain.permissions import Role
from ui.actions.page_spec import Group, PageSpec
from ui.pages.shadow.actions import SHADOW_ROWS

if TYPE_CHECKING:
    from ui.pages.shadow.page import ShadowPage
    from ui.pages.shadow.presenter import ShadowPresenter


def _load() -> "tuple[type[ShadowPage], type[ShadowPresenter]]":
    from ui.pages.shadow.page import ShadowPage  # noqa: PLC0415 - not at every start
    from ui.pages.shadow.presenter import ShadowPresenter  # noqa: PLC0415 - not at every start

    return ShadowPage, ShadowPresenter


SHADOW = PageSpec(
    name="shadow",
    title="Shadow",
    role=Role.ENGINEER,
    key="Shift+F8",
    actions=SHADOW_ROWS,
    load=_load,
    group=Group.MAKE,
)
