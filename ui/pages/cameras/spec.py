"""Registers the cameras page. Its widgets are loaded when it is first seen, so that the line comes up sooner."""

from typing import TYPE_CHECKING

from station.domain.permissions import Role
from ui.actions.page_spec import Group, PageSpec
from ui.pages.cameras.actions import CAMERAS_ROWS

if TYPE_CHECKING:
    from ui.pages.cameras.page import CamerasPage
    from ui.pages.cameras.presenter import CamerasPresenter


def _load() -> "tuple[type[CamerasPage], type[CamerasPresenter]]":
    from ui.pages.cameras.page import CamerasPage  # noqa: PLC0415 - not at every start
    from ui.pages.cameras.presenter import CamerasPresenter  # noqa: PLC0415 - not at every start

    return CamerasPage, CamerasPresenter


CAMERAS = PageSpec(
    name="cameras",
    title="Cameras",
    role=Role.ENGINEER,
    key="F4",
    actions=CAMERAS_ROWS,
    load=_load,
    group=Group.MAKE,
)
