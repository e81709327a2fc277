"""A draft on its way to the line: what differs, who releases it, why, and when a running line uses it."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from station.app import Station
from station.domain.recipe import Recipe, TakesEffect
from station.domain.signature import Signing
from ui.theme.theme import current_theme
from ui.widgets.panel import label
from ui.widgets.signed_dialog import SignedDialog, scrolled, when_chooser

_SHOWN = 8
_HEAD = ("revision", "author", "reason")
"""What differs between any two revisions, and says nothing of how parts are judged."""


class ReleaseDialog(SignedDialog):
    """Name and reason are recorded; without both, nothing is released.

    Args:
        parent: The page.
        draft: The revision to release.
        differences: What differs from the released revision, a line each.
        act: What is done, as on its key: "Release", "Roll back".
        title: Of the dialog; if not given, what is done and the revision.

    Signals:
        wanted: Person, reason, `TakesEffect`, and a `Consent`.
    """

    wanted = Signal(str, str, TakesEffect, object)

    def __init__(
        self, parent: QWidget, draft: Recipe, differences: Sequence[str], act: str = "Release", title: str = ""
    ) -> None:
        super().__init__(parent, title or f"{act} {draft.label}", act)
        self.when = when_chooser()
        more = len(differences) - _SHOWN
        shown = [*differences[:_SHOWN], *([f"and {more} more"] if more > 0 else [])]
        self.differences = label("\n".join(shown) or "Nothing differs from the released revision.", wrap=True)
        self.column.addWidget(scrolled(self.differences, "What changes"))
        self.add_form((("Your name", self.person), ("Reason", self.reason), ("Line uses it", self.when)))
        self.add_keys()
        self.setMinimumWidth(round(current_theme().sizes.side * 1.6))
        self.check()

    def ask(self) -> None:
        """Say who wants it, why, and from when on."""
        self.wanted.emit(*self.signature, TakesEffect(self.when.currentData()), self.consent)
        super().ask()


@dataclass(frozen=True, slots=True)
class ToRelease:
    """What is shown before a revision is released.

    Attributes:
        differences: What it changes for the judgement of parts, a line each: "limits.min_area_px: 0 \u2192 40".
        signing: Who has signed it, and what a release needs.
    """

    differences: tuple[str, ...]
    signing: Signing


def look_before_release(station: Station, draft: Recipe, *, again: bool = False) -> ToRelease:
    """Return what is shown before a draft is released, or an old revision once more."""
    present = station.recipes.find(draft.name)
    changes = station.recipes.diff(present.recipe, draft)
    lines = tuple(f"{key}: {before} \u2192 {after}" for key, before, after in changes if key not in _HEAD)
    return ToRelease(lines, station.recipes.signing(draft, again=again))
