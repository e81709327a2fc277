"""The features of a camera as they were last read, and which of them can be written only while acquisition is off."""

from collections.abc import Iterable
from dataclasses import replace

from station.camera.source import FrameSource
from station.domain.camera import Access, CameraFeature


class FeatureCache:
    """Features that a camera locks during acquisition (Width, PixelFormat) are shown as writable all the same.

    The station stops acquisition to write them (see `write_feature`), so they are writable for the person.

    Attributes:
        newest: All features as they were last read.
    """

    def __init__(self) -> None:
        """Start empty."""
        self.newest: tuple[CameraFeature, ...] = ()
        self._writable_when_stopped: frozenset[str] = frozenset()

    def read_when_stopped(self, source: FrameSource) -> None:
        """Read all features while acquisition is off.

        Raises:
            CameraError: The camera cannot be read.
        """
        self.newest = source.features()
        self._writable_when_stopped = _writable(self.newest)

    def read(self, source: FrameSource) -> tuple[CameraFeature, ...]:
        """Read all features during acquisition, without stopping it if the camera allows that.

        Raises:
            CameraError: The camera cannot be read.
        """
        live = source.live_features
        self.newest = self.with_stopped_access(live.read_live() if live else source.features())
        return self.newest

    def with_stopped_access(self, features: Iterable[CameraFeature]) -> tuple[CameraFeature, ...]:
        """Return the features, marked as writable if they can be written now or while acquisition is off."""
        stopped = self._writable_when_stopped
        return tuple(
            replace(each, access=Access.READ_WRITE) if each.name in stopped and not each.access.writable else each
            for each in features
        )

    def needs_stop(self, source: FrameSource, name: str) -> bool:
        """Return whether this feature is locked only because acquisition is running.

        Raises:
            CameraError: The camera cannot be read.
        """
        live = source.live_features
        if live is None or name not in self._writable_when_stopped:
            return False
        return name not in _writable(live.read_live(name))


def _writable(features: Iterable[CameraFeature]) -> frozenset[str]:
    return frozenset(each.name for each in features if each.access.writable)
