"""Teach one method by anomalib's own Engine, export it by its exporter, and judge by its OpenVINOInferencer.

    python tests/benchmarks/anomalib_engine.py METHOD PICTURES OUT HEIGHT WIDTH SETTINGS

A program of its own, started by `methods.py` with the packages that only the export needs on its path. PICTURES has
the layout of MVTec with the one kind `defect`; SETTINGS is JSON: what the station's method is set to. The rest is left
as anomalib has it: limits and normalisation are set on the test pictures. OUT receives the exported model, and
`judged.npz` with score and map of each test picture, the good ones first.
"""

import json
import sys
import time
from pathlib import Path

import cv2
import numpy as np

from station.trainer.detectors.anomalib_models.pretrained import lite_at_hand  # isort: skip - makes torchvision load
from anomalib.data import Folder
from anomalib.deploy import ExportType, OpenVINOInferencer
from anomalib.engine import Engine
from anomalib.models import Cflow, Dfkde, Dfm, Fre, Padim, Patchcore, Stfpm, Supersimplenet
from anomalib.models.components import AnomalibModule
from anomalib.pre_processing import PreProcessor
from torchvision.transforms.v2 import Compose, Normalize, Resize

BACKBONE = "tf_efficientnet_lite0"
INFERENCE = {"INFERENCE_PRECISION_HINT": "f32", "PERFORMANCE_HINT": "LATENCY"}
_ONE_PICTURE = {"dynamic_axes": None, "dynamic_shapes": None, "opset_version": 18}  # else it exports for pairs
_STAGE_4_CHANNELS, _STAGE_4_PX = 112, 16
_CELL_PX = 8
_GREY = [0.5] * 3
_MODELS = {
    "patchcore-anomalib": (Patchcore, {}),
    "padim": (Padim, {"n_features": "features"}),
    "dfm": (Dfm, {"pooling_kernel_size": "pooled", "pca_level": "explained"}),
    "dfkde": (Dfkde, {"n_pca_components": "components"}),
    "fre": (Fre, {"pooling_kernel_size": "pooled", "latent_dim": "latent"}),
    "cflow": (Cflow, {"fiber_batch_size": "rows_at_once", "coupling_blocks": "blocks", "lr": "rate"}),
    "stfpm": (Stfpm, {}),
    "supersimplenet": (Supersimplenet, {}),
}
"""anomalib's class for each method of the station, and its names of the station's settings."""


def main(method: str, pictures: Path, out: Path, size: tuple[int, int], settings: dict[str, object]) -> None:
    """Teach, export, judge."""
    began = time.monotonic()
    count = len(list((pictures / "train" / "good").iterdir()))
    transform = Compose([Resize(size, antialias=True), Normalize(_GREY, _GREY)])
    common = {"pre_processor": PreProcessor(transform=transform), "evaluator": False, "visualizer": False}
    with lite_at_hand():
        model = model_of(method, settings, size, count, common)
    epochs = int(settings.get("epochs", 1))
    engine = Engine(
        max_epochs=epochs, check_val_every_n_epoch=epochs, accelerator="cpu", devices=1, default_root_dir=out,
        enable_progress_bar=False,
    )  # fmt: skip
    engine.fit(model=model, datamodule=data_of(pictures, int(settings.get("at_once", 32))))
    taught_s = time.monotonic() - began
    exported = engine.export(model, ExportType.OPENVINO, out, input_size=size, onnx_kwargs=_ONE_PICTURE)
    judge(OpenVINOInferencer(exported, "CPU", INFERENCE), pictures, size, out / "judged.npz", taught_s)


def model_of(
    method: str, settings: dict[str, object], size: tuple[int, int], pictures: int, common: dict[str, object]
) -> AnomalibModule:
    """Return anomalib's model with the settings of the station's method."""
    layers = [f"blocks.{stage}" for stage in settings["stages"]]
    kind, own = _MODELS[method]
    of_method = {name: settings[key] for name, key in own.items()}
    if kind is Patchcore:
        rows = pictures * (size[0] // _CELL_PX) * (size[1] // _CELL_PX)
        of_method = {"num_neighbors": 1, "coreset_sampling_ratio": min(1.0, settings["coreset_size"] / rows)}
    if kind is Fre:
        cell_px = _STAGE_4_PX * settings["pooled"]
        of_method["input_dim"] = _STAGE_4_CHANNELS * (size[0] // cell_px) * (size[1] // cell_px)
    if kind is Cflow:  # it refuses to take a step with fewer places than that, and a last batch may be one picture
        of_method["fiber_batch_size"] = min(settings["rows_at_once"], size[0] * size[1] // _STAGE_4_PX**2)
    looked_at = {"layer": layers[0]} if kind in (Dfm, Fre) else {"layers": layers}
    return kind(**common, backbone=BACKBONE, **looked_at, **of_method)


def data_of(pictures: Path, at_once: int) -> Folder:
    """Return anomalib's own reader of the pictures."""
    masks = "ground_truth/defect" if (pictures / "ground_truth").is_dir() else None
    return Folder(
        name="compared", root=pictures, normal_dir="train/good", abnormal_dir="test/defect",
        normal_test_dir="test/good", mask_dir=masks, train_batch_size=at_once, eval_batch_size=8, num_workers=0,
        val_split_mode="same_as_test", seed=0,
    )  # fmt: skip


def judge(inferencer: OpenVINOInferencer, pictures: Path, size: tuple[int, int], file: Path, taught_s: float) -> None:
    """Write score and map of each test picture."""
    scores, maps, names = [], [], []
    for kind in ("good", "defect"):
        for path in sorted((pictures / "test" / kind).iterdir()):
            picture = cv2.cvtColor(cv2.imread(str(path)), cv2.COLOR_BGR2RGB)
            found = inferencer.predict(cv2.resize(picture, size[::-1], interpolation=cv2.INTER_AREA))
            scores.append(float(np.asarray(found.pred_score).flat[0]))
            if found.anomaly_map is not None:
                maps.append(np.asarray(found.anomaly_map, np.float32).reshape(size))
            names.append(f"{kind}/{path.name}")
    np.savez(file, scores=np.array(scores), maps=np.array(maps), names=np.array(names), taught_s=taught_s)


if __name__ == "__main__":
    name, folder, target, height, width, given = sys.argv[1:]
    main(name, Path(folder), Path(target), (int(height), int(width)), json.loads(given))
