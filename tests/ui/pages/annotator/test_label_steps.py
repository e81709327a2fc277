"""What is said of a picture at each stroke: undo and redo lead to what was said there, whatever was done between."""

from hypothesis import given
from hypothesis import strategies as st

from station.domain.dataset import ItemLabel, Label
from ui.pages.annotator.label_steps import LabelSteps

LABELS = [ItemLabel(), ItemLabel(Label.GOOD), ItemLabel(Label.DEFECT, "crack")]
DEEDS = st.lists(st.sampled_from(["draw", "erase", "good", "unsure", "undo", "redo"]), max_size=25)


@given(opened=st.sampled_from(LABELS), deeds=DEEDS)
def test_that_undo_and_redo_lead_to_what_was_said_at_that_stroke(opened: ItemLabel, deeds: list[str]) -> None:
    """The model: each state of the mask with whether it is marked and what is said of it without marks."""
    steps, newest = LabelSteps(opened, opened), 0
    done, undone = [(0, False, opened)], []
    for deed in deeds:
        state, marked, unmarked = done[-1]
        if deed == "undo":
            if len(done) > 1:
                undone.append(done.pop())
                steps.move_to(done[-1][0])
        elif deed == "redo":
            if undone:
                done.append(undone.pop())
                steps.move_to(done[-1][0])
        elif deed in ("draw", "erase"):
            newest, undone = newest + 1, []
            done.append((newest, deed == "draw", unmarked))
            steps.move_to(newest)
        else:
            said = ItemLabel(Label.GOOD if deed == "good" else Label.UNLABELLED)
            if marked:
                newest, undone = newest + 1, []
                steps.move_to(newest)
                done.append((newest, False, said))
            else:
                done[-1] = (state, False, said)
            steps.say(said.label)
        _, marked, unmarked = done[-1]
        assert steps.said(marked=marked) == (None if marked else unmarked)


def test_that_a_picture_that_was_opened_with_marks_has_its_own_label_back_after_undo() -> None:
    steps = LabelSteps(ItemLabel(Label.DEFECT, "crack"), ItemLabel())
    steps.move_to(1)
    assert steps.said(marked=True) is None
    assert steps.said(marked=False) == ItemLabel()
    steps.move_to(0)
    assert steps.said(marked=True) == ItemLabel(Label.DEFECT, "crack")
