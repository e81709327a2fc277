"""A value set and a labelled set judged from the command line."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest

from station.__main__ import main
from station.app import Station
from station.domain.recipe import QualityLimits, Recipe, RecipeState, View


@pytest.fixture
def call(tmp_path: Path, tiny_package, capsys) -> Callable[..., tuple[int, str, str]]:
    """Runs one command in a workspace with the released recipe "plate"."""
    root = tmp_path / "station"
    with Station.open(root) as station:
        shutil.copytree(tiny_package.folder, station.workspace.models / "tiny")
        view = View(tiny_package.reference, quality=QualityLimits(frozen_after=0))
        station.recipes.add(Recipe("plate", 1, "plate", (view,)), RecipeState.RELEASED)

    def run(*words: object) -> tuple[int, str, str]:
        code = main([*map(str, words), "--workspace", str(root)])
        out, err = capsys.readouterr()
        return code, out, err

    return run


@pytest.fixture
def labelled(tmp_path: Path, draw_part) -> Path:
    for number in range(4):
        folder = tmp_path / "set" / ("NG" if number == 3 else "OK")
        folder.mkdir(parents=True, exist_ok=True)
        cv2.imwrite(str(folder / f"{number}.png"), draw_part(number, defective=number == 3))
    return tmp_path / "set"


def test_that_a_value_is_set_in_a_draft_and_says_what_changes_and_when(call) -> None:
    code, out, _ = call("recipes", "set", "plate", "limits.image_threshold", "0.46", "--reason", "an escape")
    assert code == 0
    assert "plate@2  draft" in out
    assert "fail limit 0.50 \u2192 0.46; it takes effect from the next part on" in out
    code, _, err = call("recipes", "set", "plate", "limits.image_threshold", "46", "--reason", "an escape")
    assert code == 2
    assert "'46' cannot be the fail limit. Give a number above 0 and below 1." in err


def test_that_another_region_says_that_it_waits_for_teaching(call) -> None:
    code, out, _ = call("recipes", "set", "plate", "roi", "0,0,64,64", "--reason", "closer")
    assert code == 0
    assert "cannot be released before it is taught again with this region" in out
    code, _, err = call("recipes", "release", "plate@2", "--reason", "go")
    assert code == 2
    assert "Teach again with this region" in err


def test_that_a_mask_is_shown_and_compared_in_one_short_line(call, tmp_path: Path) -> None:
    mask = np.indices((240, 320))[1] % 160 < 80
    cv2.imwrite(str(tmp_path / "mask.png"), mask.astype(np.uint8) * 255)
    assert call("recipes", "set", "plate", "ignore", tmp_path / "mask.png", "--reason", "clamps")[0] == 0
    for words in (("show", "plate@2"), ("diff", "plate@1", "plate@2")):
        out = call("recipes", *words)[1]
        assert "ignore" in out
        assert max(map(len, out.splitlines())) < 450
    (record,) = (json.loads(line) for line in call("recipes", "show", "plate@2", "--json", "-")[1].splitlines())
    assert sum(map(int, record["ignore"]["runs"].split())) == 240 * 320


@pytest.mark.slow
def test_that_a_labelled_set_validates_a_draft_and_an_escape_does_not(call, labelled: Path) -> None:
    call("recipes", "set", "plate", "limits.min_area_px", "1", "--reason", "dust")
    code, out, _ = call("recipes", "validate", "plate@2", labelled, "--reason", "as it should be", "--json", "-")
    assert code == 0
    record = json.loads(out.splitlines()[0])
    assert (record["escapes"]["count"], record["escapes"]["n"], record["overkill"]["n"]) == (0, 1, 3)
    assert [each["got"] for each in record["pictures"] if each["expected"] != "good"] == ["FAIL"]
    assert "plate@2  validated" in call("recipes", "list")[1]
    call("recipes", "set", "plate", "limits.min_area_px", "90000", "--reason", "too large")
    code, out, _ = call("recipes", "validate", "plate@3", labelled, "--reason", "hm")
    assert code == 1
    assert "expected NG, got PASS" in out
    assert "plate@3 is not validated" in out
    assert "plate@3  draft" in call("recipes", "list")[1]
