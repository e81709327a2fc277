"""What `teach` says about finding the part, beside what was decided before."""

import argparse

import pytest

from station.cli.teach import _place, add_to
from station.domain.errors import BadInputError
from station.domain.geometry import RegionOfInterest
from station.domain.inspected_place import InspectedPlace
from station.domain.part_location import SearchRange

ROI = RegionOfInterest(4, 4, 64, 48)
BEFORE = InspectedPlace(ROI, search=SearchRange(8, 4))


def asked(*arguments: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    add_to(parser)
    return parser.parse_args(["folder", "--product", "disc", *arguments])


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
    assert _place(asked(*arguments), decided) == InspectedPlace(ROI, search=search)


@pytest.mark.parametrize("arguments", [("--shift", "0"), ("--locate", "--shift", "31"), ("--turn", "181")])
def test_that_a_range_out_of_bounds_is_refused_with_the_remedy(arguments):
    with pytest.raises(BadInputError, match=r"A part may be .* not") as refused:
        _place(asked(*arguments), InspectedPlace())
    assert refused.value.advice == "Give another --shift or --turn."


@pytest.mark.parametrize("range_of", ["--shift", "--turn"])
def test_that_a_range_for_a_part_that_is_not_looked_for_is_refused(range_of):
    with pytest.raises(BadInputError, match="say nothing"):
        _place(asked("--no-locate", range_of, "5"), BEFORE)
