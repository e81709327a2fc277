"""A product whose parts lie shifted and turned is taught by the place of each part."""

import shutil
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from drawn_discs import DARK, write

from station.domain.errors import BadInputError
from station.domain.geometry import RegionOfInterest
from station.domain.inspected_place import InspectedPlace
from station.domain.part_location import PartLocation, Pose, SearchRange
from station.domain.picture_form import PictureForm
from station.domain.recipe import ModelReference, View
from station.learning import teaching
from station.learning.certificate import repeat_certificate
from station.learning.datasets import good_parts
from station.learning.layout.reading import read_layout
from station.learning.located_job import caution_of
from station.learning.part_location import found_parts, learn_location
from station.learning.presets import UseOfDefects
from station.learning.teaching import teach
from station.trainer.labelled_pictures import cover_of

DEPTH = PictureForm(bits=8, stored_bits=8)
SIZE = (112, 144)
ROI, SEARCH = RegionOfInterest(30, 30, 84, 52), SearchRange(24, 20)

LEARNED = UseOfDefects(limit_from="labels", learned=True)


def draw_plate(
    seed: int, spot: bool = False, most_px: float = 10, most_deg: float = 12
) -> tuple[np.ndarray, np.ndarray]:
    """A plate with a notch and a hole, shifted and turned, and the mask of its spot."""
    draw = np.random.default_rng(seed)
    image, mask = np.full((*SIZE, 3), 60, np.uint8), np.zeros(SIZE, np.uint8)
    cv2.rectangle(image, (36, 34), (108, 78), (170, 165, 150), -1)
    cv2.rectangle(image, (36, 34), (54, 46), (60, 60, 60), -1)
    cv2.circle(image, (94, 64), 7, (70, 70, 70), -1)
    if spot:
        place = (62 + int(draw.integers(20)), 46 + int(draw.integers(18)))
        cv2.circle(image, place, 6, DARK, -1)
        cv2.circle(mask, place, 6, 255, -1)
    turn = cv2.getRotationMatrix2D((71.5, 55.5), draw.uniform(-most_deg, most_deg), 1)
    turn[:, 2] += draw.uniform(-most_px, most_px, 2)
    image, mask = (cv2.warpAffine(each, turn, SIZE[::-1], borderMode=cv2.BORDER_REPLICATE) for each in (image, mask))
    return np.clip(image + draw.normal(0, 4, image.shape), 0, 255).astype(np.uint8), mask


@pytest.fixture(scope="module")
def plates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("plates")
    for number in range(24):
        write(folder / f"train/good/{number:02}.png", draw_plate(number)[0])
    for number in range(8):
        write(folder / f"test/good/{number:02}.png", draw_plate(100 + number)[0])
        image, mask = draw_plate(200 + number, spot=True)
        write(folder / f"test/spot/{number:02}.png", image)
        write(folder / f"ground_truth/spot/{number:02}_mask.png", mask)
    return folder


def learned(folder: Path, search: SearchRange, roi: RegionOfInterest | None = ROI):
    good = [picture for picture in read_layout(folder).pictures if picture.good and picture.split == "train"]
    return learn_location(good, search, roi, DEPTH)


@pytest.mark.slow
def test_that_shifted_and_turned_parts_are_taught_and_measured_where_they_lie(plates, workspace, tiny) -> None:
    place = InspectedPlace(ROI, search=SEARCH)
    taught = teach(plates, "plate", workspace, method=tiny, place=place)
    assert InspectedPlace.of(taught.view) == place
    report = taught.evaluation
    assert report.image_auroc is not None
    assert report.image_auroc > 0.9
    assert report.pixel_auroc is not None
    assert report.pixel_auroc > 0.98  # a map that is not moved with the part is far below
    assert report.parity is not None
    assert report.parity.verdict_flips == 0
    repeated = repeat_certificate(taught.package, taught.dataset.folder, taught.view)
    assert not repeated.sentences


def test_that_the_mask_of_a_labelled_defect_is_turned_back_with_its_part(tmp_path: Path) -> None:
    usual, pose = np.zeros(SIZE, np.uint8), Pose(9, -6, 10)
    usual[56:70, 90:108] = 255
    matrix = pose.in_frame((0, 0, SIZE[1], SIZE[0]))
    matrix[:, 2] += matrix[:, :2] @ (0.5, 0.5) - 0.5
    write(tmp_path / "moved.png", cv2.warpAffine(usual, matrix, SIZE[::-1]))
    write(tmp_path / "usual.png", usual)
    cells = np.zeros((7, 9), np.float32)
    back = cover_of([tmp_path / "moved.png"], cells, pose=pose)
    assert back == pytest.approx(cover_of([tmp_path / "usual.png"], cells), abs=0.15)


