"""The front door: a station is built, opened and closed here. Its commands are attributes."""

from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import TYPE_CHECKING, Self

import pluggy

from station.concurrency.fan_out import FanOut
from station.core import build_core
from station.domain.errors import StationError, StorageError
from station.domain.permissions import EVERY_ROLE, Authority, Role
from station.domain.person import KnownBy, Person
from station.facades.of_recipes import Facades
from station.log_file import log_to
from station.people.in_force import LogInsInForce
from station.plugin_api.hooks import installed_plugins
from station.plugin_api.plugin_settings import settings_models
from station.settings import Settings
from station.settings_file import load_settings
from station.storage.engine.database import UNUSABLE, Database
from station.storage.records.completeness import open_records, open_records_to_read
from station.workspace import UnwritableWorkspaceError, Workspace, default_workspace, demo_reports

if TYPE_CHECKING:
    from station.commands.demo import DemoCommands

_STOP_WITHIN_S = 40.0
_IN_THE_DEMO = Person("Demo", frozenset(Role), KnownBy.DEMO)


class Station(Facades):
    """One open station. Commands go down through its facades; messages come up through `news`.

    Attributes:
        workspace: The folder that holds the station.
        settings: The settings of this machine.
        news: The messages of the station; each reader subscribes and has its own queue.
        authority: On whose behalf the commands are given.
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
        news = FanOut()
        super().__init__(
            workspace, settings, plugins, news, build_core(workspace, settings, plugins, database, news, held)
        )
        self.unwritable: StationError | None = None
        self.demo: DemoCommands | None = None
        self._held = held
        self._act_for(authority)

    def acting_as(self, *roles: Role, signature: str = "") -> "Station":
        """Return this station for a person with these roles: its commands refuse what none of the roles may do.

        `signature` is recorded as the person if a command names none: "operator, Line page".

        Line, cameras and records are the same. Close the station that was opened, not this one.
        """
        return self._for(Authority.of(*roles, signature=signature))

    def at_window(self, place: str = "", page_role: Role = Role.OPERATOR) -> "Station":
        """Return this station for whoever is logged in at the moment of each command.

        Args:
            place: Is recorded with the role if nobody is logged in: "Line page".
            page_role: Whose page it is.
        """
        core, session = self._core, self._core.session
        in_force = LogInsInForce(core.accounts, session, core.audit).holds
        return self._for(Authority(lambda: session.person, place, page_role, in_force=in_force))

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
        from station.commands.demo import DEMO_SETTINGS, DemoCommands  # noqa: PLC0415 - only the demo needs it

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
        station._core.check_keeper.take_stock()
        if from_file is not None:
            station._core.to_plant.take_stock(database)
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
