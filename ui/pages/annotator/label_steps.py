"""What is said of the shown picture as a whole, at each step of what is drawn on it: undo leads back in both."""

from station.domain.dataset import ItemLabel, Label


class LabelSteps:
    """Follows the strokes on one picture by their numbers, as `MaskHistory.state` counts them.

    A stroke makes the picture a defect; a mask that is empty again means what was said apart from the strokes. So undo
    to the state before the first stroke brings the label back from before it, and undo of "good part" takes "good"
    back too.

    Args:
        opened: The label of the picture as it was opened.
        unmarked: What was said of it apart from the marks on it.
    """

    def __init__(self, opened: ItemLabel, unmarked: ItemLabel) -> None:
        self._opened: ItemLabel | None = opened
        self._unmarked = {0: unmarked}
        self._state = 0

    def move_to(self, state: int) -> None:
        """Follow a stroke, or undo or redo of one, to the mask of this number; a new one takes over what was said."""
        self._unmarked.setdefault(state, self._unmarked[self._state])
        self._state = state

    def say(self, label: Label) -> None:
        """Note what a person says of the picture as it is now, without marks."""
        self._unmarked[self._state] = ItemLabel(label)
        if self._state == 0:
            self._opened = None

    def said(self, *, marked: bool) -> ItemLabel | None:
        """Return what is said of the picture now; None if that follows from its marks."""
        if self._state == 0 and self._opened is not None:
            return self._opened
        return None if marked else self._unmarked[self._state]
