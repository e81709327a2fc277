"""`linesidectl evaluate --maps`: the maps lie where MVTec's evaluation looks for them, and give the same figures."""

import json
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
import tifffile
from numpy.typing import NDArray

from station.app import Station
from station.cli.program import run

FPR_LIMIT = 0.3


@pytest.fixture
def plates(tmp_path: Path, draw_part: Callable[..., NDArray[np.uint8]]) -> Path:
    """An object of MVTec's layout: four good plates, and four with a dark mark, of which two are faint."""
    home = tmp_path / "sets/plate"
    for split, first in (("train", 50), ("test", 0)):
        for number in range(4):
            write(home / f"{split}/good/{number:03}.png", draw_part(first + number))
    for number in range(4):
        part, mask = draw_part(100 + number), np.zeros((240, 320), np.uint8)
        x, y = 20 + 60 * number, 30 + 30 * number
        mask[y : y + 50, x : x + 40 + 5 * number] = 255
        part[mask > 0] -= 100 if number % 2 else 9
        write(home / f"test/dent/{number:03}.png", part)
        write(home / f"ground_truth/dent/{number:03}_mask.png", mask)
    return home


def write(path: Path, picture: NDArray[np.uint8]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    cv2.imwrite(str(path), picture)


def evaluate(station: Station, folder: Path, *words: str | Path) -> int:
    return run(
        ["evaluate", str(folder), "--recipe", "plate", "--workspace", str(station.workspace.root), *map(str, words)]
    )


def aupro_of_files(maps: Path, masks: Path) -> float:
    """AUPRO up to 30 %, from files alone: each region's share above a limit, over that of normal pixels, by limit."""
    scores = {file.relative_to(maps).with_suffix("").as_posix(): tifffile.imread(file) for file in maps.rglob("*.tiff")}
    marked = {
        name: mask_of(masks / f"{name}_mask.png") if not name.startswith("good") else np.zeros(one.shape, np.uint8)
        for name, one in scores.items()
    }
    normal = np.sort(np.concatenate([scores[name][marked[name] == 0] for name in scores]))
    regions = []
    for name, mask in marked.items():
        count, labels = cv2.connectedComponents(mask, connectivity=8)
        regions += [np.sort(scores[name][labels == label]) for label in range(1, count)]
    limits = np.unique(np.concatenate([normal, *regions]))[::-1]
    fpr = np.append(0, [share_from(normal, limits)])
    pro = np.append(0, [np.mean([share_from(region, limits) for region in regions], axis=0)])
    at_limit = np.interp(FPR_LIMIT, fpr, pro)
    below = fpr < FPR_LIMIT
    return float(np.trapezoid(np.append(pro[below], at_limit), np.append(fpr[below], FPR_LIMIT)) / FPR_LIMIT)


def mask_of(path: Path) -> NDArray[np.uint8]:
    return np.asarray(cv2.imread(str(path), cv2.IMREAD_GRAYSCALE))


def share_from(ordered: NDArray[np.float32], limits: NDArray[np.float32]) -> NDArray[np.float64]:
    """Return which share of the scores is at least as high as each limit."""
    return 1 - np.searchsorted(ordered, limits, side="left") / len(ordered)


def test_that_each_test_picture_has_its_map_at_the_same_place(station: Station, plates: Path, tmp_path: Path) -> None:
    assert evaluate(station, plates, "--maps", tmp_path / "maps") == 0
    written = sorted(file.relative_to(tmp_path / "maps").as_posix() for file in (tmp_path / "maps").rglob("*.*"))
    expected = [f"plate/test/{kind}/{number:03}.tiff" for kind in ("dent", "good") for number in range(4)]
    assert written == expected


def test_that_a_map_is_one_32_bit_float_page_of_the_size_of_its_picture(
    station: Station, plates: Path, tmp_path: Path
) -> None:
    evaluate(station, plates, "--maps", tmp_path / "maps")
    for file in (tmp_path / "maps").rglob("*.tiff"):
        with tifffile.TiffFile(file) as tiff:
            (page,) = tiff.pages
            assert (page.dtype, page.shape, page.samplesperpixel) == (np.float32, (240, 320), 1)
        assert np.array_equal(tifffile.imread(file), cv2.imread(str(file), cv2.IMREAD_UNCHANGED))


def test_that_the_files_alone_give_the_reported_aupro(
    station: Station, plates: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert evaluate(station, plates, "--maps", tmp_path / "maps", "--json", "-") == 0
    reported = json.loads(capsys.readouterr().out)["aupro"]
    assert 0.3 < reported < 0.999
    assert aupro_of_files(tmp_path / "maps/plate/test", plates / "ground_truth") == pytest.approx(reported, abs=1e-5)


def test_that_the_figures_are_those_without_maps(
    station: Station, plates: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    figures = []
    for words in ((), ("--maps", tmp_path / "maps")):
        evaluate(station, plates, "--json", "-", *words)
        figures.append(json.loads(capsys.readouterr().out) | {"infer_ms_p50": None})
    assert figures[0] == figures[1]


def test_that_pictures_without_a_split_get_maps_to_test_with(
    station: Station, plates: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (plates / "test/good").rename(tmp_path / "plain-OK")
    (tmp_path / "plain").mkdir()
    (tmp_path / "plain-OK").rename(tmp_path / "plain/OK")
    (plates / "test/dent").rename(tmp_path / "plain/NG")
    assert evaluate(station, tmp_path / "plain", "--maps", tmp_path / "maps") == 0
    assert len(list((tmp_path / "maps/plain/test/good").iterdir())) == 4
    assert f"8 anomaly maps written to {tmp_path / 'maps/plain'}" in capsys.readouterr().out


def test_that_no_map_is_overwritten_and_nothing_is_judged_in_vain(
    station: Station, plates: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old = tmp_path / "maps/plate/test/good/003.tiff"
    write(old.with_suffix(".png"), np.zeros((4, 4), np.uint8))
    old.with_suffix(".png").rename(old)
    before = old.read_bytes()
    assert evaluate(station, plates, "--maps", tmp_path / "maps") == 2
    assert "maps are not overwritten" in capsys.readouterr().err
    assert list((tmp_path / "maps").rglob("*.tiff")) == [old]
    assert old.read_bytes() == before


def test_that_two_pictures_that_differ_in_their_ending_alone_are_refused(
    station: Station,
    plates: Path,
    tmp_path: Path,
    draw_part: Callable[..., NDArray[np.uint8]],
    capsys: pytest.CaptureFixture[str],
) -> None:
    write(plates / "test/good/003.bmp", draw_part(9))
    assert evaluate(station, plates, "--maps", tmp_path / "maps") == 2
    assert "differ in their ending alone" in capsys.readouterr().err
    assert not (tmp_path / "maps").exists()
