"""Registers the page of datasets. Its widgets are loaded when it is first seen, so that the line comes up sooner."""

from typing import TYPE_CHECKING

from station.domain.permissions import Role
from ui.actions.page_spec import Group, PageSpec
from ui.pages.datasets.actions import DATASET_ROWS

if TYPE_CHECKING:
    from ui.pages.datasets.page import DatasetsPage
    from ui.pages.datasets.presenter import DatasetsPresenter


def _load() -> "tuple[type[DatasetsPage], type[DatasetsPresenter]]":
    from ui.pages.datasets.page import DatasetsPage  # noqa: PLC0415 - not at every start
    from ui.pages.datasets.presenter import DatasetsPresenter  # noqa: PLC0415 - not at every start

    return DatasetsPage, DatasetsPresenter


DATASETS = PageSpec(
    name="datasets",
    title="Datasets",
    role=Role.ENGINEER,
    key="Shift+F3",
    actions=DATASET_ROWS,
    load=_load,
    group=Group.MAKE,
)
