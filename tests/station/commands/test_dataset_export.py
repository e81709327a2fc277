"""Working sets leave the station in forms that other programs open, with equal pixels."""

import io
import json
from collections.abc import Iterator
from contextlib import redirect_stdout
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from pycocotools import mask as coco_mask
from pycocotools.coco import COCO

from station.app import Station
from station.camera.pictures.reading import read_picture
from station.domain.dataset import Label
from station.domain.errors import BadInputError
from station.domain.names import is_device_name
from station.learning.layout.reading import read_layout
from station.learning.manifest import read_manifest
from station.learning.masks import read_mask
from station.learning.working_set.exporting import run_lengths

SIZE = (48, 60)
_ARRAYS = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")  # pycocotools with numpy 2


@pytest.fixture(scope="module")
def station(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Station]:
    """20 good plates, 3 defects with masks of two kinds, one without, one nearly covered, and one unlabelled."""
    root = tmp_path_factory.mktemp("export")
    with Station.open(root / "station") as opened:
        random = np.random.default_rng(5)
        (root / "in").mkdir()
        for number in range(26):
            picture = random.integers(0, 256, SIZE, np.uint8)
            cv2.imwrite(str(root / f"in/{number:02}.png"), picture)
        ids = opened.datasets.import_folder(root / "in", "plate", assumed=Label.GOOD).item_ids
        for kind in ("scratch", "thread"):
            opened.datasets.add_kind("plate", kind)
        for number in range(3):
            mask = np.zeros(SIZE, np.uint8)
            mask[10, 5:40] = 1
            mask[20 + number : 30, 8:12] = 2
            opened.datasets.save_mask(ids[number], mask)
        opened.datasets.label(ids[3:4], Label.DEFECT, "scratch")
        covered = np.full(SIZE, 2, np.uint8)
        covered[20:24, 20:30] = 0
        opened.datasets.save_mask(ids[4], covered)
        opened.datasets.label(ids[5:6], Label.UNLABELLED)
        yield opened


@pytest.mark.slow
def test_that_the_mvtec_layout_reads_back_with_equal_pixels(station: Station, tmp_path: Path) -> None:
    assert station.datasets.export_mvtec("plate", tmp_path / "out") == 25

    read = {picture.path.name: picture for picture in read_layout(tmp_path / "out").pictures}

    items = [item for item in station.datasets.items("plate") if item.label is not Label.UNLABELLED]
    assert len(read) == len(items) == 25
    for item in items:
        (picture,) = [each for name, each in read.items() if item.picture_sha256[:12] in name]
        assert picture.kind == (item.kind or "good")
        assert picture.split == item.split
        assert np.array_equal(read_picture(picture.path).image, station.datasets.picture(item.item_id))
        mask = station.datasets.mask(item.item_id)
        assert bool(picture.masks) is (mask is not None)
        if mask is not None:
            assert np.array_equal(read_mask(picture.masks[0], SIZE).marked, mask > 0)


@pytest.mark.slow
def test_that_an_exported_folder_comes_in_again_as_it_was(station: Station, tmp_path: Path) -> None:
    station.datasets.export_mvtec("plate", tmp_path / "out")
    station.datasets.import_folder(tmp_path / "out", "copy")
    there = {item.picture_sha256: item for item in station.datasets.items("plate")}
    for item in station.datasets.items("copy"):
        before = there[item.picture_sha256]
        assert (item.label, item.kind, item.split) == (before.label, before.kind, before.split)


HARD_KINDS = (
    "con", "NUL", "Aux", "com1", "lpt9.old", "12", "line", "images", "defect (con)", "\u00d6lfleck", "50%", "a.b",
)  # fmt: skip
HARD_NAMES = ("NG_3", "nul", "x" * 200, "\U0001f9f5" * 60, "ok 7", "test")


