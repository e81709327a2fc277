"""What is said of labelled defects that were learned."""

from pathlib import Path

from station.learning.labelled_defects import KindLeftOut, LabelledDefects

_KIND = KindLeftOut(kind="crack", labels=6, auroc_by_distance=0.8, auroc=0.85, caught_by_distance=2, caught=3)


def _defects(**values) -> LabelledDefects:
    known = {
        "learned": True,
        "kinds": {"crack": 6, "dent": 4},
        "masked": 10,
        "caught_by_distance": 5,
        "caught": 8,
        "kinds_left_out": (_KIND,),
        "maps": Path("left_out.npy"),
        "inputs": {},
    }
    return LabelledDefects(**(known | values))


def test_that_kinds_and_left_out_labels_are_said():
    first, second = _defects().sentences()
    assert first == "defects learned: 6 crack, 4 dent; left out, 8 of 10 are found (without labels 5)"
    assert second == "crack never labelled: AUROC 0.850 (without labels 0.800), 3 of 6 found (without labels 2)"


def test_that_labels_without_a_say_are_said_not_to_be_learned():
    defects = _defects(learned=False, caught=4)
    assert defects.sentences() == [
        "defects not learned: 6 crack, 4 dent; left out, 4 of 10 are found (without labels 5), "
        "so the model rests on good parts alone"
    ]
    assert defects.as_json()["kinds_learned"] == {}


def test_that_of_one_labelled_kind_alone_nothing_is_claimed_for_others():
    last = _defects(kinds={"crack": 6}, masked=6, kinds_left_out=()).sentences()[-1]
    assert last == "only crack is labelled: how well other kinds are found then is not known"
    assert len(_defects().sentences()) == 2


def test_that_labels_of_which_none_is_found_are_doubted():
    assert _defects(caught=0).rests_on.endswith("look whether the labels and the masks are right.")


def test_that_few_labels_are_said_to_be_few():
    assert _defects(kinds={"crack": 1}).rests_on.startswith("The model rests on only 1 labelled defect:")
    assert _defects(kinds={"crack": 4}).rests_on.startswith("The model rests on only 4 labelled defects:")
    assert _defects(kinds={"crack": 10}).rests_on == ""


def test_that_missing_masks_are_said():
    assert "no labelled defect has a mask" in _defects(masked=0).rests_on
    assert "3 of 10 have no mask" in _defects(masked=7).rests_on


def test_that_the_figures_of_each_kind_left_out_are_given_by_its_name():
    figures = _defects().as_json()["kinds_left_out"]
    assert figures == {
        "crack": {"labels": 6, "auroc_by_distance": 0.8, "auroc": 0.85, "caught_by_distance": 2, "caught": 3}
    }
