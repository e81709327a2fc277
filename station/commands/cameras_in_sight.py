"""Everything one can look through: the station's own camera, what the producers see, and the drawn lines."""

from station.camera.genicam.discovery import DeviceReport, ProducerReport, discover
from station.camera.simulation.line import PRODUCTS
from station.domain.camera import CameraInSight, CamerasInSight, ProducerInSight
from station.settings import CameraSettings

_REAL = ("genicam:", "webcam:")


def cameras_in_sight(settings: CameraSettings) -> CamerasInSight:
    """Ask every producer; takes as long as the slowest of them."""
    found = discover(settings)
    return CamerasInSight(
        producers=tuple(map(_producer, found.producers)),
        cameras=_distinct(_own(settings), *map(_device, found.devices), *map(_drawn, PRODUCTS)),
        reasons=found.reasons,
    )


def _distinct(own: CameraInSight, *others: CameraInSight) -> tuple[CameraInSight, ...]:
    """The station's own first; where a producer sees it too, with what the producer says of it."""
    seen = next((other for other in others if other.source == own.source), own)
    return seen, *(other for other in others if other.source != own.source)


def _own(settings: CameraSettings) -> CameraInSight:
    stand_in = not settings.source.startswith(_REAL)
    return CameraInSight(settings.source, "The station's source", "named in the settings", stand_in)


def _producer(report: ProducerReport) -> ProducerInSight:
    facts = {"SHA-256": report.sha256[:16], "owner": report.owner, "found by": report.found_by}
    detail = ", ".join(f"{name} {fact}" for name, fact in facts.items() if fact)
    return ProducerInSight(str(report.path), report.sentence, detail, usable=not report.error)


def _device(report: DeviceReport) -> CameraInSight:
    return CameraInSight(
        report.source,
        f"{report.model} {report.serial}, {report.vendor}".strip(", "),
        f"{report.access}, {report.transport} on {report.interface}",
        report.test_camera,
    )


def _drawn(product: str) -> CameraInSight:
    return CameraInSight(f"simulated:{product}", f"Simulated line, {product}", "drawn by the station", stand_in=True)
