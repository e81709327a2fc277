"""The pretrained network that comes with the program: EfficientNet-Lite0 on ImageNet, Apache-2.0, as an OpenVINO IR.

`installer/build_backbone.py` made it; the file beside it says from what, and the SHA-256 of its files.
"""

from importlib.resources import files
from importlib.resources.abc import Traversable
from types import MappingProxyType

from pydantic import BaseModel, ConfigDict, ValidationError

from station.domain.digest import sha256_hex
from station.domain.errors import FaultError
from station.inference.silent_openvino import ov

NAME = "tf_efficientnet_lite0"
CHANNELS = MappingProxyType({2: 40, 4: 112, 6: 320})
"""Of each stage."""
_AGAIN = "Install the program again."


class Origin(BaseModel):
    """Where a backbone comes from.

    Attributes:
        name: Name of the network.
        licence: Licence of its weights.
        version: Version of the package that its weights come from.
        files: SHA-256 of each file, hex.
    """

    model_config = ConfigDict(frozen=True)

    name: str
    licence: str
    version: str
    files: dict[str, str]


def backbones() -> Traversable:
    """Return the folder of the backbones."""
    return files("resources") / "backbones"


def origin(folder: Traversable) -> Origin:
    """Return where the backbone in `folder` comes from.

    Raises:
        FaultError: If the file is missing or not valid.
    """
    try:
        return Origin.model_validate_json(folder.joinpath(f"{NAME}.json").read_bytes())
    except (OSError, ValidationError) as error:
        raise FaultError(f"The file {NAME}.json in {folder} cannot be read.", _AGAIN) from error


def read_backbone(folder: Traversable | None = None) -> "ov.Model":
    """Return the network: uint8 RGB [1, h, w, 3] in, "blocks.2", "blocks.4" and "blocks.6" out, [1, c, gh, gw] float32.

    Height and width are open; they have to be multiples of 32.

    Raises:
        FaultError: If a file is missing, or is not the one that was built.
    """
    folder = folder or backbones()
    hashes = origin(folder).files
    graph, weights = (_content(folder, f"{NAME}{ending}", hashes) for ending in (".xml", ".bin"))
    return ov.Core().read_model(model=graph, weights=weights)


def _content(folder: Traversable, name: str, hashes: dict[str, str]) -> bytes:
    try:
        content = folder.joinpath(name).read_bytes()
    except OSError as error:
        raise FaultError(f"The file {name} in {folder} cannot be read.", _AGAIN) from error
    if sha256_hex(content) != hashes.get(name):
        raise FaultError(f"The file {name} in {folder} is not the one that belongs to this program.", _AGAIN)
    return content
