"""Everything one can look through: the station's own camera, what the producers see, and the drawn lines."""

from station.camera.genicam.discovery import DeviceReport, ProducerReport, discover
from station.camera.simulation.line import PRODUCTS
from station.domain.camera import CameraInSight, CamerasInSight, ProducerInSight
from station.settings import CameraSettings


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
    return CameraInSight(settings.source, "The station's camera", "named in the settings")


def _producer(report: ProducerReport) -> ProducerInSight:
    detail = f"SHA-256 {report.sha256[:16]}, owner {report.owner}, found by {report.found_by}"
    return ProducerInSight(str(report.path), report.sentence, detail, usable=not report.error)


def _device(report: DeviceReport) -> CameraInSight:
    drawn = ", a drawn test camera" if report.test_camera else ""
    return CameraInSight(
        report.source,
        f"{report.vendor} {report.model} {report.serial}",
        f"{report.transport} on {report.interface}, {report.access}{drawn}",
    )


def _drawn(product: str) -> CameraInSight:
    return CameraInSight(f"simulated:{product}", f"Simulated line, {product}", "drawn by the station")
