"""Registers the study page. Its widgets are loaded when it is first seen, so that the line comes up sooner."""

from typing import TYPE_CHECKING

from station.domain.permissions import Role
from ui.actions.page_spec import Group, PageSpec
from ui.pages.study.actions import STUDY_ROWS

if TYPE_CHECKING:
    from ui.pages.study.page import StudyPage
    from ui.pages.study.presenter import StudyPresenter


def _load() -> "tuple[type[StudyPage], type[StudyPresenter]]":
    from ui.pages.study.page import StudyPage  # noqa: PLC0415 - not at every start
    from ui.pages.study.presenter import StudyPresenter  # noqa: PLC0415 - not at every start

    return StudyPage, StudyPresenter


STUDY = PageSpec(
    name="study",
    title="Attribute study",
    role=Role.SUPERVISOR,
    key="Ctrl+F9",
    actions=STUDY_ROWS,
    load=_load,
    group=Group.PROVE,
)
