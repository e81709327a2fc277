"""A picture that came as a file is kept as that file, shown from it, and judged again from it with the same result."""

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from station.app import Station
from station.camera.pictures.reading import read_picture
from station.domain.inspection import Inspection

_KINDS = (".jpg", ".png", ".webp", ".bmp", ".tif")


@pytest.fixture
def folder(tmp_path: Path, draw_part: Callable[..., NDArray[np.uint8]]) -> Path:
    """Defective parts, which are all kept, in several kinds of file."""
    folder = tmp_path / "files"
    folder.mkdir()
    for number, suffix in enumerate(_KINDS):
        assert cv2.imwrite(str(folder / f"{number}{suffix}"), draw_part(number, defective=True))
    return folder


def inspected(station: Station, folder: Path) -> list[Inspection]:
    parts: list[Inspection] = []
    station.line.run({"": str(folder)}, on_part=parts.append, recipe=station.recipes.find("plate").recipe)
    return parts


def test_that_a_file_is_kept_byte_for_byte_shown_and_judged_again_to_the_last_digit(
    station: Station, folder: Path
) -> None:
    parts = inspected(station, folder)
    assert [part.deciding.origin for part in parts] == [f"{number}{suffix}" for number, suffix in enumerate(_KINDS)]
    kept = []
    for part in parts:
        stored = station.records._inspections.find_part(part.key).deciding.original
        assert stored is not None
        kept.append(station.workspace.pictures / stored.path)
        source = folder / part.deciding.origin
        if source.suffix in (".jpg", ".png", ".webp"):
            assert (kept[-1].suffix, kept[-1].read_bytes()) == (source.suffix, source.read_bytes())
        else:
            assert kept[-1].suffix == ".png"
        shown = station.records._kept.of(station.records._inspections.find_part(part.key)).deciding.levels[0]
        np.testing.assert_array_equal(shown, read_picture(source).image)
    assert station.records.verify() == ()
    again = {part.deciding.origin: part.deciding for part in inspected(station, kept[0].parent)}
    for part, path in zip(parts, kept, strict=True):
        judged, once_more = part.deciding, again[path.name]
        assert (once_more.raw_score, once_more.regions) == (judged.raw_score, judged.regions)
        assert once_more.verdict is judged.verdict
