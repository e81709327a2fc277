"""Everything one can look through: the station's own cameras, what the producers see, and the drawn lines."""

from dataclasses import replace

from station.camera.genicam.discovery import discover
from station.camera.simulation.line import PRODUCTS
from station.domain.camera import DiscoveredSource, DiscoveryResult
from station.domain.source_uri import SourceKind, source_kind
from station.settings import CameraSettings


def cameras_in_sight(settings: CameraSettings) -> DiscoveryResult:
    """Ask every producer; takes as long as the slowest of them."""
    return replace(discover(settings), own=_own(settings), drawn=tuple(map(_drawn, PRODUCTS)))


def _own(settings: CameraSettings) -> tuple[DiscoveredSource, ...]:
    return tuple(_named(view, source) for view, source in settings.sources.items())


def _named(view: str, source: str) -> DiscoveredSource:
    """Shown where no producer sees it: what one sees is told in the producer's words."""
    name = f"The station's source for {view}" if view else "The station's source"
    unseen = ", not in sight" if source_kind(source) is SourceKind.GENICAM else ""
    return DiscoveredSource(source, name, f"named in the settings{unseen}")


def _drawn(product: str) -> DiscoveredSource:
    return DiscoveredSource(SourceKind.SIMULATED.words(product), f"Simulated line, {product}", "drawn by the station")
