"""The facades of the line: what is inspected, recorded and looked at, and by whom."""

from functools import cached_property
from typing import TYPE_CHECKING

from station.facades.given import Given

if TYPE_CHECKING:
    from station.commands.alarms import AlarmCommands
    from station.commands.audit import AuditCommands
    from station.commands.backup import BackupCommands
    from station.commands.cameras import CameraCommands
    from station.commands.disk import DiskCommands
    from station.commands.drift import DriftCommands
    from station.commands.holds import HoldCommands
    from station.commands.line import LineCommands
    from station.commands.lots import LotCommands
    from station.commands.people import PeopleCommands
    from station.commands.plant import PlantCommands
    from station.commands.records import RecordCommands
    from station.commands.review import ReviewCommands
    from station.commands.scanner import ScannerCommands
    from station.commands.shift_review import ShiftReviewCommands


class LineFacades(Given):
    """The line, its cameras, what it recorded, and who works there."""

    @cached_property
    def audit(self) -> "AuditCommands":
        """Who changed what, when and why."""
        from station.commands.audit import AuditCommands

        core = self._core
        return AuditCommands(
            self.authority, self.workspace, core.audit_log, core.chain, self._audit, self.settings.report.csv
        )

    @cached_property
    def line(self) -> "LineCommands":
        """Start, stop, triggers, counters."""
        from station.commands.line import LineCommands

        core = self._core
        return LineCommands(self.authority, core.line, core.counts)

    @cached_property
    def cameras(self) -> "CameraCommands":
        """Discovered cameras and the preview of one."""
        from station.commands.cameras import CameraCommands
        from station.plugin_api.plugin_settings import settings_models

        core = self._core
        return CameraCommands(
            self.authority,
            self.workspace,
            settings_models(self.plugins),
            core.recipes,
            core.line,
            core.preview_slot,
            self._audit,
        )

    @cached_property
    def records(self) -> "RecordCommands":
        """Parts, shifts, reports."""
        from station.commands.records import RecordCommands

        core = self._core
        return RecordCommands(
            self.authority,
            self.workspace,
            self.settings,
            core.database,
            core.inspections,
            core.recipes,
            core.recent,
            self._audit,
        )

    @cached_property
    def alarms(self) -> "AlarmCommands":
        """What needs a person: open alarms, and those that are over."""
        from station.commands.alarms import AlarmCommands

        core = self._core
        return AlarmCommands(self.authority, core.alarms, core.line, self._audit)

    @cached_property
    def review(self) -> "ReviewCommands":
        """Open reviews, answers, feedback on parts."""
        from station.commands.review import ReviewCommands

        core = self._core
        return ReviewCommands(self.authority, core.reviews, core.feedback, core.rejects)

    @cached_property
    def holds(self) -> "HoldCommands":
        """Parts on hold, whose pictures are never given up."""
        from station.commands.holds import HoldCommands
        from station.storage.records.holds import Holds

        core = self._core
        return HoldCommands(self.authority, Holds(core.database, core.audit_log), core.originals)

    @cached_property
    def shift_review(self) -> "ShiftReviewCommands":
        """The review of a shift: which parts, and what people said of them."""
        from station.commands.nearest_good import NearestGood
        from station.commands.shift_review import ShiftReviewCommands
        from station.storage.records.histories import Histories
        from station.storage.records.passed_parts import PassedParts

        core = self._core
        return ShiftReviewCommands(
            self.authority, Histories(core.database), core.feedback, core.rejects, core.inspections,
            NearestGood(PassedParts(core.database), core.inspections.pictures),
        )  # fmt: skip

    @cached_property
    def scanner(self) -> "ScannerCommands":
        """Codes that were scanned."""
        from station.commands.scanner import ScannerCommands

        core = self._core
        return ScannerCommands(
            self.authority, self.settings.scanner, core.line, core.serial, self.lots, self.news.publish
        )

    @cached_property
    def lots(self) -> "LotCommands":
        """The lot and the order that are made now."""
        from station.commands.lots import LotCommands

        core = self._core
        return LotCommands(self.authority, core.lot, self._audit)

    @cached_property
    def backup(self) -> "BackupCommands":
        """Make backups."""
        from station.commands.backup import BackupCommands

        core = self._core
        return BackupCommands(self.authority, self.workspace, core.database, self.settings, self._audit)

    @cached_property
    def plant(self) -> "PlantCommands":
        """What was sent to the database of the plant, and what waits."""
        from station.commands.plant import PlantCommands

        core = self._core
        return PlantCommands(self.authority, self.workspace, self.settings, core.database, core.to_plant, self._audit)

    @cached_property
    def disk(self) -> "DiskCommands":
        """How full the disk is, and when it will be full."""
        from station.commands.disk import DiskCommands
        from station.storage.records.given_up import GivenUpPictures

        core = self._core
        return DiskCommands(self.workspace, GivenUpPictures(core.database, core.inspections.pictures))

    @cached_property
    def drift(self) -> "DriftCommands":
        """How far the line has moved from its calibration."""
        from station.commands.drift import DriftCommands

        core = self._core
        return DriftCommands(self.authority, core.drift, self._audit)

    @cached_property
    def people(self) -> "PeopleCommands":
        """Accounts, and who is logged in."""
        from station.commands.people import PeopleCommands

        core = self._core
        return PeopleCommands(self.authority, core.accounts, core.log_in, core.session, self._audit)
