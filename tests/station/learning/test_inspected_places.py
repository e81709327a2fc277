"""A product taught on a region, with a place that is ignored: model, limits and figures look at nothing else."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from station.app import Station
from station.domain.errors import BadInputError
from station.domain.geometry import RegionOfInterest
from station.domain.ignore_mask import IgnoreMask
from station.domain.inspected_place import WHOLE_PICTURE, InspectedPlace
from station.domain.recipe import RecipeState
from station.domain.verdict import Verdict
from station.learning.inspected_places import judged_places, require_fitting, require_maskable
from station.learning.presets import METHODS, Method, UseOfDefects

REGION = RegionOfInterest(24, 8, 80, 80)


def covered(x: int, y: int, width: int, height: int) -> IgnoreMask:
    pixels = np.zeros((96, 128), bool)
    pixels[y : y + height, x : x + width] = True
    return IgnoreMask.of(pixels)


@pytest.mark.slow
def test_that_teaching_again_learns_region_and_mask_of_the_newest_draft(
    disc_folder: Path, tiny: Method, tmp_path: Path
) -> None:
    """A spot in the region fails; deep under the mask it passes, and outside of the region too.

    A network sees around each place, so the mask is larger than what it hides.
    """
    with Station.open(tmp_path / "workspace") as station:
        station.learning.teach(disc_folder, "disc", model=tiny)
        station.recipes.set_value("disc", 1, "roi", "24,8,80,80", "Ada", "the belt changes")
        mask = tmp_path / "mask.png"
        cv2.imwrite(str(mask), covered(24, 8, 80, 48).pixels().astype(np.uint8) * 255)
        draft = station.recipes.set_value("disc", 2, "ignore", str(mask), "Ada", "the clamp").recipe
        with pytest.raises(BadInputError, match="Teach again with this region"):
            station.recipes.release("disc", draft.revision, "Ada", "go")
        taught = station.learning.teach(disc_folder, "disc", model=tiny).entry.recipe
        view = taught.views[0]
        assert (view.roi, view.taught_roi, view.ignore) == (REGION, REGION, draft.views[0].ignore)
        assert (view.form.width, view.form.height) == (128, 96)
        station.recipes.release("disc", taught.revision, "Ada", "taught again")
        assert station.recipes.find("disc").state is RecipeState.RELEASED
        verdicts = judged(station, taught, tmp_path)
        assert verdicts == {
            "good": Verdict.PASS,
            "inside": Verdict.FAIL,
            "masked": Verdict.PASS,
            "outside": Verdict.PASS,
        }
        assert not [finding for finding in station.learning.verify_models() if finding.severity.value == "error"]


def judged(station: Station, recipe, folder: Path) -> dict[str, Verdict]:
    good = cv2.imread(str(sorted((folder / "workspace").rglob("train/good/00.png"))[0]))
    spots = {"good": None, "inside": (64, 72), "masked": (64, 18), "outside": (10, 50)}
    for name, spot in spots.items():
        picture = good.copy()
        if spot:
            cv2.circle(picture, spot, 6, (20, 25, 110), -1)
        (folder / "judged").mkdir(exist_ok=True)
        cv2.imwrite(str(folder / "judged" / f"{name}.png"), picture)
    parts = []
    station.line.run(str(folder / "judged"), recipe=recipe, on_part=parts.append)
    return {Path(part.views[0].origin).stem: part.verdict for part in parts}


def test_that_a_place_that_does_not_fit_the_pictures_is_refused_with_the_remedy() -> None:
    with pytest.raises(BadInputError, match="does not fit a picture of 100 x 90 pixels"):
        require_fitting(InspectedPlace(REGION), [(96, 128), (90, 100)])
    with pytest.raises(BadInputError, match="was drawn for 128 x 96 pixels"):
        require_fitting(InspectedPlace(ignore=covered(0, 0, 9, 9)), [(96, 128), (90, 100)])
    with pytest.raises(BadInputError, match="less than 16 pixels wide or high"):
        require_fitting(InspectedPlace(RegionOfInterest(0, 0, 40, 8)), [(96, 128)])
    with pytest.raises(BadInputError, match="covers the whole region"):
        require_fitting(InspectedPlace(RegionOfInterest(0, 0, 16, 16), covered(0, 0, 64, 64)), [(96, 128)])
    require_fitting(InspectedPlace(REGION, covered(0, 0, 9, 9)), [(96, 128)])
    require_fitting(WHOLE_PICTURE, [(1, 1)])


def test_that_methods_that_cannot_leave_out_a_place_are_refused(tiny: Method) -> None:
    place = InspectedPlace(ignore=covered(0, 0, 9, 9))
    with pytest.raises(BadInputError, match="look of the whole part"):
        require_maskable(place, tiny.model_copy(update={"whole_part": True}), UseOfDefects())
    with pytest.raises(BadInputError, match="averages the highest scores of its members"):
        require_maskable(place, METHODS["balanced+dfm"], UseOfDefects())
    with pytest.raises(BadInputError, match="cannot come from labels"):
        require_maskable(place, tiny, UseOfDefects("labels"))
    require_maskable(place, tiny, UseOfDefects("labels", learned=True))
    require_maskable(InspectedPlace(REGION), tiny.model_copy(update={"whole_part": True}), UseOfDefects("labels"))


def test_that_limits_do_not_look_at_what_is_ignored() -> None:
    maps = np.random.default_rng(0).random((5, 8, 8), np.float32)
    maps[:, 0, 0] = 9
    place = InspectedPlace(ignore=covered(0, 0, 16, 12))
    assert judged_places(place, maps).max() <= 1
    assert (judged_places(place, maps)[:, 1:] == maps[:, 1:]).all()
    assert judged_places(InspectedPlace(REGION), maps) is maps
