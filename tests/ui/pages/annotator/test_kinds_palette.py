"""The kinds of defects fit their keys, also after the window has found another size."""

import pytest

from station.domain.dataset import DefectKind
from ui.pages.annotator.kinds_palette import KindsPalette
from ui.theme.sizes import sizes_for
from ui.theme.theme import Theme, apply_theme, current_theme

PADDING, BESIDE_ICON = 16, 4
"""As in the style sheet, and as Qt keeps between picture and words of a key."""
KINDS = (DefectKind(1, "crack"), DefectKind(2, "Oberfl\u00e4chenbesch\u00e4digung am Rand"))


@pytest.mark.parametrize("sizes", [((1024, 640), (1280, 800)), ((1280, 800), (1920, 1080))], ids=str)
def test_that_a_long_name_ends_in_dots_also_in_larger_type(qtbot, sizes) -> None:
    palette = KindsPalette()
    qtbot.addWidget(palette)
    palette.setFixedSize(300, 900)
    apply_theme(Theme(current_theme().colours, sizes_for(*sizes[0], 96)))
    palette.show_kinds(KINDS, 1)
    palette.show()
    qtbot.wait(20)
    apply_theme(Theme(current_theme().colours, sizes_for(*sizes[1], 96)))
    qtbot.wait(20)
    button = palette._group.button(2)
    assert button.text().endswith("\u2026")
    words = button.fontMetrics().horizontalAdvance(button.text())
    assert words <= button.width() - 2 * PADDING - button.iconSize().width() - BESIDE_ICON
