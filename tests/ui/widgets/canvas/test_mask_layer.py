"""The coloured pictures of a mask follow what is drawn on it."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtGui import QImage

from station.vision.mask_editing import draw_line
from ui.widgets.canvas.mask_layer import KIND_COLOURS, MaskLayer, kind_colour


def pixels(image: QImage) -> np.ndarray:
    """Return the labels that an image shows."""
    return np.array([[image.pixelIndex(x, y) for x in range(image.width())] for y in range(image.height())])


def highest(mask: np.ndarray) -> np.ndarray:
    """Return the highest of each four cells."""
    height, width = mask.shape
    padded = np.pad(mask, ((0, height % 2), (0, width % 2)))
    return padded.reshape((height + 1) // 2, 2, (width + 1) // 2, 2).max((1, 3))


@settings(max_examples=40, deadline=None)
@given(
    st.integers(8, 23), st.integers(8, 23), st.lists(st.tuples(*[st.floats(-5, 30)] * 4, st.integers(0, 4)), max_size=4)
)
def test_that_every_level_shows_the_highest_label_after_each_stroke(width, height, strokes) -> None:
    mask = np.zeros((height, width), np.uint8)
    layer = MaskLayer(mask, 3, KIND_COLOURS, 0.5)
    for x, y, to_x, to_y, value in strokes:
        layer.renew(draw_line(mask, (x, y), (to_x, to_y), 3, value))
    expected = mask
    for image in layer.images:
        assert (pixels(image) == expected).all()
        expected = highest(expected)


def test_that_good_places_are_clear_and_kinds_have_their_colours() -> None:
    layer = MaskLayer(np.zeros((8, 8), np.uint8), 1, KIND_COLOURS, 0.5)
    table = layer.images[0].colorTable()
    assert table[0] >> 24 == 0
    assert table[2] & 0xFFFFFF == kind_colour(2).rgb() & 0xFFFFFF
    assert table[10] & 0xFFFFFF == kind_colour(1).rgb() & 0xFFFFFF
    assert 120 < table[1] >> 24 < 135
