"""The values of a recipe: names may end in dots, figures are whole."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.domain.recipe_values import Section
from ui.pages.recipes.shown import ValueShown
from ui.pages.recipes.value_tree import ValueTree, shared_out

widths = st.tuples(st.integers(0, 400), st.integers(0, 400))


@given(st.integers(0, 600), widths, widths)
def test_that_figures_always_have_their_width_and_names_keep_theirs_while_there_is_room(room, whole, less) -> None:
    least = min(whole[0], less[0]), min(whole[1], less[1])
    given_to = shared_out(room, whole, least)
    assert all(few <= width <= full for few, width, full in zip(least, given_to, whole, strict=True))
    assert sum(given_to) <= max(room, sum(least))
    if sum(whole) <= room:
        assert given_to == whole


@pytest.fixture
def tree(qtbot, station):
    shown = ValueTree()
    qtbot.addWidget(shown)
    shown.resize(420, 500)
    shown.show()
    return shown


def sections(station, becomes: str = ""):
    from station.domain.recipe_changes import values_of  # noqa: PLC0415

    recipe = station.recipes.find("plate").recipe
    values = {value.key: value for value in values_of(recipe, "")}
    long = "Ausschussgrenzwertueberschreitungsschwelle der Vorserie"
    rows = (
        ValueShown(values["limits.image_threshold"], long, "0.4375 normalised", becomes),
        ValueShown(None, "settings", "as the camera has them"),
    )
    return ((Section.LIMITS.value, rows),)


def cut(tree: ValueTree, column: int, row: int) -> bool:
    item = tree.topLevelItem(0).child(row)
    return tree.sizeHintForIndex(tree.indexFromItem(item, column)).width() > tree.columnWidth(column)


def test_that_the_present_value_has_the_width_that_an_empty_draft_does_not_need(tree, station) -> None:
    tree.show_sections(sections(station))
    assert not cut(tree, 1, 0)
    assert not cut(tree, 1, 1)
    assert cut(tree, 0, 0)  # the name gives way


def test_that_both_figures_are_whole_once_there_is_a_draft(tree, station) -> None:
    tree.show_sections(sections(station, "0.5125 normalised"))
    assert not cut(tree, 1, 0)
    assert not cut(tree, 2, 0)
