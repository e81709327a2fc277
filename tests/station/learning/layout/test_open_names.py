"""Names that may say good and defective in words that are not known are a question, never good parts."""

import pytest
from drawn_parts import part

from station.domain.errors import BadInputError
from station.learning.layout.reading import read_layout


def build(folder, *names):
    for name in names:
        part(folder / (name if name.endswith(".png") else f"{name}/000.png"))
    return folder


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Klasse_A", "Klasse_B"), ("class 1", "class 2"), ("Grade A", "Grade C"), ("Güteklasse1", "Güteklasse2"),
        ("0", "1"), ("class0", "class1"), ("lot1", "lot1_xyzw"), ("lot1", "zurück lot1"), ("Charge 7", "Charge 7 gelb"),
        ("parts", "parts-2b"),
    ],
)  # fmt: skip
def test_that_classes_and_names_with_a_further_word_are_a_question(tmp_path, one, other):
    with pytest.raises(BadInputError, match=f"folders {one} and {other}, which may say good and defective"):
        read_layout(build(tmp_path / "plate", one, other))


@pytest.mark.parametrize(
    "names",
    [
        ["lot1", "lot2"], ["lot1", "lot11"], ["plate", "plate v2"], ["day 1", "day 1 early"], ["cam1", "cam2"],
        ["Typ A", "Typ B"], ["class 1"], ["cam0", "cam1"], ["Linie 0", "Linie 1"], ["good/0", "good/1"],
        ["2026-11-01", "2026-11-01 nachts"], ["Halle", "Halle Nord"],
    ],
)  # fmt: skip
def test_that_lots_days_versions_and_a_single_class_are_good_parts(tmp_path, names):
    assert all(one.good for one in read_layout(build(tmp_path / "set", *names)).pictures)


@pytest.mark.parametrize("word", ["sperr", "Quarantäne", "blocked"])
def test_that_a_blocked_lot_is_not_learned_from(tmp_path, word):
    folder = build(tmp_path / "set", "lot1", f"lot1_{word}")
    try:
        pictures = read_layout(folder).pictures
    except BadInputError as refusal:
        assert "lot1" in refusal.sentence  # noqa: PT017 - a question is right too
        return
    assert not [one for one in pictures if one.good and "_" in one.path.parent.name]


def test_that_a_template_and_the_part_beside_it_are_a_question(tmp_path):
    folder = build(tmp_path / "pcb", *(f"0004{n}000_{what}.png" for n in (1, 2) for what in ("temp", "test")))
    with pytest.raises(BadInputError, match="end in 'temp' and 'test', which may say good and defective"):
        read_layout(folder)


@pytest.mark.parametrize(("one", "other"), [("0", "1"), ("g", "b"), ("label0", "label1")])
def test_that_names_that_begin_with_opposites_are_a_question_unless_each_has_both(tmp_path, one, other):
    folder = build(tmp_path / "plates", f"{one}_001.png", f"{other}_002.png", f"{one}_003.png")
    with pytest.raises(BadInputError, match=r"begin with '.' and '.', which may say good and defective"):
        read_layout(folder)
    views = build(tmp_path / "views", *(f"{view}_{n}.png" for view in (one, other) for n in (5, 6, 7)))
    assert all(picture.good for picture in read_layout(views).pictures)


def test_that_names_that_end_in_0_and_1_are_a_question(tmp_path):
    folder = build(tmp_path / "cells", "a_0.png", "b_0.png", "c_1.png", "d_0.png", "e_1.png")
    with pytest.raises(BadInputError, match="end in '0' and '1', which may say good and defective"):
        read_layout(folder)


@pytest.mark.parametrize(
    "names",
    [
        ["part1_0.png", "part1_1.png", "part2_0.png", "part2_1.png"],
        ["img_0.png", "img_1.png"],
        ["a_0.png", "b_1.png", "c_2.png"],
        ["a_temp.png", "b_test.png"],
        ["a_left.png", "b_right.png"],
    ],
)
def test_that_views_and_numbers_in_names_are_good_parts(tmp_path, names):
    assert len(read_layout(build(tmp_path / "set", *names)).pictures) == len(names)


def test_that_folders_with_labels_answer_the_question_themselves(tmp_path):
    folder = build(tmp_path / "DAGM", "Klasse_A/OK", "Klasse_A/NG", "Klasse_B/OK", "OK/a_0.png", "OK/b_1.png")
    assert sorted(one.good for one in read_layout(folder).pictures) == [False, True, True, True, True]
