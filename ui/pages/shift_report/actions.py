"""What can be asked for on the shift report's page."""

from enum import StrEnum

from station.domain.permissions import Permission
from ui.actions.action import ActionRow


class ShiftReportAct(StrEnum):
    """The name of an action of this page."""

    SAVE_PDF = "save PDF"
    SAVE_CSV = "save CSV"


SHIFT_REPORT_ROWS = (
    ActionRow(ShiftReportAct.SAVE_PDF, "Save PDF", "Ctrl+P", "save the shift report as PDF", Permission.EXPORT_REPORT),
    ActionRow(
        ShiftReportAct.SAVE_CSV, "Save CSV", "Ctrl+S", "save the shift's parts as a table", Permission.EXPORT_REPORT
    ),
)
