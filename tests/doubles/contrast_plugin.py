"""A plug-in that computes the model of `contrast_model` in numpy, installed for one test; and a package of its kind."""

import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import numpy as np
from numpy.typing import NDArray

from station.domain.frame import Image
from station.inference.model_package import ModelDescription, ModelPackage, write_package
from station.inference.normalisation import Normalisation
from station.inference.plugin_predictor import data_files
from station.inference.reference import Answers, Reference
from station.plugin_api import ModelData, hookimpl

NAME = "contrast"
Answering = Callable[[Image], object]


class ContrastPlugin:
    """Answers as the contrast model does; `instead` answers in its place if it is set."""

    def __init__(self) -> None:
        self.instead: Answering | None = None

    @hookimpl
    def open_model(self, data: ModelData) -> "ContrastPlugin":
        assert dict(data.values) == {"unit": "grey levels"}
        self._cells = int(data.arrays["cells"][0])
        return self

    def places(self, picture: Image) -> object:
        return self.instead(picture) if self.instead else contrast(picture, self._cells)


def contrast(picture: Image, cells: int = 8) -> NDArray[np.float64]:
    high, wide = picture.shape[0] // cells, picture.shape[1] // cells
    places = picture.reshape(cells, high, cells, wide, 3).astype(np.float64).mean((1, 3, 4))
    return np.abs(places - places.mean())


def install(site: Path, place: str, name: str = NAME) -> None:
    """Make a folder in which a package with the entry point `name = place` is installed."""
    metadata = site / f"lineside_{name}-1.0.dist-info"
    metadata.mkdir(parents=True)
    (metadata / "METADATA").write_text(f"Metadata-Version: 2.1\nName: lineside-{name}\nVersion: 1.0\n")
    (metadata / "entry_points.txt").write_text(f"[lineside]\n{name} = {place}\n")


def install_here(monkeypatch, site: Path, plugin: object, name: str = NAME) -> None:
    """Install a plug-in into this process until the test ends."""
    module = f"plugin_of_test_{name}"
    monkeypatch.setitem(sys.modules, module, SimpleNamespace(plugin=plugin))
    install(site, f"{module}:plugin", name)
    monkeypatch.syspath_prepend(str(site))


def plugin_package(folder: Path, name: str = "plugged", data: ModelData | None = None) -> ModelPackage:
    """Write a package of the kind "contrast": input 64 x 64, map 8 x 8, with two reference pictures."""
    for file, content in data_files(data or ModelData({"cells": np.array([8])}, {"unit": "grey levels"})).items():
        (folder / file).write_bytes(content)
    pictures = np.random.default_rng(1).integers(0, 255, (2, 64, 64, 3), np.uint8)
    maps = np.stack([contrast(picture) for picture in pictures]).astype(np.float32)
    answers = Answers(maps.max((1, 2)), maps)
    (folder / "reference.npz").write_bytes(Reference(pictures, answers).as_bytes())
    description = ModelDescription(
        method="contrast", kind=NAME, input_size=(64, 64), dataset_version="none", made_by="tests",
        normalisation=Normalisation(
            image_threshold_raw=20, image_scale_raw=4, pixel_threshold_raw=20, pixel_scale_raw=4
        ),
        created_at=datetime(2026, 11, 22, 12, tzinfo=UTC),
    )  # fmt: skip
    files = {file: folder / file for file in ("model.json", "model.npz", "reference.npz")}
    return write_package(folder, name, description, files)
