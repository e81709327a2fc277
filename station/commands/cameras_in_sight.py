"""Everything one can look through: the station's own cameras, what the producers see, and the drawn lines."""

from dataclasses import replace

from station.camera.genicam.discovery import discover
from station.camera.simulation.line import PRODUCTS
from station.domain.camera import CamerasInSight, SourceInSight
from station.settings import CameraSettings

_REAL = ("genicam:", "webcam:")


def cameras_in_sight(settings: CameraSettings) -> CamerasInSight:
    """Ask every producer; takes as long as the slowest of them."""
    return replace(discover(settings), own=_own(settings), drawn=tuple(map(_drawn, PRODUCTS)))


def _own(settings: CameraSettings) -> tuple[SourceInSight, ...]:
    return tuple(_named(view, source) for view, source in settings.sources.items())


def _named(view: str, source: str) -> SourceInSight:
    name = f"The station's source for {view}" if view else "The station's source"
    return SourceInSight(source, name, "named in the settings", stand_in=not source.startswith(_REAL))


def _drawn(product: str) -> SourceInSight:
    return SourceInSight(f"simulated:{product}", f"Simulated line, {product}", "drawn by the station", stand_in=True)
