"""The front door: a station is built, opened and closed here. Its commands are attributes."""

from contextlib import ExitStack
from copy import copy
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Self

import pluggy

from station.commands.alarms import AlarmCommands
from station.commands.audit import AuditCommands
from station.commands.backup import BackupCommands
from station.commands.cameras import CameraCommands
from station.commands.candidates import CandidateCommands
from station.commands.challenge import ChallengeCommands
from station.commands.corrections import CorrectionCommands
from station.commands.datasets import DatasetCommands
from station.commands.demo import DEMO_SETTINGS, DemoCommands
from station.commands.disk import DiskCommands
from station.commands.disputed_parts import DisputedParts
from station.commands.drift import DriftCommands
from station.commands.evaluations import EvaluationCommands
from station.commands.guide import GuideCommands
from station.commands.holds import HoldCommands
from station.commands.learning import LearningCommands
from station.commands.limits import LimitCommands
from station.commands.line import LineCommands
from station.commands.lots import LotCommands
from station.commands.mask_proposals import MaskProposals
from station.commands.nearest_good import NearestGood
from station.commands.people import PeopleCommands
from station.commands.recipe_exchange import RecipeExchange
from station.commands.recipe_pictures import RecipePictures
from station.commands.recipes import RecipeCommands
from station.commands.records import RecordCommands
from station.commands.release_desk import ReleaseDesk
from station.commands.review import ReviewCommands
from station.commands.revision_flips import RevisionFlipCommands
from station.commands.scanner import ScannerCommands
from station.commands.shift_review import ShiftReviewCommands
from station.commands.studies import StudyCommands
from station.commands.study_models import StudyModels
from station.commands.training import TrainingCommands
from station.commands.validation import ValidationCommands
from station.concurrency.fan_out import FanOut
from station.core import build_core
from station.domain.audit import AuditAction
from station.domain.errors import StationError, StorageError
from station.domain.permissions import EVERY_ROLE, Authority, Permission, Role
from station.domain.person import KnownBy, Person
from station.log_file import log_to
from station.people.audit_trail import AuditTrail
from station.people.in_force import LogInsInForce
from station.plugin_api.hooks import installed_plugins
from station.plugin_api.plugin_settings import settings_models
from station.settings import Settings
from station.settings_file import load_settings
from station.storage.engine.database import UNUSABLE, Database
from station.storage.learning.part_labels import PartLabels
from station.storage.learning.places_to_teach import PlacesToTeach
from station.storage.learning.studies import Studies
from station.storage.records.completeness import open_records, open_records_to_read
from station.storage.records.feedback import FeedbackRecords
from station.storage.records.given_up import GivenUpPictures
from station.storage.records.histories import Histories
from station.storage.records.holds import Holds
from station.storage.records.passed_parts import PassedParts
from station.storage.records.scores import ScoreRecords
from station.workspace import UnwritableWorkspaceError, Workspace, default_workspace, demo_reports

_STOP_WITHIN_S = 40.0
_IN_THE_DEMO = Person("Demo", frozenset(Role), KnownBy.DEMO)


