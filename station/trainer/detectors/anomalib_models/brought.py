"""Networks that the site brought: checked against the architecture of their name before anything is learned."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import torch

from station.domain.errors import BadInputError
from station.learning.brought_settings import BroughtSettings
from station.trainer.detectors.anomalib_models.library import SafetensorError, create_model, load_file
from station.trainer.detectors.anomalib_models.pretrained import at_hand
from station.trainer.detectors.contract import Session

_MEAN, _SPREAD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
_COUNTER = "num_batches_tracked"
_BRING = "Bring the file that timm publishes for this network."


@contextmanager
def network_at_hand(settings: BroughtSettings, session: Session) -> Iterator[None]:
    """Let anomalib find the network of the settings, where it asks for it by its name.

    Raises:
        BadInputError: The file is missing, or holds another network.
    """
    folder = session.backbones or Path()
    settings.require_complete(folder)
    file = folder / settings.file
    _require_network(settings.network, file)
    with at_hand(settings.network, file):
        yield


def _require_network(name: str, file: Path) -> None:
    try:
        brought = {key: tuple(value.shape) for key, value in load_file(file).items()}
    except (OSError, SafetensorError) as error:
        raise BadInputError(f"The file {file} cannot be read as safetensors: {error}.", _BRING) from error
    wanted = create_model(name, pretrained=False).state_dict()
    other = [key for key, value in wanted.items() if _COUNTER not in key and brought.get(key) != tuple(value.shape)]
    if other:
        raise BadInputError(
            f"The file {file} does not hold the network {name}: {len(other)} of its {len(wanted)} weights are missing "
            f"or have another shape, such as {other[0]}.",
            _BRING,
        )


def as_in_imagenet(pixels: torch.Tensor) -> torch.Tensor:
    """Return pixels 0..255 as these networks were trained with them."""
    mean, spread = (255 * torch.tensor(values).reshape(1, 3, 1, 1) for values in (_MEAN, _SPREAD))
    return (pixels - mean) / spread
