"""A comparison of methods in words."""

from dataclasses import replace

from compared import comparison

from station.reporting.comparison_table import COMPARED_HEADINGS, compared_rows, remarks


def test_that_each_method_has_every_figure_with_its_interval_and_the_recommended_one_is_marked() -> None:
    rows = compared_rows(comparison())
    assert all(len(row) == len(COMPARED_HEADINGS) for row in rows)
    assert rows[0] == (
        "balanced",
        "0.998 (0.991 to 1.000)",
        "0.941 (0.930 to 0.950)",
        "1 of 62 (0.29 to 8.6\u00a0%)",
        "0 of 115 (0.0 to 3.2\u00a0%)",
        "19.5",
        "23.4 MB",
        "41 s",
        "912 MB",
    )
    assert (rows[1][0], rows[1][2], rows[1][-1]) == ("\u2713 fast", "\u2013", "\u2013")


def test_that_cautions_and_methods_that_failed_are_said() -> None:
    said = remarks(comparison())
    assert "balanced: The limit rests on 20 good pictures only." in said
    assert said[-1] == "cflow could not be taught: The training went wrong: its loss is not a number."


def test_that_the_cost_of_several_methods_as_one_is_said() -> None:
    known = comparison("balanced+dfm")
    costly = replace(known.methods[0], members_cost="Judging by all of them takes 1.3 x as long as balanced alone.")
    said = remarks(replace(known, methods=(costly,)))
    assert "balanced+dfm: Judging by all of them takes 1.3 x as long as balanced alone." in said
