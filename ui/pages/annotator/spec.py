"""Registers the annotator. It is opened from other pages, so it has no place in the navigation."""

from typing import TYPE_CHECKING

from station.domain.permissions import Role
from ui.actions.page_spec import PageSpec
from ui.pages.annotator.actions import ANNOTATOR_ROWS

if TYPE_CHECKING:
    from ui.pages.annotator.page import AnnotatorPage
    from ui.pages.annotator.presenter import AnnotatorPresenter


def _load() -> "tuple[type[AnnotatorPage], type[AnnotatorPresenter]]":
    from ui.pages.annotator.page import AnnotatorPage  # noqa: PLC0415 - not at every start
    from ui.pages.annotator.presenter import AnnotatorPresenter  # noqa: PLC0415 - not at every start

    return AnnotatorPage, AnnotatorPresenter


ANNOTATOR = PageSpec(
    name="annotator",
    title="Annotator",
    role=Role.ENGINEER,
    key="Shift+F5",
    actions=ANNOTATOR_ROWS,
    load=_load,
)
