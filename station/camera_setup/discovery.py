"""Every source a preview can open: the cameras in the settings, all discovered cameras, the simulated lines."""

from dataclasses import replace

from station.camera.genicam.discovery import discover
from station.camera.simulation.line import PRODUCTS
from station.domain.camera import DiscoveredSource, DiscoveryResult
from station.domain.source_uri import SourceKind, source_kind
from station.settings import CameraSettings


def discover_sources(settings: CameraSettings) -> DiscoveryResult:
    """Ask every GenTL producer for its cameras. Takes as long as the slowest producer, at most about 20 s."""
    return replace(discover(settings.producers), own=_configured(settings), drawn=tuple(map(_simulated, PRODUCTS)))


def _configured(settings: CameraSettings) -> tuple[DiscoveredSource, ...]:
    return tuple(_named(view, source) for view, source in settings.sources.items())


def _named(view: str, source: str) -> DiscoveredSource:
    """Used only if no producer finds the camera; otherwise the producer's own description is shown."""
    name = f"The station's source for {view}" if view else "The station's source"
    not_found = ", not found" if source_kind(source) is SourceKind.GENICAM else ""
    return DiscoveredSource(source, name, f"named in the settings{not_found}")


def _simulated(product: str) -> DiscoveredSource:
    return DiscoveredSource(SourceKind.SIMULATED.uri(product), f"Simulated line, {product}", "drawn by the station")
