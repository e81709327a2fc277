"""From settings to a network of our own."""

from station.learning.own_network_settings import AutoencoderSettings, FcddSettings, OwnNetworkSettings
from station.trainer.detectors.contract import DetectorMethod


def own_network(settings: OwnNetworkSettings) -> DetectorMethod:
    """Return the method that has these settings."""
    match settings:
        case FcddSettings():
            from station.trainer.detectors.own_networks.fcdd import Fcdd  # noqa: PLC0415 - loads timm

            return Fcdd(settings)
        case AutoencoderSettings():
            from station.trainer.detectors.own_networks.autoencoder import Autoencoder  # noqa: PLC0415 - loads torch

            return Autoencoder(settings)
    raise NotImplementedError(f"no network has settings such as {type(settings).__name__}")
