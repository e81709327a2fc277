"""What can be asked for on the line's page."""

from enum import StrEnum

from station.domain.permissions import Permission
from ui.actions.action import ActionRow


class LineAct(StrEnum):
    """The name of an action of this page."""

    TRIGGER = "trigger"
    GOOD_PART = "good part"
    MISSED_DEFECT = "missed defect"
    CONFIRM = "confirm"
    REVIEW_GOOD = "review good"
    REVIEW_DEFECT = "review defect"
    SHOW_REVIEW = "show the review that waits"
    NEXT_REJECT = "next reject"
    ACKNOWLEDGE = "acknowledge"
    OLDER_PART = "older part"
    NEWER_PART = "newer part"
    ANNOTATE = "annotate the part"
    CHALLENGE_PART = "make a challenge part"
    LIVE = "live"
    MAP = "map"
    OUTLINE = "outline"
    RELATIVE = "relative map"
    HIDE = "hide"
    FULL_SIZE = "full size"
    NEXT_VIEW = "next view"
    ALL_VIEWS = "all views"
    OPACITY_DOWN = "opacity down"
    OPACITY_UP = "opacity up"


_FEEDBACK, _REVIEW = Permission.GIVE_FEEDBACK, Permission.ANSWER_REVIEW

# What decides about a part, or moves the line, has no key that a sleeve or a scanner can hit alone.
LINE_ROWS = (
    ActionRow(LineAct.TRIGGER, "Trigger", "Ctrl+T", "inspect a part now, if the station triggers its cameras",
              Permission.TRIGGER_PART),
    ActionRow(LineAct.GOOD_PART, "Good part", "Ctrl+G", "this reject is a good part", _FEEDBACK),
    ActionRow(LineAct.MISSED_DEFECT, "Missed defect", "Ctrl+E", "this part has a defect that was not found", _FEEDBACK),
    ActionRow(LineAct.CONFIRM, "Confirm", "Ctrl+Return", "this reject is right", _FEEDBACK),
    ActionRow(LineAct.REVIEW_GOOD, "Good part", "Ctrl+P", "the part that waits for a review is a good part", _REVIEW),
    ActionRow(LineAct.REVIEW_DEFECT, "Defect", "Ctrl+D", "the part that waits for a review has a defect", _REVIEW),
    ActionRow(LineAct.SHOW_REVIEW, "Show part", "V", "show the part that waits for a review"),
    ActionRow(LineAct.NEXT_REJECT, "Rejects", "Ctrl+J", "show the oldest reject that nobody has said anything of"),
    ActionRow(LineAct.ACKNOWLEDGE, "Seen", "Ctrl+A", "acknowledge an alarm or a message", Permission.ACKNOWLEDGE_ALARM),
    ActionRow(LineAct.OLDER_PART, "Older", "PgDown", "show the part before", repeats=True),
    ActionRow(LineAct.NEWER_PART, "Newer", "PgUp", "show the part after", repeats=True),
    ActionRow(LineAct.ANNOTATE, "Annotate", "Ctrl+M", "mark the defect of the past part, or of the part disputed last"),
    ActionRow(LineAct.CHALLENGE_PART, "Challenge part", "Ctrl+K", "make a challenge part of this part",
              Permission.EDIT_RECIPE),
    ActionRow(LineAct.LIVE, "Back to live", "Esc", "go back to the live picture"),
    ActionRow(LineAct.MAP, "Map", "1", "colour the anomalous places"),
    ActionRow(LineAct.OUTLINE, "Outline", "2", "outline the anomalous places"),
    ActionRow(LineAct.RELATIVE, "Relative", "3", "colour the highest places of this part, not by the limit"),
    ActionRow(LineAct.HIDE, "Hide", "H", "show the bare picture, or the marks again"),
    ActionRow(LineAct.FULL_SIZE, "1:1", "Z", "one picture pixel per screen pixel, or the whole picture"),
    ActionRow(LineAct.NEXT_VIEW, "Next view", "N", "enlarge the next camera's picture, after the last show all"),
    ActionRow(LineAct.ALL_VIEWS, "All views", "0", "show the pictures of all cameras"),
    ActionRow(LineAct.OPACITY_DOWN, "Fainter", "[", "make the map fainter", repeats=True),
    ActionRow(LineAct.OPACITY_UP, "Stronger", "]", "make the map stronger", repeats=True),
)  # fmt: skip
