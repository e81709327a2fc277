"""What can be asked for on the annotator's page."""

from enum import StrEnum

from station.domain.permissions import Permission
from ui.actions.action import ActionRow
from ui.widgets.canvas.mask_drawing import Tool


class AnnotatorAct(StrEnum):
    """The name of an action of this page."""

    BRUSH = "draw by brush"
    ERASER = "erase"
    LASSO = "draw by lasso"
    POLYGON = "draw a polygon"
    FILL = "fill an area"
    LINE = "draw a straight line"
    UNDO = "undo a stroke"
    REDO = "redo a stroke"
    SMALLER = "smaller brush"
    LARGER = "larger brush"
    FIT = "fit the picture to mark"
    FULL_SIZE = "full size of the picture to mark"
    HIDE = "hide the mask"
    FAINTER = "fainter mask"
    STRONGER = "stronger mask"
    ACCEPT = "accept the proposal"
    TRIM = "trim the proposal"
    REJECT = "reject the proposal"
    GOOD = "label as good part"
    UNSURE = "label as not sure"
    PREVIOUS = "previous picture to mark"
    NEXT = "next picture to mark"
    NEW_KIND = "new kind of defect"
    DISPUTED = "show the disputed parts"
    BACK = "back from the annotator"


TOOLS = {
    AnnotatorAct.BRUSH: Tool.BRUSH,
    AnnotatorAct.ERASER: Tool.ERASER,
    AnnotatorAct.LASSO: Tool.LASSO,
    AnnotatorAct.POLYGON: Tool.POLYGON,
    AnnotatorAct.FILL: Tool.FILL,
    AnnotatorAct.LINE: Tool.LINE,
}
_EDIT = Permission.EDIT_DATASET

ANNOTATOR_ROWS = (
    ActionRow(AnnotatorAct.BRUSH, "Brush", "Ctrl+B", "draw; hold Ctrl to erase, turn the wheel with Shift to size it"),
    ActionRow(AnnotatorAct.ERASER, "Eraser", "Ctrl+E", "erase what was drawn"),
    ActionRow(AnnotatorAct.LASSO, "Lasso", "Ctrl+L", "draw around a place; it is filled"),
    ActionRow(AnnotatorAct.POLYGON, "Polygon", "Ctrl+P", "set corner by corner; a double click or Enter closes it"),
    ActionRow(AnnotatorAct.FILL, "Fill", "Ctrl+F", "fill what looks alike; a drawn outline holds it"),
    ActionRow(AnnotatorAct.LINE, "Line", "Ctrl+I", "draw a straight line, for a scratch"),
    ActionRow(AnnotatorAct.UNDO, "Undo", "Ctrl+Z", "take back the last stroke", _EDIT, repeats=True),
    ActionRow(AnnotatorAct.REDO, "Redo", "Ctrl+Y", "draw the stroke again that was taken back", _EDIT, repeats=True),
    ActionRow(AnnotatorAct.SMALLER, "Smaller", "Ctrl+-", "make the brush smaller", repeats=True),
    ActionRow(AnnotatorAct.LARGER, "Larger", "Ctrl++", "make the brush larger", repeats=True),
    ActionRow(AnnotatorAct.FIT, "Fit", "Ctrl+0", "show the whole picture"),
    ActionRow(AnnotatorAct.FULL_SIZE, "1:1", "Ctrl+1", "one picture pixel per screen pixel"),
    ActionRow(AnnotatorAct.HIDE, "Hide", "Ctrl+H", "show the bare picture, or the marks again"),
    ActionRow(AnnotatorAct.FAINTER, "Fainter", "Ctrl+Down", "make the marks fainter", repeats=True),
    ActionRow(AnnotatorAct.STRONGER, "Stronger", "Ctrl+Up", "make the marks stronger", repeats=True),
    ActionRow(AnnotatorAct.ACCEPT, "Accept", "Ctrl+A", "mark what is proposed", _EDIT),
    ActionRow(AnnotatorAct.TRIM, "Trim", "Ctrl+T", "mark what is proposed, and go on with the eraser", _EDIT),
    ActionRow(AnnotatorAct.REJECT, "Reject", "Ctrl+R", "remove the proposal"),
    ActionRow(AnnotatorAct.GOOD, "Good part", "Ctrl+G", "it is a good part: nothing is marked; go to the next", _EDIT),
    ActionRow(AnnotatorAct.UNSURE, "Not sure", "Ctrl+N", "leave it without a label; go to the next", _EDIT),
    ActionRow(AnnotatorAct.PREVIOUS, "Previous", "Ctrl+PgUp", "the picture before; also Page Up"),
    ActionRow(AnnotatorAct.NEXT, "Next", "Ctrl+PgDown", "the next picture; also Page Down"),
    ActionRow(AnnotatorAct.NEW_KIND, "New kind", "Ctrl+K", "name a kind of defect; the keys 1 to 9 choose one", _EDIT),
    ActionRow(
        AnnotatorAct.DISPUTED, "Disputed parts", "Ctrl+D", "mark the parts that people disputed at the line", _EDIT
    ),
    ActionRow(AnnotatorAct.BACK, "Back", "Ctrl+W", "return to the page before; also Esc"),
)
