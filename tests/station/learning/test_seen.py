"""What was seen of each picture at its import is known later, and can be seen again if it was lost."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from station.domain.picture_form import PictureForm
from station.learning import seen as module
from station.learning.datasets import DatasetVersion, import_folder
from station.learning.seen import input_size, look_at, read_seen
from station.storage.pictures.encoding import encode_original

RNG = np.random.default_rng(3)


@pytest.fixture
def dataset(tmp_path: Path) -> DatasetVersion:
    """Pictures of 8 bits and two sizes, of 16 bits that say nothing, and of 16 bits that say 12."""
    pixels = RNG.integers(0, 4000, (48, 64)).astype(np.uint16)
    files = {
        "train/good/0.png": (pixels >> 4).astype(np.uint8),
        "train/good/1.png": np.repeat(pixels, 2, axis=1),
        "test/good/2.png": pixels + 1000,
    }
    for name, image in files.items():
        (tmp_path / "in" / name).parent.mkdir(parents=True, exist_ok=True)
        cv2.imwrite(str(tmp_path / "in" / name), image)
    (tmp_path / "in/test/good/3.png").write_bytes(encode_original(pixels, 12))
    return import_folder(tmp_path / "in", "plate", tmp_path / "datasets")


def looked_at(dataset: DatasetVersion) -> tuple[list[tuple[int, int]], PictureForm]:
    return look_at(dataset.folder, dataset.pictures_of("train"), dataset.pictures_of("test"))


def test_that_nothing_is_read_again_for_size_and_depth(dataset, monkeypatch):
    monkeypatch.setattr(module, "read_picture", lambda *_: pytest.fail("a picture was read again"))
    monkeypatch.setattr("station.learning.depth.read_picture", lambda *_: pytest.fail("a picture was read again"))
    assert looked_at(dataset) == ([(48, 64), (48, 128)], PictureForm(bits=14, stored_bits=16))


@pytest.mark.parametrize("damage", ["missing", "damaged", "of one picture only"])
def test_that_what_was_lost_is_seen_again(dataset, damage):
    expected, file = looked_at(dataset), dataset.folder / "seen.json"
    if damage == "missing":
        file.unlink()
    elif damage == "damaged":
        file.write_bytes(file.read_bytes()[:-9])
    else:
        module.keep_seen(dataset.folder, dict(list(read_seen(dataset.folder).items())[:1]))
    assert looked_at(dataset) == expected


@pytest.mark.parametrize(
    ("shape", "side_px", "expected"),
    [((640, 320), 320, (448, 224)), ((480, 640), 256, (224, 288)), ((40, 4000), 64, (64, 640))],
)
def test_that_the_input_keeps_the_aspect_on_the_area_asked_for(shape, side_px, expected):
    assert input_size([shape], side_px) == expected
