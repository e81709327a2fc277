"""What can be inspected, to choose from."""

from dataclasses import replace

import pytest
from PySide6.QtWidgets import QPushButton, QScrollArea

from ui.pages.line.recipe_chooser import RecipeChooser


@pytest.mark.parametrize(("recipes", "last"), [(1, "Cancel  (Esc)"), (0, "Close  (Esc)")])
def test_that_the_way_out_is_named_for_what_there_is_to_leave(window, station, recipes: int, last: str) -> None:
    released = [entry.recipe for entry in station.recipes.entries()][:recipes]
    chooser = RecipeChooser(window, released, None)
    assert [key.text() for key in chooser.findChildren(QPushButton)][-1] == last
    chooser.deleteLater()


@pytest.mark.parametrize("size", [(960, 500), (1280, 800), (1080, 1920)])
def test_that_the_revision_of_the_longest_name_is_seen_without_scrolling_sideways(
    window, station, qtbot, size: tuple[int, int]
) -> None:
    window.resize(*size)
    window.fit_sizes()
    recipe = station.recipes.entries()[0].recipe
    shown = [
        replace(recipe, product="W" * letters, name="w" * letters, revision=number)
        for letters in (1, 40, 88, 200)
        for number in (1, 4711)
    ]
    chooser = RecipeChooser(window.page_of("line"), shown, shown[0])
    chooser.open()
    qtbot.waitUntil(chooser.isVisible)
    assert chooser.width() <= window.width()
    area = chooser.findChild(QScrollArea)
    assert area.widget().width() <= area.viewport().width()
    for recipe, key in zip(shown, area.widget().findChildren(QPushButton), strict=True):
        assert recipe.name in key.accessibleName()
        lines = key.text().split("\n")
        assert lines[-1].endswith(f", revision {recipe.revision}")
        assert all(key.fontMetrics().horizontalAdvance(line) <= key.width() - 36 for line in lines)
    chooser.reject()
