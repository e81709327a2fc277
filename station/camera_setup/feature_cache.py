"""What is known of a camera's features: as they were before its first picture, and as they were read last."""

from collections.abc import Iterable
from dataclasses import replace

from station.camera.feature_description import HasFeatureTree, described
from station.camera.source import FrameSource
from station.domain.camera import Access, CameraFeature


class KnownFeatures:
    """Settable is also what has to wait until the pictures pause: writing it lets them.

    Attributes:
        newest: All of them as they were read last.
    """

    def __init__(self) -> None:
        """Nothing was read yet."""
        self.newest: tuple[CameraFeature, ...] = ()
        self._at_rest: frozenset[str] = frozenset()

    def read_at_rest(self, source: FrameSource) -> None:
        """Read while no pictures come.

        Raises:
            CameraError: The camera cannot be read.
        """
        self.newest = described(source)
        self._at_rest = _settable(self.newest)

    def read(self, source: FrameSource) -> tuple[CameraFeature, ...]:
        """Read while pictures come, which go on meanwhile where the camera describes itself.

        Raises:
            CameraError: The camera cannot be read.
        """
        features = source.features_beside() if isinstance(source, HasFeatureTree) else described(source)
        self.newest = self.as_settable(features)
        return self.newest

    def as_settable(self, features: Iterable[CameraFeature]) -> tuple[CameraFeature, ...]:
        """The features with what can be done to them, pausing the pictures where it must be."""
        return tuple(
            replace(each, access=Access.READ_WRITE) if each.name in self._at_rest and not each.access.writable else each
            for each in features
        )

    def waits_for_rest(self, source: FrameSource, name: str) -> bool:
        """Whether this feature is locked only while pictures come.

        Raises:
            CameraError: The camera cannot be read.
        """
        if name not in self._at_rest or not isinstance(source, HasFeatureTree):
            return False
        return name not in _settable(source.features_beside(name))


def _settable(features: Iterable[CameraFeature]) -> frozenset[str]:
    return frozenset(each.name for each in features if each.access.writable)
