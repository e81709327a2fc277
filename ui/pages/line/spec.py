"""Registers the line's page: the operator's, and the one that the window begins with."""

from station.domain.permissions import Role
from ui.actions.page_spec import PageSpec
from ui.pages.line.actions import LINE_ROWS
from ui.pages.line.page import LinePage
from ui.pages.line.presenter import LinePresenter

LINE = PageSpec(
    name="line",
    title="Line",
    role=Role.OPERATOR,
    key="F2",
    actions=LINE_ROWS,
    load=lambda: (LinePage, LinePresenter),
)
