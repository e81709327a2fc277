"""What can be asked for on the audit page."""

from enum import StrEnum

from station.domain.permissions import Permission
from ui.actions.action import ActionRow


class AuditAct(StrEnum):
    """The name of an action of this page."""

    VERIFY = "verify the audit trail"
    SAVE_CSV = "save audit CSV"
    SAVE_SYSLOG = "save audit syslog"
    READ_AGAIN = "read the audit trail again"


_EXPORT = Permission.EXPORT_AUDIT

AUDIT_ROWS = (
    ActionRow(
        AuditAct.VERIFY, "Verify all", "Ctrl+Y", "follow the chain from its first entry", Permission.VERIFY_RECORDS
    ),
    ActionRow(AuditAct.SAVE_CSV, "Save CSV", "Ctrl+S", "save the entries that are shown as a table", _EXPORT),
    ActionRow(
        AuditAct.SAVE_SYSLOG, "Save syslog", "Ctrl+L", "save the entries that are shown as RFC 5424 lines", _EXPORT
    ),
    ActionRow(AuditAct.READ_AGAIN, "Read again", "Ctrl+R", "show what was added since"),
)