@pytest.mark.slow
def test_that_kinds_and_names_that_other_systems_misread_come_in_again_as_they_were(
    station: Station, tmp_path: Path
) -> None:
    random = np.random.default_rng(9)
    pictures = tmp_path / "in"
    for number in range(len(HARD_KINDS) + 2):
        (pictures / str(number)).mkdir(parents=True)
        name = HARD_NAMES[number % len(HARD_NAMES)]
        cv2.imwrite(str(pictures / f"{number}/{name}.png"), random.integers(0, 256, SIZE, np.uint8))
    datasets = station.datasets
    ids = [
        datasets.import_folder([file], "hard", assumed=Label.UNLABELLED).item_ids[0]
        for file in sorted(pictures.rglob("*.png"), key=lambda path: int(path.parent.name))
    ]
    for item_id, kind in zip(ids, HARD_KINDS, strict=False):
        mask = (random.integers(0, 2, SIZE) * datasets.add_kind("hard", kind).number).astype(np.uint8)
        datasets.save_mask(item_id, mask)
    datasets.label(ids[-2:], Label.GOOD)

    datasets.export_mvtec("hard", tmp_path / "out")
    written = [path.relative_to(tmp_path / "out") for path in (tmp_path / "out").rglob("*")]
    assert not any(is_device_name(part) or part[-1] in ". " for path in written for part in path.parts)
    assert all(len(part.encode()) <= 255 for path in written for part in path.parts)

    datasets.import_folder(tmp_path / "out", "back")
    there = {item.picture_sha256: item for item in datasets.items("hard")}
    assert len(there) == len(ids) == len(datasets.items("back"))
    for item in datasets.items("back"):
        before = there[item.picture_sha256]
        assert (item.label, item.kind) == (before.label, before.kind)
        old, new = datasets.mask(before.item_id), datasets.mask(item.item_id)
        assert (old is None) is (new is None)
        assert old is None or np.array_equal(old > 0, new > 0)
    frozen = datasets.freeze("hard")
    manifest = read_manifest(station.workspace.datasets / "hard" / frozen.version)
    assert set(manifest.defect_kinds) == set(HARD_KINDS)


@_ARRAYS
def test_that_pycocotools_opens_the_export_with_masks_equal_bit_for_bit(station: Station, tmp_path: Path) -> None:
    station.datasets.export_coco("plate", tmp_path / "out")
    with redirect_stdout(io.StringIO()):
        coco = COCO(tmp_path / "out/annotations.json")

    kinds = {kind.number: kind.name for kind in station.datasets.kinds("plate")}
    assert {each["id"]: each["name"] for each in coco.loadCats(coco.getCatIds())} == kinds
    assert len(coco.getImgIds()) == 25
    for image in coco.loadImgs(coco.getImgIds()):
        item = station.datasets.item(image["id"])
        drawn = station.datasets.picture(item.item_id)
        assert np.array_equal(read_picture(tmp_path / "out" / image["file_name"]).image, drawn)
        mask = np.zeros(SIZE, np.uint8)
        for annotation in coco.loadAnns(coco.getAnnIds(image["id"])):
            marked = coco.annToMask(annotation).astype(bool)
            assert annotation["area"] == marked.sum()
            mask[marked] = annotation["category_id"]
        stored = station.datasets.mask(item.item_id)
        assert np.array_equal(mask, np.zeros(SIZE, np.uint8) if stored is None else stored)


def test_that_no_export_replaces_a_folder_or_leaves_half_of_one(station: Station, tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    with pytest.raises(BadInputError, match="is there already"):
        station.datasets.export_coco("plate", tmp_path / "there")
    with pytest.raises(BadInputError, match="nothing to export"):
        station.datasets.export_mvtec("unknown", tmp_path / "new")
    assert [path.name for path in tmp_path.iterdir()] == ["there"]
    assert list((tmp_path / "there").iterdir()) == []


@_ARRAYS
@given(
    marked=st.tuples(st.integers(1, 9), st.integers(1, 9)).flatmap(
        lambda size: arrays(np.bool_, size, elements=st.booleans())
    )
)
def test_that_run_lengths_are_those_of_pycocotools(marked: np.ndarray) -> None:
    counts = json.loads(json.dumps(run_lengths(marked)))
    size = list(marked.shape)
    decoded = coco_mask.decode(coco_mask.frPyObjects({"size": size, "counts": counts}, *size))
    assert np.array_equal(decoded.astype(bool), marked)
