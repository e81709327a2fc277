"""How deep 16-bit pictures are taken to be that do not say it."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from station.camera.pictures.reading import read_picture
from station.domain.picture_form import Colour, PictureForm
from station.learning import depth as depth_module
from station.learning.depth import Depth, DepthSearch
from station.learning.layout.labelled import LabelledPicture
from station.learning.picture_quality import measure_good
from station.storage.pictures.encoding import encode_original

RNG = np.random.default_rng(2)


@pytest.fixture
def save(tmp_path: Path):
    """Saves a picture whose largest value is this one."""

    def write(largest: int, *, kind: type = np.uint16, bits: int = 0) -> LabelledPicture:
        pixels = RNG.integers(largest // 3, largest, (48, 64)).astype(kind)
        pixels[5, 5] = largest
        path = tmp_path / f"{len(list(tmp_path.iterdir())):03}.png"
        path.write_bytes(encode_original(pixels, bits))
        return LabelledPicture(f"train/good/{path.name}", "train", "good", path)

    return write


def found(pictures: list[LabelledPicture], others: tuple[LabelledPicture, ...] = ()) -> PictureForm:
    search = DepthSearch()
    for picture in pictures:
        search.add(Depth.of(read_picture(picture.path)))
    return search.result(others)


@pytest.mark.parametrize(("largest", "bits"), [(250, 8), (1000, 10), (4095, 12), (16000, 14), (16384, 16)])
def test_that_the_brightest_picture_of_the_set_gives_the_depth(save, largest: int, bits: int) -> None:
    assert found([save(200), save(largest), save(240)]) == PictureForm(bits=bits, stored_bits=16)


def test_that_a_bright_defect_counts_too(save) -> None:
    assert found([save(4000)], (save(5000),)).bits == 14


def test_that_pictures_that_say_their_depth_are_not_guessed(save, monkeypatch) -> None:
    monkeypatch.setattr(depth_module, "read_picture", lambda path, _page: pytest.fail(f"{path} was read for nothing"))
    assert found([save(200, kind=np.uint8), save(900, bits=12)], (save(60000),)).bits == 16
    assert found([save(20000)], (save(60000),)).bits == 16


def test_that_no_picture_is_taken_for_darker_than_its_neighbours_say(save) -> None:
    assert found([save(900), save(900, bits=12)]).bits == 12


def test_that_the_form_and_the_light_are_those_of_the_depth(save) -> None:
    pictures = [save(4095) for _ in range(5)]
    of_12_bits = measure_good(pictures, (64, 64), found(pictures))
    assert of_12_bits.form == PictureForm(Colour.GREY, 12, 16, 64, 48, "lossless")
    assert of_12_bits.quality.min_brightness > 10 * measure_good(pictures, (64, 64)).quality.min_brightness


def test_that_colours_are_seen_in_the_pictures(tmp_path) -> None:
    grey = RNG.integers(90, 160, (48, 64), np.uint8)
    for name, pixels in {"red": np.dstack([grey, grey, grey + 60]), "grey": np.dstack([grey] * 3)}.items():
        cv2.imwrite(str(tmp_path / f"{name}.png"), pixels)
        picture = LabelledPicture(f"train/good/{name}.png", "train", "good", tmp_path / f"{name}.png")
        expected = Colour.COLOUR if name == "red" else Colour.GREY
        assert measure_good([picture], (64, 64)).form.colour is expected