class Station:
    """One open station. Commands go down through its attributes; messages come up through `news`.

    Attributes:
        workspace: The folder that holds the station.
        settings: The settings of this machine.
        news: The messages of the station; each reader subscribes and has its own queue.
        authority: On whose behalf the commands are given.
        line: Start, stop, triggers, counters.
        cameras: Discovered cameras and the preview of one.
        records: Parts, shifts, reports.
        alarms: What needs a person: open alarms, and those that are over.
        review: Open reviews, answers, feedback on parts.
        holds: Parts on hold, whose pictures are never given up.
        shift_review: The review of a shift: which parts, and what people said of them.
        challenge: Checks with challenge parts, and the parts that a failed one makes suspect.
        scanner: Codes that were scanned.
        lots: The lot and the order that are made now.
        recipes: Find, change, compare, release.
        exchange: Export and import as one signed file; whose files are believed.
        validation: Judge a labelled set by a revision, and accept the verdicts.
        learning: Teach and evaluate.
        backup: Make backups.
        disk: How full the disk is, and when it will be full.
        drift: How far the line has moved from its calibration.
        limits: What other limits would have made of scored pictures.
        flips: What another revision would have made of the parts of the last shifts.
        datasets: Pictures to learn from, with labels and masks, and the versions frozen from them.
        proposals: Where the anomaly map and a picture say that a defect is.
        candidates: Drafts that judge beside the line, and their promotion.
        training: Training runs: queue, follow, cancel.
        corrections: What people corrected since a model was taught, and to teach with it.
        evaluations: How good a revision is on a dataset version: compare, look at mistakes, export.
        studies: Attribute studies: who judges parts as they are, people and models.
        guide: The way of a new product from camera to release.
        people: Accounts, and who is logged in.
        audit: Who changed what, when and why.
        plugins: The installed plug-ins; a program may register more before it starts the line.
        demo: The ground truth of a demo line; None on a real station.
        unwritable: Why this station was opened to be read only; None if it can be written.
    """

    def __init__(
        self,
        workspace: Workspace,
        settings: Settings,
        plugins: pluggy.PluginManager,
        database: Database,
        held: ExitStack,
        authority: Authority,
    ) -> None:
        """Use `Station.open`; `held` is closed together with the station."""
        self.unwritable: StationError | None = None
        self.workspace = workspace
        self.settings = settings
        self.news = FanOut()
        self.demo: DemoCommands | None = None
        self.plugins = plugins
        self._held = held
        self._core = build_core(workspace, settings, plugins, database, self.news, held)
        self._give_commands(authority)

    def acting_as(self, *roles: Role, signature: str = "") -> "Station":
        """Return this station for a person with these roles: its commands refuse what none of the roles may do.

        `signature` is recorded as the person if a command names none: "operator, Line page".

        Line, cameras and records are the same. Close the station that was opened, not this one.
        """
        station = copy(self)
        station._give_commands(Authority.of(*roles, signature=signature))
        return station

    def at_window(self, place: str = "", page_role: Role = Role.OPERATOR) -> "Station":
        """Return this station for whoever is logged in at the moment of each command.

        Args:
            place: Is recorded with the role if nobody is logged in: "Line page".
            page_role: Whose page it is.
        """
        station = copy(self)
        core, session = self._core, self._core.session
        in_force = LogInsInForce(core.accounts, session, core.audit).holds
        station._give_commands(Authority(lambda: session.person, place, page_role, in_force=in_force))
        return station

    def _give_commands(self, given: Authority) -> None:
        core, settings = self._core, self.settings
        audit = core.audit.signed_by(lambda: given.signature)
        self.authority = authority = given.noted_by(partial(_write_down, audit, given))
        self.audit = AuditCommands(authority, self.workspace, core.audit_log, core.chain, audit, settings.report.csv)
        self.line = LineCommands(authority, core.line, core.counts)
        self.cameras = CameraCommands(
            authority,
            self.workspace,
            settings_models(self.plugins),
            core.recipes,
            core.line,
            core.preview_slot,
            audit,
        )
        self.records = RecordCommands(
            authority,
            self.workspace,
            settings,
            core.database,
            core.inspections,
            core.recipes,
            core.recent,
            audit,
        )
        self.alarms = AlarmCommands(authority, core.alarms, core.line, audit)
        self._give_commands_on_parts(authority)
        self.lots = LotCommands(authority, core.lot, audit)
        self.scanner = ScannerCommands(
            authority, settings.scanner, core.line, core.serial, self.lots, self.news.publish
        )
        self._give_recipe_commands(authority, audit)
        self.datasets = DatasetCommands(authority, self.workspace, core.database, core.collecting, audit)
        self.proposals = MaskProposals(self.datasets, self.records, core.recipes, core.proposal_model)
        self.learning = LearningCommands(
            authority,
            self.workspace,
            core.recipes,
            PlacesToTeach(core.database),
            DisputedParts(FeedbackRecords(core.database), core.inspections, core.recipes),
            audit,
        )
        self.drift = DriftCommands(authority, core.drift, audit)
        self.backup = BackupCommands(authority, self.workspace, core.database, settings.station.name, audit)
        self.disk = DiskCommands(self.workspace, GivenUpPictures(core.database, core.inspections.pictures))
        self.limits = LimitCommands(
            authority, self.workspace, core.recipes, core.inspections, ScoreRecords(core.database), self.records,
            PartLabels(core.database), audit,
        )  # fmt: skip
        self.flips = RevisionFlipCommands(
            authority, self.workspace, core.recipes, core.inspections, core.database, self.records
        )
        self.training = TrainingCommands(authority, self.workspace, core.database, core.recipes, audit)
        self.corrections = CorrectionCommands(
            authority, self.workspace.datasets, core.database, core.recipes, self.datasets, self.training,
            self.candidates,
        )  # fmt: skip
        self.evaluations = EvaluationCommands(authority, self.workspace, settings, core.database, core.recipes, audit)
        self.people = PeopleCommands(authority, core.accounts, core.log_in, core.session, audit)
        self.studies = StudyCommands(
            authority, self.workspace, settings.station, StudyModels(self.workspace, core.recipes, self.datasets),
            self.datasets, Studies(core.database), audit,
        )  # fmt: skip
        self.challenge = ChallengeCommands(
            authority, self.workspace, settings, core.check_keeper, core.challenge, core.database, self.recipes, audit
        )
        self.guide = GuideCommands(
            authority, core.database, core.recipes, self.datasets, self.training, core.line, core.preview_slot, audit
        )

    def _give_commands_on_parts(self, authority: Authority) -> None:
        core = self._core
        self.review = ReviewCommands(authority, core.reviews, core.feedback, core.rejects)
        self.shift_review = ShiftReviewCommands(
            authority, Histories(core.database), core.feedback, core.rejects, core.inspections,
            NearestGood(PassedParts(core.database), core.inspections.pictures),
        )  # fmt: skip
        self.holds = HoldCommands(authority, Holds(core.database, core.audit_log), core.originals)

    def _give_recipe_commands(self, authority: Authority, audit: AuditTrail) -> None:
        core, settings = self._core, self.settings
        self.validation = ValidationCommands(
            authority, self.workspace, core.recipes, core.database, audit, settings.report.csv
        )
        desk = ReleaseDesk(authority, core.database, core.log_in, settings.release, audit)
        self.recipes = RecipeCommands(
            authority, self.workspace, core.recipes,
            RecipePictures(self.workspace.datasets, core.database, core.inspections.pictures), desk, audit,
        )  # fmt: skip
        self.exchange = RecipeExchange(authority, self.workspace, core.database, settings.station.name, audit)
        self.candidates = CandidateCommands(
            authority,
            self.workspace,
            desk,
            core.inspections,
            core.candidates,
            core.gate,
            core.shadow,
            audit,
        )

    @property
    def clock_warning(self) -> str:
        """Return what is wrong with the clock of this machine; "" if it is not behind the newest record."""
        return self._core.line.clock.sentence

    @staticmethod
    def default_folder() -> Path:
        """Return the workspace that is opened if none is named: the platform's folder for data."""
        return default_workspace()

    @classmethod
    def open(
        cls, root: Path | None = None, settings: Settings | None = None, authority: Authority = EVERY_ROLE
    ) -> "Station":
        """Open the station of a workspace, which is created if it does not exist.

        Several programs may open one workspace; one of them may run its line.

        Args:
            root: The workspace; the platform's data folder if not given.
            settings: Instead of those in `station.toml`.
            authority: On whose behalf the commands are given; every role if not given.

        Raises:
            BadInputError: The workspace cannot be written, or settings or database cannot be used.
            StorageError: The database is damaged.
        """
        with ExitStack() as held:
            return cls._opened(held, root or default_workspace(), settings, authority)

    @classmethod
    def open_to_read(cls, root: Path, authority: Authority = EVERY_ROLE) -> "Station":
        """Open a station for a command that only reads: also on a disk that is full or cannot be written.

        On such a disk nothing at all is changed, and `unwritable` says why.

        Raises:
            StationError: As `open`, if the records cannot be read either.
        """
        try:
            return cls.open(root, authority=authority)
        except UNUSABLE:
            raise
        except (UnwritableWorkspaceError, StorageError) as error:
            refused = error
        with ExitStack() as held:
            workspace, plugins = Workspace.existing(root), installed_plugins()
            settings = load_settings(workspace.settings_file, settings_models(plugins))
            database = open_records_to_read(workspace)
            held.callback(database.close)
            station = cls(workspace, settings, plugins, database, held, authority)
            station.unwritable = refused
            station._core.line.clock.check()
            station._held = held.pop_all()
            return station

    @classmethod
    def open_demo(cls) -> "Station":
        """Open a station with a simulated line and a loaded recipe. Its workspace is deleted when it is closed.

        Reports that a person saves are kept, in the folder "Lineside demo" of the documents.

        Raises:
            FaultError: This installation has no demo models.
        """
        with ExitStack() as held:
            folder = held.enter_context(TemporaryDirectory(prefix="lineside-demo-"))
            station = cls._opened(held, Path(folder), DEMO_SETTINGS, EVERY_ROLE, demo_reports())
        try:
            station.people.session.rest_as(_IN_THE_DEMO)
            station.demo = DemoCommands(
                station.workspace, station._core.line, station._core.recipes, station._core.inspections
            )
            station._core.check_keeper.present = station.demo.present
            station.lots.set("2611-0342", "4711", _IN_THE_DEMO.name)
        except BaseException:
            station.close()
            raise
        return station

    @classmethod
    def _opened(
        cls,
        held: ExitStack,
        root: Path,
        settings: Settings | None,
        authority: Authority,
        reports: Path | None = None,
    ) -> "Station":
        workspace = Workspace.open(root, reports)
        plugins = installed_plugins()
        from_file = None if settings else load_settings(workspace.settings_file, settings_models(plugins))
        settings = settings or from_file or Settings()
        database = open_records(workspace)
        held.callback(database.close)
        held.callback(log_to(workspace.logs / "station.log"))
        station = cls(workspace, settings, plugins, database, held, authority)
        station.audit.check_at_start(from_file, station._core.alarms)
        station._core.line.repair_records()
        station.challenge.take_stock()
        station.training.take_stock()
        station._core.collecting.start_if_wanted()
        station._held = held.pop_all()
        return station

    def close(self) -> None:
        """Stop the line, record its remaining parts, and close everything. Closing twice is allowed."""
        line, preview_slot = self._core.line, self._core.preview_slot
        preview_slot.disconnect()
        line.stop("station closed")
        if not line.wait_stopped(_STOP_WITHIN_S):
            line.abandon()
            line.wait_stopped(_STOP_WITHIN_S)
        preview_slot.wait_disconnected(_STOP_WITHIN_S)
        self._core.check_keeper.close()
        self._held.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _write_down(audit: AuditTrail, authority: Authority, permission: Permission) -> None:
    """Write a refused command into the audit trail."""
    audit.note(AuditAction.REFUSED, permission, new=f"as {' and '.join(sorted(authority.roles)) or 'nobody'}")
