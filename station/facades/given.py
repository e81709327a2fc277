"""A station on behalf of one authority."""

from copy import copy
from functools import cached_property, partial
from typing import Self

import pluggy

from station.concurrency.fan_out import FanOut
from station.core import Core
from station.domain.audit import AuditAction
from station.domain.permissions import Authority, Permission
from station.people.audit_trail import AuditTrail
from station.settings import Settings
from station.workspace import Workspace


class Given:
    """A station on behalf of one authority; its facades are made when they are used first.

    A page uses a few of them. What lives as long as the station lies in the core, so two threads that use a facade
    first may make it twice.
    """

    def __init__(
        self, workspace: Workspace, settings: Settings, plugins: pluggy.PluginManager, news: FanOut, core: Core
    ) -> None:
        self.workspace = workspace
        self.settings = settings
        self.plugins = plugins
        self.news = news
        self._core = core

    def _act_for(self, given: Authority) -> None:
        """Give the commands on behalf of somebody; what is refused is written down."""
        self._audit = audit = self._core.audit.signed_by(lambda: given.signature)
        self.authority = given.noted_by(partial(_write_down, audit, given))

    def _for(self, given: Authority) -> Self:
        """Return the same for commands on behalf of somebody else."""
        others = copy(self)
        for name in [name for name in vars(self) if isinstance(getattr(type(self), name, None), cached_property)]:
            del vars(others)[name]
        others._act_for(given)
        return others


def _write_down(audit: AuditTrail, authority: Authority, permission: Permission) -> None:
    """Write a refused command into the audit trail."""
    audit.note(AuditAction.REFUSED, permission, new=f"as {' and '.join(sorted(authority.roles)) or 'nobody'}")
