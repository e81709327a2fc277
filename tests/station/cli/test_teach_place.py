"""What `teach` says about finding the part, beside what was decided before."""

import argparse

import numpy as np
import pytest
from drawn_discs import draw_disc, write

from station.app import Station
from station.cli.program import run
from station.cli.teach_place import add_to, place_of
from station.domain.errors import BadInputError
from station.domain.geometry import RegionOfInterest
from station.domain.inspected_place import WHOLE_PICTURE, InspectedPlace
from station.domain.part_location import SearchRange

ROI = RegionOfInterest(4, 4, 64, 48)
BEFORE = InspectedPlace(ROI, search=SearchRange(8, 4))


def asked(*arguments: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    add_to(parser)
    return parser.parse_args(arguments)


@pytest.mark.parametrize(
    ("arguments", "decided", "search"),
    [
        ((), BEFORE, SearchRange(8, 4)),
        ((), InspectedPlace(ROI), None),
        (("--locate",), InspectedPlace(ROI), SearchRange(10, 15)),
        (("--locate",), BEFORE, SearchRange(8, 4)),
        (("--locate", "--shift", "12"), InspectedPlace(ROI), SearchRange(12, 15)),
        (("--turn", "30"), BEFORE, SearchRange(8, 30)),
        (("--no-locate",), BEFORE, None),
    ],
)
def test_that_the_command_changes_only_what_it_names(arguments, decided, search):
    assert place_of(asked(*arguments), decided) == InspectedPlace(ROI, search=search)


@pytest.mark.parametrize("arguments", [("--shift", "0"), ("--locate", "--shift", "31"), ("--turn", "181")])
def test_that_a_range_out_of_bounds_is_refused_with_the_remedy(arguments):
    with pytest.raises(BadInputError, match=r"A part may be .* not") as refused:
        place_of(asked(*arguments), InspectedPlace())
    assert refused.value.advice == "Give another --shift or --turn."


@pytest.mark.parametrize("range_of", ["--shift", "--turn"])
def test_that_a_range_for_a_part_that_is_not_looked_for_is_refused(range_of):
    with pytest.raises(BadInputError, match="say nothing"):
        place_of(asked("--no-locate", range_of, "5"), BEFORE)


@pytest.mark.parametrize(
    ("arguments", "wanted"),
    [
        (("--roi", "8,6,40,30"), InspectedPlace(RegionOfInterest(8, 6, 40, 30), search=SearchRange(8, 4))),
        (("--roi", "none"), InspectedPlace(search=SearchRange(8, 4))),
        (("--roi", "8,6,40,30", "--no-locate"), InspectedPlace(RegionOfInterest(8, 6, 40, 30))),
    ],
)
def test_that_a_region_takes_the_place_of_the_one_decided_before(arguments, wanted):
    assert place_of(asked(*arguments), BEFORE) == wanted


@pytest.mark.parametrize("region", ["8,6,40", "8,6,0,30", "-1,6,40,30", "here"])
def test_that_a_region_that_is_none_is_refused_with_the_remedy(region):
    with pytest.raises(BadInputError, match="cannot be the region of interest") as refused:
        place_of(asked(f"--roi={region}"), BEFORE)
    assert "x,y,width,height in pixels" in refused.value.advice


def test_that_a_refused_teaching_says_how_to_give_a_region_and_keeps_no_place(tmp_path, capsys):
    for number in range(12):
        write(tmp_path / f"discs/good/{number:02}.png", np.roll(draw_disc(number), 2 * number - 12, 1))
    folder, workspace = str(tmp_path / "discs"), str(tmp_path / "station")
    teach = ["teach", folder, "--product", "disc", "--locate", "--workspace", workspace]
    assert run(teach) == 2
    said = capsys.readouterr().err
    assert "the region, the whole picture, moves out of the picture" in said
    assert "--roi X,Y,WIDTH,HEIGHT" in said
    assert run([*teach, "--roi", "4,4,120,88"]) == 2
    assert "good pictures the region moves out of the picture" in capsys.readouterr().err
    with Station.open(tmp_path / "station") as station:
        assert station.learning.place_of("disc", "") == WHOLE_PICTURE
