"""Everything one can look through: the station's own camera, what the producers see, and the drawn lines."""

from dataclasses import replace

from station.camera.genicam.discovery import discover
from station.camera.simulation.line import PRODUCTS
from station.domain.camera import CamerasInSight, SourceInSight
from station.settings import CameraSettings

_REAL = ("genicam:", "webcam:")


def cameras_in_sight(settings: CameraSettings) -> CamerasInSight:
    """Ask every producer; takes as long as the slowest of them."""
    return replace(discover(settings), own=_own(settings), drawn=tuple(map(_drawn, PRODUCTS)))


def _own(settings: CameraSettings) -> SourceInSight:
    """Shown where no producer sees it: what one sees is told in the producer's words."""
    stand_in = not settings.source.startswith(_REAL)
    unseen = ", not in sight" if settings.source.startswith("genicam:") else ""
    return SourceInSight(settings.source, "The station's source", f"named in the settings{unseen}", stand_in)


def _drawn(product: str) -> SourceInSight:
    return SourceInSight(f"simulated:{product}", f"Simulated line, {product}", "drawn by the station", stand_in=True)
