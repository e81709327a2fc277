"""A look at drawn defects in words."""

from station.domain.synthetic import DrawnLook, DrawnSize, SyntheticKind
from station.reporting.drawn_wording import drawn_headings, drawn_remarks, drawn_rows

LOOK = DrawnLook(
    18,
    2,
    True,
    17,
    (
        DrawnSize(SyntheticKind.MISSING, 8, 5, 2, 1, 0),
        DrawnSize(SyntheticKind.MISSING, 16, 5, 5, 5, 0),
        DrawnSize(SyntheticKind.STAIN, 8, 5, 0, 0, 1),
        DrawnSize(SyntheticKind.STAIN, 16, 5, 4, 4, 0),
    ),
)


def test_that_a_look_says_of_each_kind_and_size_how_many_are_found() -> None:
    assert drawn_headings(LOOK) == ("Drawn defect", "8 px", "16 px", "Found from")
    assert drawn_rows(LOOK) == (
        ("missing piece", "2 of 5", "5 of 5", "16 px"),
        ("stain", "0 of 5", "4 of 5", "no size"),
    )


def test_that_a_look_says_what_it_rests_on() -> None:
    assert drawn_remarks(LOOK) == (
        "Drawn on 18 good pictures, which the model has learned: there are no others; on 17 the part was outlined.",
        "Left out, not passed even without a drawn defect: 2 good pictures.",
        "10 of 11 found have their mark on the defect.",
        "1 not inspected, counted as not found.",
        "Found from: nine of ten of this size, and of each larger one.",
    )
