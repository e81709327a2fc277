"""From the settings of a job to the method; loads its libraries."""

from station.learning.anomalib_settings import AnomalibSettings
from station.learning.detector_settings import DetectorSettings
from station.learning.own_network_settings import OwnNetworkSettings
from station.learning.plugin_method import PluginMethod
from station.trainer.detectors.contract import DetectorMethod
from station.trainer.detectors.plugin_detector import PluginDetectorMethod


def method_for(settings: DetectorSettings) -> DetectorMethod:
    """Return the method that has these settings."""
    if isinstance(settings, AnomalibSettings):
        from station.trainer.detectors.anomalib_models.opening import anomalib_method  # noqa: PLC0415 - loads torch

        return anomalib_method(settings)
    if isinstance(settings, OwnNetworkSettings):
        from station.trainer.detectors.own_networks.opening import own_network  # noqa: PLC0415 - loads torch

        return own_network(settings)
    if isinstance(settings, PluginMethod):
        return PluginDetectorMethod(settings)
    raise NotImplementedError(f"no method has settings such as {type(settings).__name__}")
