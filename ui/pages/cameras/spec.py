"""Registers the cameras page. Its widgets are loaded when it is first seen, so that the line comes up sooner."""

from typing import TYPE_CHECKING

from station.domain.permissions import Role
from ui.actions.action_table import Actions
from ui.actions.page_spec import Group, PageContext, PagePresenter, PageSpec
from ui.pages.cameras.actions import CAMERAS_ROWS

if TYPE_CHECKING:
    from ui.pages.cameras.page import CamerasPage


def _build(actions: Actions) -> "CamerasPage":
    from ui.pages.cameras.page import CamerasPage  # noqa: PLC0415 - not at every start

    return CamerasPage(actions)


def _present(page: "CamerasPage", context: PageContext) -> PagePresenter:
    from ui.pages.cameras.presenter import CamerasPresenter  # noqa: PLC0415 - not at every start

    return CamerasPresenter(page, context)


CAMERAS = PageSpec(
    name="cameras",
    title="Cameras",
    role=Role.ENGINEER,
    key="F4",
    actions=CAMERAS_ROWS,
    build=_build,
    present=_present,
    group=Group.MAKE,
)
