"""Pictures that a site brought are found, and recognised by their place and content."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from station.learning.brought_pictures import PHOTOGRAPHS, TEXTURES, brought_pictures, named_with_hash
from station.learning.brought_settings import DraemSettings, EfficientAdSettings


@pytest.fixture
def photographs(tmp_path: Path) -> Path:
    (tmp_path / PHOTOGRAPHS / "cars").mkdir(parents=True)
    write_grey(tmp_path / PHOTOGRAPHS / "b.png", 10)
    write_grey(tmp_path / PHOTOGRAPHS / "cars/a.png", 20)
    (tmp_path / PHOTOGRAPHS / "readme.txt").write_text("where they come from")
    return tmp_path


def write_grey(path: Path, value: int) -> None:
    cv2.imwrite(str(path), np.full((40, 40), value, np.uint8))


def test_that_pictures_are_found_in_folders_within_and_texts_are_not(photographs: Path) -> None:
    names = [path.relative_to(photographs).as_posix() for path in brought_pictures(photographs, PHOTOGRAPHS)]
    assert names == ["photographs/b.png", "photographs/cars/a.png"]


@pytest.mark.parametrize("backbones", [None, Path("nowhere")])
def test_that_a_missing_folder_holds_none(backbones: Path | None) -> None:
    assert brought_pictures(backbones, PHOTOGRAPHS) == []
    assert named_with_hash(backbones, PHOTOGRAPHS) == "without photographs"


def test_that_the_hash_follows_place_and_content(photographs: Path) -> None:
    before = named_with_hash(photographs, PHOTOGRAPHS)
    assert named_with_hash(photographs, PHOTOGRAPHS) == before
    write_grey(photographs / PHOTOGRAPHS / "b.png", 11)
    changed = named_with_hash(photographs, PHOTOGRAPHS)
    (photographs / PHOTOGRAPHS / "b.png").rename(photographs / PHOTOGRAPHS / "c.png")
    assert len({before, changed, named_with_hash(photographs, PHOTOGRAPHS)}) == 3


def test_that_a_package_names_the_teacher_and_that_there_were_no_photographs(tmp_path: Path) -> None:
    (tmp_path / "efficientad_teacher_small.safetensors").write_bytes(b"weights")
    named = EfficientAdSettings().network_of(tmp_path)
    assert named.startswith("efficientad_teacher_small ")
    assert named.endswith(", without photographs")


def test_that_draem_lacks_textures_until_there_is_a_picture(tmp_path: Path) -> None:
    (tmp_path / TEXTURES).mkdir()
    lacking = DraemSettings().lacks(tmp_path)
    assert lacking is not None
    assert str(tmp_path / TEXTURES) in lacking.advice
    write_grey(tmp_path / TEXTURES / "felt.png", 10)
    assert DraemSettings().lacks(tmp_path) is None
