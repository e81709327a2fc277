"""From settings to a method of anomalib."""

from station.learning.anomalib_settings import AnomalibSettings, PadimSettings
from station.trainer.detectors.anomalib_models.padim import Padim
from station.trainer.detectors.contract import DetectorMethod


def anomalib_method(settings: AnomalibSettings) -> DetectorMethod:
    """Return the method that has these settings."""
    match settings:
        case PadimSettings():
            return Padim(settings)
    raise NotImplementedError(f"no method of anomalib has settings such as {type(settings).__name__}")