def test_that_the_reference_is_the_mean_of_the_parts_in_their_usual_place(plates) -> None:
    location = learned(plates, SEARCH)
    assert (location.height, location.width) == (57, 96)
    one = draw_plate(999, most_px=0, most_deg=0)[0]
    assert abs(float(location.pixels().mean()) - float(one[30:82, 30:114].mean())) < 8
    assert location.pixels().std() > 30  # unaligned, the mean would be a blur
    assert 0.4 < location.min_likeness < 0.75


def test_that_good_parts_outside_of_the_range_are_named(plates) -> None:
    with pytest.raises(BadInputError, match=r"of 24 good pictures the part lies farther .* than up to 2 %"):
        learned(plates, SearchRange(2, 1))


def test_that_pictures_of_several_sizes_have_no_usual_place(tmp_path: Path) -> None:
    for number, size in enumerate([(96, 128), (128, 96), (96, 128)]):
        write(tmp_path / f"train/good/{number}.png", np.full((*size, 3), 60 + number, np.uint8))
    with pytest.raises(BadInputError, match="differ in size"):
        learned(tmp_path, SearchRange(), None)


@pytest.mark.slow
def test_that_pictures_in_which_the_part_is_not_found_are_named_and_not_learned(
    plates, workspace, tiny, tmp_path, monkeypatch
) -> None:
    folder, jobs, run = tmp_path / "plates", [], teaching.run_training
    shutil.copytree(plates, folder)
    write(folder / "train/good/24.png", np.roll(draw_plate(0)[0], 50, 1))
    monkeypatch.setattr(teaching, "run_training", lambda job, *rest: (jobs.append(job), run(job, *rest))[1])
    write(folder / "test/far/00.png", np.roll(draw_plate(0, spot=True)[0], 50, 1))
    place = InspectedPlace(ROI, search=SEARCH)
    taught = teach(folder, "rolled", workspace, method=tiny, use=LEARNED, place=place)
    (job,) = jobs
    good, defect = job.left_out
    assert f"The whole part is not found in 2 pictures, not learned: {good}, {defect}." in taught.caution
    assert good not in [picture.name for picture in good_parts(taught.dataset, job.left_out)]
    assert taught.evaluation.defects is not None
    assert taught.evaluation.defects.kinds == {"spot": 8}


def test_that_only_pictures_in_which_the_whole_part_is_found_are_learned(plates, tmp_path) -> None:
    location = learned(plates, SEARCH)
    good = [picture for picture in read_layout(plates).pictures if picture.good and picture.split == "train"]
    write(tmp_path / "far.png", np.roll(draw_plate(0)[0], 50, 1))
    write(tmp_path / "cut.png", draw_plate(0)[0][18:])
    far, cut = (replace(good[0], name=name, path=tmp_path / f"{name}.png") for name in ("far", "cut"))
    assert found_parts([*good, far, cut], location, ROI, DEPTH) == tuple(good)


@pytest.mark.parametrize(
    ("roi", "said", "advice"),
    [
        (None, "the region, the whole picture, moves out of the picture", "Draw a region around the part"),
        (RegionOfInterest(8, 6, 128, 100), "the region moves out of the picture", "Draw a smaller region"),
    ],
)
def test_that_a_region_without_room_is_refused_with_the_remedy(plates, roi, said, advice):
    with pytest.raises(BadInputError, match=rf"In \d+ of \d+ good pictures {said}") as refused:
        learned(plates, SEARCH, roi)
    assert advice in refused.value.advice
    assert "--roi X,Y,WIDTH,HEIGHT" in refused.value.advice


def test_that_defects_of_which_none_shows_the_part_are_refused(plates, workspace, tiny, tmp_path) -> None:
    folder = tmp_path / "plates"
    shutil.copytree(plates, folder, ignore=shutil.ignore_patterns("spot"))
    write(folder / "test/far/00.png", np.roll(draw_plate(0, spot=True)[0], 50, 1))
    with pytest.raises(BadInputError, match="The whole part is found in none of 1 labelled defect"):
        teach(folder, "far", workspace, method=tiny, use=LEARNED, place=InspectedPlace(ROI, search=SEARCH))


@pytest.mark.parametrize(
    ("roi", "turn_deg", "lacks_room"),
    [(RegionOfInterest(100, 100, 300, 200), 15, False), (RegionOfInterest(40, 100, 300, 200), 15, True),
     (RegionOfInterest(100, 100, 300, 200), 60, True), (None, 15, True)],
)  # fmt: skip
def test_that_a_region_with_less_room_than_the_range_is_said(roi, turn_deg, lacks_room):
    location = PartLocation.of(np.zeros((63, 96), np.uint8), SearchRange(10, turn_deg), 0.5)
    view = View(
        ModelReference("m", "0" * 64), roi=roi, location=location, form=PictureForm(8, 8, width=500, height=400)
    )
    assert ("is then never PASS" in caution_of(view, (), "Few pictures.")) is lacks_room
    still = replace(view, location=None)
    assert caution_of(still, (), "Few pictures.") == "Few pictures."
