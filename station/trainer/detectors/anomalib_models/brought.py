"""Networks that the site brought: checked against the architecture of their name before anything is learned."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import torch
from torch import nn

from station.domain.errors import BadInputError
from station.learning.brought_settings import BroughtSettings
from station.trainer.detectors.anomalib_models.library import (
    DsrModel,
    MediumPatchDescriptionNetwork,
    SafetensorError,
    SmallPatchDescriptionNetwork,
    create_model,
    load_file,
)
from station.trainer.detectors.anomalib_models.pretrained import at_hand
from station.trainer.detectors.contract import Session

_MEAN, _SPREAD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
_COUNTER = "num_batches_tracked"
_TEACHER_CHANNELS = 384
_NOT_IN_TIMM: dict[str, Callable[[], nn.Module]] = {
    "efficientad_teacher_small": lambda: SmallPatchDescriptionNetwork(_TEACHER_CHANNELS),
    "efficientad_teacher_medium": lambda: MediumPatchDescriptionNetwork(_TEACHER_CHANNELS),
    "dsr_vq_model_128_4096": lambda: DsrModel().discrete_latent_model,
}

Weights = dict[str, torch.Tensor]


@contextmanager
def network_at_hand(settings: BroughtSettings, session: Session) -> Iterator[None]:
    """Let anomalib find the network of the settings, where it asks for it by its name.

    Raises:
        BadInputError: The file is missing, or holds another network.
    """
    brought_weights(settings, session)
    with at_hand(settings.network, (session.backbones or Path()) / settings.file):
        yield


def brought_weights(settings: BroughtSettings, session: Session) -> Weights:
    """Return the weights of the network of the settings, without others that its file holds besides.

    Raises:
        BadInputError: The file is missing, or holds another network.
    """
    folder = session.backbones or Path()
    settings.require_complete(folder)
    file, bring = folder / settings.file, f"Bring the file of this network, {settings.published}."
    try:
        brought = load_file(file)
    except (OSError, SafetensorError) as error:
        raise BadInputError(f"The file {file} cannot be read as safetensors: {error}.", bring) from error
    wanted = architecture_of(settings.network).state_dict()
    other = [key for key in wanted if _COUNTER not in key and not _alike(brought.get(key), wanted[key])]
    if other:
        raise BadInputError(
            f"The file {file} does not hold the network {settings.network}: {len(other)} of its {len(wanted)} weights "
            f"are missing or have another shape, such as {other[0]}.",
            bring,
        )
    return {key: brought[key] for key in wanted if key in brought}


def architecture_of(name: str) -> nn.Module:
    """Return a network with weights drawn by chance."""
    made: nn.Module = _NOT_IN_TIMM[name]() if name in _NOT_IN_TIMM else create_model(name, pretrained=False)
    return made


def _alike(brought: torch.Tensor | None, wanted: torch.Tensor) -> bool:
    return brought is not None and brought.shape == wanted.shape


def as_in_imagenet(pixels: torch.Tensor) -> torch.Tensor:
    """Return pixels 0..255 as these networks were trained with them."""
    mean, spread = (255 * torch.tensor(values).reshape(1, 3, 1, 1) for values in (_MEAN, _SPREAD))
    return (pixels - mean) / spread
