"""Registers the models page. Its widgets are loaded when it is first seen, so that the line comes up sooner."""

from typing import TYPE_CHECKING

from station.domain.permissions import Role
from ui.actions.page_spec import Group, PageSpec
from ui.pages.models.actions import MODELS_ROWS

if TYPE_CHECKING:
    from ui.pages.models.page import ModelsPage
    from ui.pages.models.presenter import ModelsPresenter


def _load() -> "tuple[type[ModelsPage], type[ModelsPresenter]]":
    from ui.pages.models.page import ModelsPage  # noqa: PLC0415 - not at every start
    from ui.pages.models.presenter import ModelsPresenter  # noqa: PLC0415 - not at every start

    return ModelsPage, ModelsPresenter


MODELS = PageSpec(
    name="models",
    title="Models",
    role=Role.ENGINEER,
    key="Shift+F7",
    actions=MODELS_ROWS,
    load=_load,
    group=Group.MAKE,
)
