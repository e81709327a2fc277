"""What can be inspected, to choose from."""

import pytest
from PySide6.QtWidgets import QPushButton

from ui.pages.line.recipe_chooser import RecipeChooser


@pytest.mark.parametrize(("recipes", "last"), [(1, "Cancel  (Esc)"), (0, "Close  (Esc)")])
def test_that_the_way_out_is_named_for_what_there_is_to_leave(window, station, recipes: int, last: str) -> None:
    released = [entry.recipe for entry in station.recipes.entries()][:recipes]
    chooser = RecipeChooser(window, released, None)
    assert [key.text() for key in chooser.findChildren(QPushButton)][-1] == last
    chooser.deleteLater()
