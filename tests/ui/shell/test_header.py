"""What the head of the window leads to."""

import pytest

from ui.pages.line.recipe_chooser import RecipeChooser


@pytest.mark.parametrize("page", ["shift_report", "cameras"])
def test_that_a_touch_on_the_product_goes_to_the_line_first(window, page: str, qtbot) -> None:
    window.show_page(page)
    assert not window.page_of("line").isVisible()
    window.header.product.click()
    assert window.page_of("line").isVisible()
    qtbot.waitUntil(lambda: window.page_of("line").findChild(RecipeChooser) is not None, timeout=10_000)
    window.page_of("line").findChild(RecipeChooser).reject()


def test_that_the_product_names_no_key_that_means_something_else_on_another_page(window) -> None:
    assert "F8" not in window.header.product.toolTip()
