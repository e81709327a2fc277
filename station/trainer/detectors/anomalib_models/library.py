"""Imports what is used of anomalib, in silence: it and its libraries warn while they are imported.

All of this room imports anomalib from here. Its Engine is not used: its validation takes longer than most teachings.
"""

import logging
import os
import warnings

from station.trainer.detectors.torch_networks.torchvision_ops import make_importable

os.environ["HF_HUB_OFFLINE"] = "1"  # a station has no network, and waits for none
make_importable()
logging.getLogger("anomalib").setLevel(logging.ERROR)
with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from anomalib.models.components import MultiVariateGaussian
    from anomalib.models.image.padim.anomaly_map import AnomalyMapGenerator as PadimDistances
    from anomalib.models.image.padim.torch_model import PadimModel

__all__ = ["MultiVariateGaussian", "PadimDistances", "PadimModel"]
