import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from station.domain.ignore_mask import MOST_RUNS, IgnoreMask

drawn = arrays.arrays(bool, st.tuples(st.integers(1, 9), st.integers(1, 9))).filter(
    lambda mask: mask.any() and not mask.all()
)


@given(drawn)
def test_that_a_mask_is_read_back_pixel_by_pixel(mask) -> None:
    kept = IgnoreMask.of(mask)
    assert (kept.pixels() == mask).all()
    assert kept == IgnoreMask(kept.width, kept.height, kept.runs)
    assert kept.share == pytest.approx(mask.mean())


def test_that_the_text_of_a_mask_is_that_of_its_example() -> None:
    assert IgnoreMask.of(np.array([[False, False, True], [False, False, True]])).runs == "2 1 2 1"
    assert IgnoreMask.of(np.array([[True, False]])).runs == "0 1 1"


@given(drawn, st.data())
def test_that_a_cell_is_ignored_exactly_if_all_its_pixels_are(mask, data) -> None:
    height, width = mask.shape
    x, y = data.draw(st.integers(0, width - 1)), data.draw(st.integers(0, height - 1))
    w, h = data.draw(st.integers(1, width - x)), data.draw(st.integers(1, height - y))
    rows, columns = data.draw(st.integers(1, 6)), data.draw(st.integers(1, 6))
    cells = IgnoreMask.of(mask).cells((x, y, w, h), (rows, columns))
    for row in range(rows):
        for column in range(columns):
            top, bottom = y + row * h // rows, y + -(-(row + 1) * h // rows)
            left, right = x + column * w // columns, x + -(-(column + 1) * w // columns)
            assert cells[row, column] == mask[top:bottom, left:right].all()


@pytest.mark.parametrize("mask", [np.zeros((4, 4), bool), np.ones((4, 4), bool)])
def test_that_a_mask_of_nothing_or_of_everything_is_refused(mask) -> None:
    with pytest.raises(ValueError, match="part of the picture"):
        IgnoreMask.of(mask)


@pytest.mark.parametrize("runs", ["1 2", "4 0 0", "-1 5", "a", "", "2 1 -1 2", "4"])
def test_that_a_damaged_text_is_refused(runs) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - several reasons
        IgnoreMask(2, 2, runs)


def test_that_a_mask_of_too_many_pieces_is_refused() -> None:
    checked = np.indices((400, 400)).sum(0) % 2 == 0
    with pytest.raises(ValueError, match="lengths"):
        IgnoreMask.of(checked)
    assert MOST_RUNS < 400 * 400


def test_that_words_name_share_and_size() -> None:
    quarter = np.zeros((4, 4), bool)
    quarter[0] = True
    assert IgnoreMask.of(quarter).words == "25 % of 4 x 4 px"
