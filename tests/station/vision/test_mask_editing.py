"""What is drawn on a mask: only within the box that is returned, and always back by undo, bit for bit."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from station.vision.mask_editing import NOTHING, draw_line, fill_shape, flood_fill, joined
from station.vision.mask_history import MaskHistory, changed_box

HEIGHT, WIDTH = 37, 53
places = st.tuples(st.floats(-90, 140), st.floats(-90, 120))
values = st.integers(0, 5)
PICTURE = np.random.default_rng(5).integers(0, 255, (HEIGHT, WIDTH), np.uint8) // 60 * 60
lines = st.tuples(st.just("line"), places, places, st.integers(1, 40), values)
shapes = st.tuples(st.just("shape"), st.lists(places, min_size=1, max_size=7), values)
fills = st.tuples(st.just("fill"), places, st.integers(0, 255), values)
strokes = st.one_of(lines, shapes, fills)


def draw(mask, stroke):
    """Draw one stroke; return its box."""
    kind, *rest = stroke
    if kind == "line":
        return draw_line(mask, *rest)
    if kind == "shape":
        return fill_shape(mask, *rest)
    return flood_fill(mask, PICTURE, *rest)


def drawn_on(mask, draws) -> np.ndarray:
    for stroke in draws:
        draw(mask, stroke)
    return mask


@settings(max_examples=150, deadline=None)
@given(st.lists(strokes, max_size=4), strokes)
def test_that_nothing_outside_the_box_of_a_stroke_changes(before, stroke) -> None:
    mask = drawn_on(np.zeros((HEIGHT, WIDTH), np.uint8), before)
    former = mask.copy()
    x, y, width, height = draw(mask, stroke)
    assert 0 <= x <= x + width <= WIDTH
    assert 0 <= y <= y + height <= HEIGHT
    outside = np.ones(mask.shape, bool)
    outside[y : y + height, x : x + width] = False
    assert (mask[outside] == former[outside]).all()


@settings(max_examples=150, deadline=None)
@given(st.lists(strokes, max_size=8), st.lists(st.sampled_from(["undo", "redo"]), max_size=12))
def test_that_undo_after_any_sequence_gives_the_mask_back(draws, moves) -> None:
    mask = np.random.default_rng(1).integers(0, 3, (HEIGHT, WIDTH)).astype(np.uint8)
    history = MaskHistory(mask)
    states = [mask.copy()]
    for stroke in draws:
        if history.end_step(draw(mask, stroke)):
            states.append(mask.copy())
    place = len(states) - 1
    for move in moves:
        place = max(0, place - 1) if move == "undo" else min(len(states) - 1, place + 1)
        getattr(history, move)()
        assert (mask == states[place]).all()
        assert history.state == place
    while history.can_undo:
        history.undo()
    assert (mask == states[0]).all()
    assert history.undo() == NOTHING


def test_that_strokes_of_several_moves_are_one_step() -> None:
    mask = np.zeros((HEIGHT, WIDTH), np.uint8)
    history = MaskHistory(mask)
    box = joined(draw_line(mask, (3, 3), (20, 9), 5, 1), draw_line(mask, (20, 9), (40, 30), 5, 1))
    assert history.end_step(box)
    history.undo()
    assert not mask.any()
    assert not history.can_undo
    history.redo()
    assert mask[3, 3] == mask[30, 40] == 1


def test_that_a_new_stroke_forgets_what_was_taken_back() -> None:
    mask = np.zeros((HEIGHT, WIDTH), np.uint8)
    history = MaskHistory(mask)
    history.end_step(draw_line(mask, (3, 3), (3, 3), 3, 1))
    history.undo()
    history.end_step(draw_line(mask, (9, 9), (9, 9), 3, 2))
    assert not history.can_redo
    assert history.state == 2, "it is another mask than the one that was taken back"


def test_that_memory_is_bounded_and_the_newest_steps_are_kept() -> None:
    noise = np.random.default_rng(2)
    mask = np.zeros((200, 200), np.uint8)
    history = MaskHistory(mask, most_bytes=100_000)
    states = []
    for _ in range(6):
        states.append(mask.copy())
        mask[:] = noise.integers(0, 9, mask.shape)
        history.end_step((0, 0, 200, 200))
    history.undo()
    history.undo()
    assert (mask == states[4]).all()
    assert history.state == 4
    assert not history.can_undo


def test_that_what_was_drawn_since_the_last_step_can_be_dropped() -> None:
    mask = np.zeros((HEIGHT, WIDTH), np.uint8)
    history = MaskHistory(mask)
    history.end_step(draw_line(mask, (3, 3), (3, 3), 3, 1))
    former = mask.copy()
    history.restore(draw_line(mask, (3, 3), (30, 30), 9, 2))
    assert (mask == former).all()


def test_that_a_brush_of_one_pixel_changes_one_pixel() -> None:
    mask = np.zeros((HEIGHT, WIDTH), np.uint8)
    draw_line(mask, (7.9, 4.2), (7.1, 4.9), 1, 3)
    assert np.argwhere(mask).tolist() == [[4, 7]]


@pytest.mark.parametrize("diameter", [5, 21])
def test_that_a_brush_has_its_true_size(diameter: int) -> None:
    mask = np.zeros((HEIGHT, WIDTH), np.uint8)
    draw_line(mask, (26.5, 18.5), (26.5, 18.5), diameter, 1)
    assert mask[18].sum() == mask[:, 26].sum() == diameter


@given(places, places, st.integers(0, 12))
def test_that_a_line_covers_what_a_disk_covers_on_its_way(begin, end, radius) -> None:
    mask = np.zeros((HEIGHT, WIDTH), np.uint8)
    draw_line(mask, begin, end, 2 * radius + 1, 1)
    first, last = np.floor(begin), np.floor(end)
    along = last - first
    y, x = np.mgrid[:HEIGHT, :WIDTH]
    share = np.clip(((x - first[0]) * along[0] + (y - first[1]) * along[1]) / max(1e-9, along @ along), 0, 1)
    distance = np.hypot(x - first[0] - share * along[0], y - first[1] - share * along[1])
    assert (mask[distance < radius - 0.8] == 1).all()
    assert not mask[distance > radius + 1.2].any()


def test_that_a_fill_stops_at_a_drawn_outline_and_at_another_brightness() -> None:
    picture = np.zeros((HEIGHT, WIDTH), np.uint8)
    picture[:, 40:] = 200
    mask = np.zeros((HEIGHT, WIDTH), np.uint8)
    draw_line(mask, (20, 0), (20, HEIGHT), 1, 2)
    flood_fill(mask, picture, (30, 5), 20, 1)
    assert (mask[:, 21:40] == 1).all()
    assert (mask[:, 20] == 2).all()
    assert not mask[:, :20].any()
    assert not mask[:, 40:].any()


def test_that_a_fill_on_a_drawn_place_changes_this_place_alone() -> None:
    mask = np.zeros((HEIGHT, WIDTH), np.uint8)
    draw_line(mask, (10, 10), (20, 10), 5, 1)
    draw_line(mask, (10, 30), (20, 30), 5, 1)
    flood_fill(mask, PICTURE, (15, 10), 255, 4)
    assert set(np.unique(mask[:20])) == {0, 4}
    assert set(np.unique(mask[20:])) == {0, 1}


def test_that_colours_count_each_for_itself() -> None:
    picture = np.zeros((HEIGHT, WIDTH, 3), np.uint8)
    picture[:, 30:, 2] = 50
    mask = np.zeros((HEIGHT, WIDTH), np.uint8)
    flood_fill(mask, picture, (1, 1), 49, 1)
    assert mask[:, :30].all()
    assert not mask[:, 30:].any()


def test_that_the_changed_box_of_two_masks_is_tight() -> None:
    one = np.zeros((HEIGHT, WIDTH), np.uint8)
    other = one.copy()
    other[3:9, 5:7] = 1
    assert changed_box(one, other) == (5, 3, 2, 6)
    assert changed_box(one, one) == NOTHING
