"""Make torchvision importable with a torch without CUDA.

A torchvision built for CUDA cannot load its compiled operators there, and its import then fails at the first one that
it looks up. The training calls none of them: declaring their signatures is enough. An operator that was only declared
raises if it is called.
"""

import importlib.util
import sys
from pathlib import Path

import torch

_LOOKED_UP_ON_IMPORT = ("nms", "qnms")
_SIGNATURE = "(Tensor dets, Tensor scores, float iou_threshold) -> Tensor"
_declared: list[torch.library.Library] = []


def make_importable() -> None:
    """Load torchvision's operators, or declare those that its import looks up. Call before anything imports it."""
    if "torchvision" in sys.modules or _declared or _compiled_operators_load():
        return
    library = torch.library.Library("torchvision", "FRAGMENT")  # type: ignore[no-untyped-call]
    for name in _LOOKED_UP_ON_IMPORT:
        library.define(name + _SIGNATURE)  # type: ignore[no-untyped-call]
    _declared.append(library)  # a declaration lives as long as its library


def _compiled_operators_load() -> bool:
    spec = importlib.util.find_spec("torchvision")
    folders = spec.submodule_search_locations if spec else None
    compiled = [path for folder in folders or () for path in Path(folder).glob("_C*") if path.suffix in (".so", ".pyd")]
    try:
        for path in compiled:
            torch.ops.load_library(str(path))  # type: ignore[no-untyped-call]
    except OSError:
        return False
    return bool(compiled)
