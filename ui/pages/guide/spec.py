"""Registers the set-up page. Its widgets are loaded when it is first seen, so that the line comes up sooner."""

from typing import TYPE_CHECKING

from station.domain.permissions import Role
from ui.actions.page_spec import Group, PageSpec
from ui.pages.guide.actions import GUIDE_ROWS

if TYPE_CHECKING:
    from ui.pages.guide.page import GuidePage
    from ui.pages.guide.presenter import GuidePresenter


def _load() -> "tuple[type[GuidePage], type[GuidePresenter]]":
    from ui.pages.guide.page import GuidePage  # noqa: PLC0415 - not at every start
    from ui.pages.guide.presenter import GuidePresenter  # noqa: PLC0415 - not at every start

    return GuidePage, GuidePresenter


GUIDE = PageSpec(
    name="guide",
    title="Set up",
    role=Role.ENGINEER,
    key="Shift+F1",
    actions=GUIDE_ROWS,
    load=_load,
    group=Group.MAKE,
)
