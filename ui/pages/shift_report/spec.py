"""Registers the shift report's page."""

from station.domain.permissions import Role
from ui.actions.page_spec import Group, PageSpec
from ui.pages.shift_report.actions import SHIFT_REPORT_ROWS
from ui.pages.shift_report.page import ShiftReportPage
from ui.pages.shift_report.presenter import ShiftReportPresenter

SHIFT_REPORT = PageSpec(
    name="shift_report",
    title="Shift report",
    role=Role.SUPERVISOR,
    key="F3",
    actions=SHIFT_REPORT_ROWS,
    build=ShiftReportPage,
    present=ShiftReportPresenter,
    group=Group.PROVE,
)
