"""Registers the audit page. Its widgets are loaded when it is first seen, so that the line comes up sooner."""

from typing import TYPE_CHECKING

from station.domain.permissions import Role
from ui.actions.page_spec import Group, PageSpec
from ui.pages.audit.actions import AUDIT_ROWS

if TYPE_CHECKING:
    from ui.pages.audit.page import AuditPage
    from ui.pages.audit.presenter import AuditPresenter


def _load() -> "tuple[type[AuditPage], type[AuditPresenter]]":
    from ui.pages.audit.page import AuditPage  # noqa: PLC0415 - not at every start
    from ui.pages.audit.presenter import AuditPresenter  # noqa: PLC0415 - not at every start

    return AuditPage, AuditPresenter


AUDIT = PageSpec(
    name="audit",
    title="Audit",
    role=Role.SUPERVISOR,
    key="Shift+F9",
    actions=AUDIT_ROWS,
    load=_load,
    group=Group.PROVE,
)
