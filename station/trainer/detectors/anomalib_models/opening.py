"""From settings to a method of anomalib."""

from station.learning.anomalib_settings import (
    AnomalibSettings,
    CflowSettings,
    DfkdeSettings,
    DfmSettings,
    FreSettings,
    PadimSettings,
    PatchcoreSettings,
    StfpmSettings,
    SupersimplenetSettings,
)
from station.learning.brought_settings import (
    AnomalyDinoSettings,
    DinomalySettings,
    DraemSettings,
    DsrSettings,
    EfficientAdSettings,
    FastflowSettings,
    ReverseDistillationSettings,
)
from station.trainer.detectors.anomalib_models.deep_features import Dfkde, Dfm, Fre
from station.trainer.detectors.anomalib_models.dino import AnomalyDino
from station.trainer.detectors.anomalib_models.dinomaly import Dinomaly
from station.trainer.detectors.anomalib_models.draem import Draem
from station.trainer.detectors.anomalib_models.dsr import Dsr
from station.trainer.detectors.anomalib_models.efficient_ad import EfficientAd
from station.trainer.detectors.anomalib_models.fastflow import Fastflow
from station.trainer.detectors.anomalib_models.flow import Cflow
from station.trainer.detectors.anomalib_models.padim import Padim
from station.trainer.detectors.anomalib_models.patchcore import Patchcore
from station.trainer.detectors.anomalib_models.reverse_distillation import ReverseDistillation
from station.trainer.detectors.anomalib_models.simple_net import Supersimplenet
from station.trainer.detectors.anomalib_models.student import Stfpm
from station.trainer.detectors.contract import DetectorMethod

_METHODS = {
    PadimSettings: Padim,
    PatchcoreSettings: Patchcore,
    DfmSettings: Dfm,
    DfkdeSettings: Dfkde,
    FreSettings: Fre,
    CflowSettings: Cflow,
    StfpmSettings: Stfpm,
    SupersimplenetSettings: Supersimplenet,
    FastflowSettings: Fastflow,
    ReverseDistillationSettings: ReverseDistillation,
    AnomalyDinoSettings: AnomalyDino,
    DinomalySettings: Dinomaly,
    EfficientAdSettings: EfficientAd,
    DraemSettings: Draem,
    DsrSettings: Dsr,
}


def anomalib_method(settings: AnomalibSettings) -> DetectorMethod:
    """Return the method that has these settings."""
    method: DetectorMethod = _METHODS[type(settings)](settings)
    return method
