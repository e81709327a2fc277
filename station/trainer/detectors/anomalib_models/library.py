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
    from anomalib.data.utils.generators.perlin import PerlinAnomalyGenerator
    from anomalib.models.components import PCA, MultiVariateGaussian, TimmFeatureExtractor
    from anomalib.models.components.classification import KDEClassifier
    from anomalib.models.image.anomaly_dino.torch_model import AnomalyDINOModel
    from anomalib.models.image.cflow.utils import cflow_head, get_logp, positional_encoding_2d
    from anomalib.models.image.dinomaly.components import StableAdamW, WarmCosineScheduler
    from anomalib.models.image.dinomaly.torch_model import DinomalyModel
    from anomalib.models.image.draem.loss import DraemLoss
    from anomalib.models.image.draem.torch_model import DiscriminativeSubNetwork, ReconstructiveSubNetwork
    from anomalib.models.image.dsr.anomaly_generator import DsrAnomalyGenerator
    from anomalib.models.image.dsr.loss import DsrSecondStageLoss, DsrThirdStageLoss
    from anomalib.models.image.dsr.torch_model import DsrModel, VectorQuantizer
    from anomalib.models.image.efficient_ad.torch_model import (
        EfficientAdModel,
        EfficientAdModelSize,
        MediumPatchDescriptionNetwork,
        SmallPatchDescriptionNetwork,
        reduce_tensor_elems,
    )
    from anomalib.models.image.fastflow.loss import FastflowLoss
    from anomalib.models.image.fastflow.torch_model import FastflowModel
    from anomalib.models.image.fre.torch_model import TiedAE
    from anomalib.models.image.padim.anomaly_map import AnomalyMapGenerator as PadimDistances
    from anomalib.models.image.padim.torch_model import PadimModel
    from anomalib.models.image.patchcore.torch_model import PatchcoreModel
    from anomalib.models.image.reverse_distillation.anomaly_map import AnomalyMapGenerationMode
    from anomalib.models.image.reverse_distillation.loss import ReverseDistillationLoss
    from anomalib.models.image.reverse_distillation.torch_model import ReverseDistillationModel
    from anomalib.models.image.stfpm.loss import STFPMLoss
    from anomalib.models.image.stfpm.torch_model import STFPMModel
    from anomalib.models.image.supersimplenet.loss import SSNLoss
    from anomalib.models.image.supersimplenet.torch_model import SupersimplenetModel
    from safetensors import SafetensorError
    from safetensors.torch import load_file, save_file
    from timm import create_model
    from timm.models import _registry as registry

__all__ = [
    "PCA",
    "AnomalyDINOModel",
    "AnomalyMapGenerationMode",
    "DinomalyModel",
    "DiscriminativeSubNetwork",
    "DraemLoss",
    "DsrAnomalyGenerator",
    "DsrModel",
    "DsrSecondStageLoss",
    "DsrThirdStageLoss",
    "EfficientAdModel",
    "EfficientAdModelSize",
    "FastflowLoss",
    "FastflowModel",
    "KDEClassifier",
    "MediumPatchDescriptionNetwork",
    "MultiVariateGaussian",
    "PadimDistances",
    "PadimModel",
    "PatchcoreModel",
    "PerlinAnomalyGenerator",
    "ReconstructiveSubNetwork",
    "ReverseDistillationLoss",
    "ReverseDistillationModel",
    "SSNLoss",
    "STFPMLoss",
    "STFPMModel",
    "SafetensorError",
    "SmallPatchDescriptionNetwork",
    "StableAdamW",
    "SupersimplenetModel",
    "TiedAE",
    "TimmFeatureExtractor",
    "VectorQuantizer",
    "WarmCosineScheduler",
    "cflow_head",
    "create_model",
    "get_logp",
    "load_file",
    "positional_encoding_2d",
    "reduce_tensor_elems",
    "registry",
    "save_file",
]
