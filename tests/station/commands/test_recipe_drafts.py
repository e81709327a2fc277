"""Drafts made from another revision: what they may change, and when they may be released."""

from types import SimpleNamespace

import cv2
import numpy as np
import pytest

from station.app import Station
from station.domain.errors import BadInputError
from station.domain.ignore_mask import IgnoreMask
from station.domain.inspection import Inspection, RunKind
from station.domain.limit_bench.scored_pictures import ScoredPicture
from station.domain.recipe import RecipeState
from station.domain.recipe_changes import ValueChange
from station.domain.recipe_values import value_of_key
from station.domain.verdict import Limits, Verdict
from station.inference import model_package
from station.inference.members import Member
from station.recipes import revising


def change(station: Station, key: str, new: object) -> ValueChange:
    recipe = station.recipes.find("plate").recipe
    view, value = value_of_key(recipe, key)
    return ValueChange(view, value, value.of(recipe, view), new)


@pytest.fixture
def mask_file(tmp_path):
    def write(pixels: np.ndarray):
        path = tmp_path / "mask.png"
        cv2.imwrite(str(path), pixels)
        return str(path)

    return write


def test_that_one_value_changed_makes_the_next_draft_and_leaves_the_other(station: Station) -> None:
    before = station.recipes.find("plate").recipe
    entry = station.recipes.set_value("plate", None, "limits.image_threshold", "0.46", "Ada", "an escape")
    assert (entry.recipe.label, entry.state, entry.recipe.author) == ("plate@2", RecipeState.DRAFT, "Ada")
    assert entry.recipe.views[0].limits.image_threshold == 0.46
    assert station.recipes.find("plate").recipe == before
    with pytest.raises(BadInputError, match="Nothing differs from plate@1"):
        station.recipes.set_value("plate", 1, "limits.image_threshold", "0.5", "Ada", "again")


def test_that_both_limits_can_move_past_each_other_in_one_draft(station: Station) -> None:
    limits = [change(station, "limits.image_threshold", 0.8), change(station, "limits.review_threshold", 0.7)]
    high = station.recipes.revise(station.recipes.find("plate").recipe, limits, "Ada", "up").recipe
    down = [change(station, "limits.review_threshold", 0.1), change(station, "limits.image_threshold", 0.2)]
    low = station.recipes.revise(high, down, "Ada", "down").recipe.views[0].limits
    assert (low.review_threshold, low.image_threshold) == (0.1, 0.2)


def test_that_another_region_is_a_draft_that_cannot_be_released_before_it_is_taught(station: Station) -> None:
    entry = station.recipes.set_value("plate", None, "roi", "0,0,40,40", "Ada", "only the middle")
    assert entry.recipe.views[0].needs_teaching
    with pytest.raises(BadInputError, match="not the one that its model was taught on") as refused:
        station.recipes.release("plate", 2, "Ada", "go")
    assert "Teach again with this region" in refused.value.advice
    assert station.recipes.find("plate", 2).state is RecipeState.DRAFT


def test_that_a_precision_without_a_certificate_is_a_draft_that_cannot_be_released(station: Station) -> None:
    station.recipes.set_value("plate", None, "inference.precision", "bf16", "Ada", "faster")
    with pytest.raises(BadInputError, match=r"has no certificate for bf16 on CPU\.") as refused:
        station.recipes.release("plate", 2, "Ada", "go")
    assert "Set the precision of the recipe to f32" in refused.value.advice
    assert station.recipes.find("plate", 2).state is RecipeState.DRAFT


def test_that_an_ignore_mask_comes_from_a_picture_and_goes_with_the_exported_recipe(
    station: Station, mask_file, tmp_path
) -> None:
    pixels = np.zeros((48, 64), np.uint8)
    pixels[:, :32] = 255
    entry = station.recipes.set_value("plate", None, "ignore", mask_file(pixels), "Ada", "the clamp")
    assert entry.recipe.views[0].ignore == IgnoreMask.of(pixels > 0)
    written = station.exchange.export("plate", 2, tmp_path / "plate.lineside")
    assert written.signer is not None
    with Station.open(tmp_path / "other") as other:
        assert (
            other.exchange.import_(written.path, written.signer.fingerprint, "Ada").recipe.views == entry.recipe.views
        )


@pytest.mark.parametrize(("pixels", "sentence"), [(0, "part of the picture"), (255, "part of the picture")])
def test_that_a_mask_of_nothing_or_all_is_refused(station: Station, mask_file, pixels, sentence) -> None:
    path = mask_file(np.full((48, 64), pixels, np.uint8))
    with pytest.raises(BadInputError, match=sentence):
        station.recipes.set_value("plate", None, "ignore", path, "Ada", "why")


