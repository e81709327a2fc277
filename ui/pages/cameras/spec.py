"""Registers the cameras page."""

from station.domain.permissions import Role
from ui.actions.page_spec import Group, PageSpec
from ui.pages.cameras.actions import CAMERAS_ROWS
from ui.pages.cameras.page import CamerasPage
from ui.pages.cameras.presenter import CamerasPresenter

CAMERAS = PageSpec(
    name="cameras",
    title="Cameras",
    role=Role.ENGINEER,
    key="F4",
    actions=CAMERAS_ROWS,
    build=CamerasPage,
    present=CamerasPresenter,
    group=Group.MAKE,
)
