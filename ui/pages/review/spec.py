"""Registers the review page. Its widgets are loaded when it is first seen, so that the line comes up sooner."""

from typing import TYPE_CHECKING

from station.domain.permissions import Role
from ui.actions.page_spec import Group, PageSpec
from ui.pages.review.actions import REVIEW_ROWS

if TYPE_CHECKING:
    from ui.pages.review.page import ReviewPage
    from ui.pages.review.presenter import ReviewPresenter


def _load() -> "tuple[type[ReviewPage], type[ReviewPresenter]]":
    from ui.pages.review.page import ReviewPage  # noqa: PLC0415 - not at every start
    from ui.pages.review.presenter import ReviewPresenter  # noqa: PLC0415 - not at every start

    return ReviewPage, ReviewPresenter


REVIEW = PageSpec(
    name="review",
    title="Review",
    role=Role.SUPERVISOR,
    key="Ctrl+F7",
    actions=REVIEW_ROWS,
    load=_load,
    group=Group.PROVE,
)
