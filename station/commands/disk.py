"""The disk of the station: how full it is, and when it will be full."""

import shutil

from station.domain.clock import utc_now
from station.domain.disk import DiskState
from station.storage.records.given_up import GivenUpPictures
from station.workspace import Workspace


class DiskCommands:
    """Reading is open to everybody. Safe from any thread."""

    def __init__(self, workspace: Workspace, pictures: GivenUpPictures) -> None:
        self._workspace = workspace
        self._pictures = pictures

    def state(self) -> DiskState:
        """Return how the disk of the workspace is used, and how fast it fills. May take a second on large records."""
        usage = shutil.disk_usage(self._workspace.root)
        return self._pictures.state(usage.free, usage.total, utc_now())
