"""Registers the training page. Its widgets are loaded when it is first seen, so that the line comes up sooner."""

from typing import TYPE_CHECKING

from station.domain.permissions import Role
from ui.actions.page_spec import Group, PageSpec
from ui.pages.training.actions import TRAINING_ROWS

if TYPE_CHECKING:
    from ui.pages.training.page import TrainingPage
    from ui.pages.training.presenter import TrainingPresenter


def _load() -> "tuple[type[TrainingPage], type[TrainingPresenter]]":
    from ui.pages.training.page import TrainingPage  # noqa: PLC0415 - not at every start
    from ui.pages.training.presenter import TrainingPresenter  # noqa: PLC0415 - not at every start

    return TrainingPage, TrainingPresenter


TRAINING = PageSpec(
    name="training",
    title="Training",
    role=Role.ENGINEER,
    key="Shift+F4",
    actions=TRAINING_ROWS,
    load=_load,
    group=Group.MAKE,
)
