"""What the head of the window leads to."""

import pytest

from ui.pages.line.recipe_chooser import RecipeChooser


@pytest.mark.parametrize("page", ["show_supervisor", "show_cameras"])
def test_that_a_touch_on_the_product_goes_to_the_line_first(window, page: str, qtbot) -> None:
    getattr(window, page)()
    assert not window.operator_page.isVisible()
    window.header.product.click()
    assert window.operator_page.isVisible()
    qtbot.waitUntil(lambda: window.operator_page.findChild(RecipeChooser) is not None, timeout=10_000)
    window.operator_page.findChild(RecipeChooser).reject()


def test_that_the_product_names_no_key_that_means_something_else_on_another_page(window) -> None:
    assert "F8" not in window.header.product.toolTip()
