"""Pretrained networks for anomalib, from files: it would fetch them from the network."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import torch
from torch import nn

from station.learning.detector_settings import LITE_BACKBONE
from station.trainer.detectors.anomalib_models.library import TimmFeatureExtractor, create_model, registry, save_file
from station.trainer.detectors.torch_networks.lite_backbone import layers_of, load_all_weights, load_weights, scaled


class LiteFeatures(nn.Module):
    """The stages of the small backbone, whose weights come with the training extra."""

    def __init__(self, stages: tuple[int, ...]) -> None:
        super().__init__()
        self.layers = layers_of(stages)
        self.extractor = TimmFeatureExtractor(LITE_BACKBONE, self.layers, pre_trained=False).eval()
        load_weights(self.extractor.feature_extractor)

    def forward(self, pixels: torch.Tensor) -> list[torch.Tensor]:
        """Return the features of each stage, (n, c, gh, gw), of pixels 0..255."""
        found = self.extractor(scaled(pixels))
        return [found[layer] for layer in self.layers]

    def finest(self, pixels: torch.Tensor) -> torch.Tensor:
        """Return the features of the first stage."""
        return self.forward(pixels)[0]


@contextmanager
def lite_at_hand() -> Iterator[None]:
    """Let anomalib find the small backbone, where it asks for a pretrained network by its name."""
    with tempfile.TemporaryDirectory(prefix="lineside-") as folder:
        network = create_model(LITE_BACKBONE, pretrained=False)
        load_all_weights(network)
        file = Path(folder) / f"{LITE_BACKBONE}.safetensors"
        save_file(network.state_dict(), file)
        with at_hand(LITE_BACKBONE, file):
            yield


@contextmanager
def at_hand(name: str, file: Path) -> Iterator[None]:
    """Let timm read the pretrained weights of a network from a file."""
    known = [key for key in registry._model_pretrained_cfgs if key == name or key.startswith(f"{name}.")]
    before = {key: registry._model_pretrained_cfgs[key].file for key in known}
    for key in known:
        registry._model_pretrained_cfgs[key].file = str(file)
    try:
        yield
    finally:
        for key, value in before.items():
            registry._model_pretrained_cfgs[key].file = value
