"""What can be asked for on the review page."""

from enum import StrEnum

from station.domain.permissions import Permission
from ui.actions.action import ActionRow


class ReviewAct(StrEnum):
    """The name of an action of this page."""

    PREVIOUS = "previous part to review"
    NEXT = "next part to review"
    CONFIRM = "confirm the part"
    OVERRULE = "overrule the part"
    HIDE = "hide the map of the part"
    VIEW = "next view of the part"
    HOLD = "put the part on hold"
    ANNOTATE = "annotate the reviewed part"
    READ_AGAIN = "read the parts to review again"


_REVIEW = Permission.REVIEW_PARTS

REVIEW_ROWS = (
    ActionRow(ReviewAct.PREVIOUS, "Previous", "Ctrl+PgUp", "the part before", repeats=True),
    ActionRow(ReviewAct.NEXT, "Next", "Ctrl+PgDown", "the next part", repeats=True),
    ActionRow(ReviewAct.CONFIRM, "Confirm", "Ctrl+Return", "the part left the line rightly; go to the next", _REVIEW),
    ActionRow(
        ReviewAct.OVERRULE, "Overrule \u2026", "Ctrl+O", "the part left the line wrongly; asks for a reason", _REVIEW
    ),
    ActionRow(ReviewAct.HIDE, "Map", "Ctrl+H", "show the bare picture, or the map again"),
    ActionRow(ReviewAct.VIEW, "View", "Ctrl+I", "the next view of a part with several"),
    ActionRow(
        ReviewAct.HOLD,
        "Hold \u2026",
        "Ctrl+K",
        "never give up the pictures of parts, or release them",
        Permission.HOLD_PARTS,
    ),
    ActionRow(ReviewAct.ANNOTATE, "Annotate", "Ctrl+M", "mark the defect of the part"),
    ActionRow(ReviewAct.READ_AGAIN, "Read again", "Ctrl+R", "read the parts of the shift again"),
)
