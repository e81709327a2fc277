"""Registers the people page. Its widgets are loaded when it is first seen, so that the line comes up sooner."""

from typing import TYPE_CHECKING

from station.domain.permissions import Role
from ui.actions.page_spec import Group, PageSpec
from ui.pages.people.actions import PEOPLE_ROWS

if TYPE_CHECKING:
    from ui.pages.people.page import PeoplePage
    from ui.pages.people.presenter import PeoplePresenter


def _load() -> "tuple[type[PeoplePage], type[PeoplePresenter]]":
    from ui.pages.people.page import PeoplePage  # noqa: PLC0415 - not at every start
    from ui.pages.people.presenter import PeoplePresenter  # noqa: PLC0415 - not at every start

    return PeoplePage, PeoplePresenter


PEOPLE = PageSpec(
    name="people",
    title="People",
    role=Role.SUPERVISOR,
    key="Shift+F11",
    actions=PEOPLE_ROWS,
    load=_load,
    group=Group.STATION,
)
