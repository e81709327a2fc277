"""What `linesidectl teach` says about where parts are inspected: the region, and how far a part is looked for."""

import argparse
from dataclasses import replace

from station.domain.errors import BadInputError
from station.domain.inspected_place import InspectedPlace
from station.domain.part_location import SearchRange
from station.domain.recipe_values import parsed_region


def add_to(teach: argparse.ArgumentParser) -> None:
    """Add the arguments that say where."""
    teach.add_argument(
        "--roi",
        metavar="X,Y,WIDTH,HEIGHT",
        help="inspect this region, in pixels, or 'none' for the whole picture; if not given, as was decided last",
    )
    teach.add_argument(
        "--locate",
        action=argparse.BooleanOptionalAction,
        help="find each part before it is inspected, shifted and turned as far as --shift and --turn say; "
        "if not given, as in the newest revision",
    )
    teach.add_argument(
        "--shift",
        type=float,
        metavar="PERCENT",
        help="of the region's longer side (default: 10); means --locate",
    )
    teach.add_argument("--turn", type=float, metavar="DEGREES", help="either way (default: 15); means --locate")


def place_of(asked: argparse.Namespace, decided: InspectedPlace) -> InspectedPlace:
    """Return the place to teach: the one that was decided last, changed as the command says.

    Raises:
        BadInputError: The region or the range is not one, or a part that is not looked for has a range.
    """
    place = decided if asked.roi is None else replace(decided, roi=parsed_region(asked.roi))
    return replace(place, search=_search(asked, decided.search))


def _search(asked: argparse.Namespace, decided: SearchRange | None) -> SearchRange | None:
    in_range = asked.shift is not None or asked.turn is not None
    if asked.locate is False and in_range:
        raise BadInputError(
            "With --no-locate no part is looked for, so --shift and --turn say nothing.",
            "Leave out --no-locate, or --shift and --turn.",
        )
    if asked.locate is False:
        return None
    if asked.locate is None and not in_range:
        return decided
    before = decided or SearchRange()
    shift = before.shift_percent if asked.shift is None else asked.shift
    turn = before.turn_deg if asked.turn is None else asked.turn
    try:
        return SearchRange(shift, turn)
    except ValueError as error:
        raise BadInputError(f"{str(error).capitalize()}.", "Give another --shift or --turn.") from error
