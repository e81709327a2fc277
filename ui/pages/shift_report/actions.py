"""What can be asked for on the shift report's page."""

from enum import StrEnum

from station.domain.permissions import Permission
from ui.actions.action import ActionRow


class ShiftReportAct(StrEnum):
    """The name of an action of this page."""

    SAVE_PDF = "save PDF"
    SAVE_CSV = "save CSV"
    SAVE_XLSX = "save XLSX"
    COUNT_AGAIN = "count again"
    SHOW_PARTS = "show the parts behind a number"
    ANNOTATE = "annotate the disputed part"
    OPEN_FILE = "open the saved file"
    PRINT_FILE = "print the saved file"
    COPY_FILE = "copy the saved file"


_EXPORT = Permission.EXPORT_REPORT

SHIFT_REPORT_ROWS = (
    ActionRow(ShiftReportAct.SAVE_PDF, "Save PDF", "Ctrl+P", "save the shift report as PDF", _EXPORT),
    ActionRow(ShiftReportAct.SAVE_CSV, "Save CSV", "Ctrl+S", "save the shift's parts as a table", _EXPORT),
    ActionRow(ShiftReportAct.SAVE_XLSX, "Save XLSX", "Ctrl+L", "save the shift as a workbook", _EXPORT),
    ActionRow(ShiftReportAct.COUNT_AGAIN, "Count again", "Ctrl+R", "count the shift again"),
    ActionRow(
        ShiftReportAct.SHOW_PARTS, "Show parts", "Ctrl+G", "show the parts that the chosen number was counted from"
    ),
    ActionRow(ShiftReportAct.ANNOTATE, "Annotate", "Ctrl+M", "mark the defect of the chosen part that people spoke of"),
    ActionRow(ShiftReportAct.OPEN_FILE, "Open", "Ctrl+O", "open the file that was saved last", _EXPORT),
    ActionRow(ShiftReportAct.PRINT_FILE, "Print", "Ctrl+D", "print the file that was saved last", _EXPORT),
    ActionRow(ShiftReportAct.COPY_FILE, "Save to \u2026", "Ctrl+T", "copy the saved file, to a USB stick say", _EXPORT),
)
"""The keys of the saved file act once there is one."""
