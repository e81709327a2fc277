"""Registers the shift report's page. Its widgets are loaded when it is first seen, so that the line comes up sooner."""

from typing import TYPE_CHECKING

from station.domain.permissions import Role
from ui.actions.page_spec import Group, PageSpec
from ui.pages.shift_report.actions import SHIFT_REPORT_ROWS

if TYPE_CHECKING:
    from ui.pages.shift_report.page import ShiftReportPage
    from ui.pages.shift_report.presenter import ShiftReportPresenter


def _load() -> "tuple[type[ShiftReportPage], type[ShiftReportPresenter]]":
    from ui.pages.shift_report.page import ShiftReportPage  # noqa: PLC0415 - not at every start
    from ui.pages.shift_report.presenter import ShiftReportPresenter  # noqa: PLC0415 - not at every start

    return ShiftReportPage, ShiftReportPresenter


SHIFT_REPORT = PageSpec(
    name="shift_report",
    title="Shift report",
    role=Role.SUPERVISOR,
    key="F3",
    actions=SHIFT_REPORT_ROWS,
    load=_load,
    group=Group.PROVE,
)