def test_that_a_mask_file_that_is_not_there_or_not_a_picture_is_refused(station: Station, tmp_path) -> None:
    with pytest.raises(BadInputError, match="cannot be read"):
        station.recipes.set_value("plate", None, "ignore", str(tmp_path / "no.png"), "Ada", "why")
    (tmp_path / "empty.png").write_bytes(b"")
    with pytest.raises(BadInputError, match=r"empty\.png"):
        station.recipes.set_value("plate", None, "ignore", str(tmp_path / "empty.png"), "Ada", "why")


def test_that_a_model_of_the_whole_part_takes_no_ignore_mask(station: Station, mask_file, monkeypatch) -> None:
    monkeypatch.setattr(model_package.ModelDescription, "checks_whole_part", property(lambda _: True))
    pixels = np.zeros((48, 64), np.uint8)
    pixels[0] = 255
    with pytest.raises(BadInputError, match="look of the whole part"):
        station.recipes.set_value("plate", None, "ignore", mask_file(pixels), "Ada", "why")


def test_that_an_ensemble_takes_no_ignore_mask(station: Station, mask_file, monkeypatch) -> None:
    members = (Member(method="dfm", normaliser=1.0, sha256="0" * 64, size_bytes=1, times=2.0),)
    package = SimpleNamespace(manifest=SimpleNamespace(checks_whole_part=False, members=members))
    monkeypatch.setattr(revising, "find_package", lambda *_: package)
    pixels = np.zeros((48, 64), np.uint8)
    pixels[0] = 255
    with pytest.raises(BadInputError, match="averages the scores of several methods"):
        station.recipes.set_value("plate", None, "ignore", mask_file(pixels), "Ada", "why")


def test_that_a_defect_under_the_mask_passes_on_the_line_and_the_others_fail_as_before(
    station: Station, mask_file, tmp_path
) -> None:
    parts = tmp_path / "parts"
    before: list[Inspection] = []
    masked: list[Inspection] = []
    station.line.run(str(parts), recipe=station.recipes.find("plate").recipe, on_part=before.append)
    first, second = (part.views[0] for part in before if part.verdict is Verdict.FAIL)
    (mark,), room = first.regions, 30
    pixels = np.zeros((first.height, first.width), np.uint8)
    pixels[max(0, mark.y - room) : mark.y + mark.h + room, max(0, mark.x - room) : mark.x + mark.w + room] = 255
    station.recipes.set_value("plate", None, "ignore", mask_file(pixels), "Ada", "the clamp")
    station.line.run(str(parts), recipe=station.recipes.find("plate", 2).recipe, on_part=masked.append)
    assert [part.verdict for part in masked].count(Verdict.PASS) == 5
    (failed,) = (part.views[0] for part in masked if part.verdict is Verdict.FAIL)
    assert (failed.origin, failed.regions) == (second.origin, second.regions)


def test_that_the_pictures_of_good_parts_are_kept_as_the_recipe_says(station: Station, tmp_path) -> None:
    station.recipes.set_value("plate", None, "keep_pass_every", "1", "Ada", "a new product")
    station.line.run(str(tmp_path / "parts"), recipe=station.recipes.find("plate", 2).recipe, on_part=lambda _: None)
    kept = [path.name for path in station.workspace.pictures.rglob("*.png") if "-map" not in path.name]
    assert len(kept) == 6


def test_that_the_bench_of_limits_sees_nothing_under_the_mask(station: Station, mask_file, tmp_path) -> None:
    parts: list = []
    recipe = station.recipes.find("plate").recipe
    station.line.run(str(tmp_path / "parts"), recipe=recipe, on_part=parts.append)
    marked = next(part.views[0].regions[0] for part in parts if part.views[0].regions)
    pixels = np.zeros((240, 320), np.uint8)
    pixels[: marked.y + marked.h + 60] = 255
    station.recipes.set_value("plate", 1, "ignore", mask_file(pixels), "Ada", "the clamp")
    station.recipes.set_value("plate", 2, "keep_pass_every", "1", "Ada", "to look at them")
    masked = station.recipes.find("plate", 3).recipe
    station.line.run(str(tmp_path / "parts"), recipe=masked, on_part=parts.append, kind=RunKind.PRODUCTION)
    bench = station.limits.bench("plate", 3)
    kept = 0
    for part in parts[6:]:
        seen = station.limits.picture(bench, ScoredPicture(0.0, 0, part.key, ""), Limits(0.001, None, 0.001, 0))
        kept += seen.judged is not None
        regions = seen.judged.inspection.regions if seen.judged else ()
        assert all(region.y > marked.y + marked.h for region in regions)
    assert kept


def test_that_a_mask_without_any_effect_is_refused_and_says_how_large_a_place_is(station: Station, mask_file) -> None:
    pixels = np.zeros((240, 320), np.uint8)
    pixels[100, 100] = 255
    with pytest.raises(BadInputError, match=r"covers no whole place of the model's map, each \d+ x \d+ pixels"):
        station.recipes.set_value("plate", 1, "ignore", mask_file(pixels), "Ada", "a speck")
