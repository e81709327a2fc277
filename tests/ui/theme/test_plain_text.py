"""Names are shown as they are, whatever Qt would read in them."""

from datetime import UTC, datetime

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextDocument
from PySide6.QtWidgets import QLabel

from station.domain.recipe import ModelReference, Recipe, RecipeEntry, RecipeState, StateChange, View
from ui.pages.line.recipe_chooser import RecipeChooser
from ui.shell.header import Header
from ui.theme.plain_text import in_a_hint, in_a_title

NAMES = ("Nut & Bolt", "<b>1</b>", "<img src=x>", "a&lt;b", "&File", "100 %", "[*]", "{0} %s %(x)s", "Linie%204", "~x")


_OF_THE_PLOTS = ("Opacity",)
"""Words in the hidden menus of the library that draws plots."""


def _read(hint: str) -> str:
    """What a person reads in a tool tip."""
    if not hint.startswith("<qt>"):
        return hint
    document = QTextDocument()
    document.setHtml(hint)
    return document.toPlainText()


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_that_the_header_shows_the_product_as_it_is_called(name: str, qtbot) -> None:
    header = Header()
    qtbot.addWidget(header)
    recipe, at = Recipe("plate", 1, name, (View(ModelReference("m", "0" * 64)),)), datetime(2026, 11, 22, tzinfo=UTC)
    header.show_recipe(RecipeEntry(recipe, RecipeState.RELEASED, at, StateChange("Ada", "first", at)))
    assert header.product.shortcut().isEmpty()
    assert header.product.text().replace("&&", "&") == name
    assert _read(header.product.toolTip()) == f"{name}: touch to change it"


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_that_a_hint_and_a_title_are_read_as_they_were_written(name: str) -> None:
    assert _read(in_a_hint(name)) == name
    assert in_a_title(name).replace("[*][*]", "[*]") == name


def test_that_a_product_with_an_ampersand_makes_no_shortcut(qtbot, window) -> None:
    recipe = Recipe("plate", 1, "Nut & Bolt", (View(ModelReference("m", "0" * 64)),))
    chooser = RecipeChooser(window, (recipe,), None)
    keys = [key for key in chooser.findChildren(object) if getattr(key, "text", None) and "Bolt" in str(key.text())]
    assert [key.shortcut().isEmpty() for key in keys] == [True]
    chooser.close()


def test_that_no_label_of_the_window_reads_markup_in_a_name(window) -> None:
    for page in ("cameras", "shift_report", "line"):
        window.show_page(page)
    labels = [each for each in window.findChildren(QLabel) if each.text() not in _OF_THE_PLOTS]
    reading = [label for label in labels if label.textFormat() is Qt.TextFormat.AutoText and label.text()]
    assert [(type(label).__name__, label.text()) for label in reading] == []
