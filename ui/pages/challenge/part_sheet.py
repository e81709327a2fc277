"""The sheet for one challenge part: its name, what it is, and where its defect must be found, drawn or typed."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from station.domain.challenge_plan import ChallengePart, ExpectedPlace, Known
from station.domain.frame import Image
from station.domain.geometry import RegionOfInterest
from ui.theme.theme import current_theme
from ui.widgets.canvas.region_canvas import Drawing, RegionCanvas
from ui.widgets.chooser import Chooser
from ui.widgets.panel import label
from ui.widgets.signed_dialog import SignedDialog

_HINT = "Draw the place on the picture: drag, or arrow keys (Shift: its lower right corner). Or type x,y,width,height."


class PartSheet(SignedDialog):
    """Name and reason are recorded with the draft.

    Signals:
        wanted: The `ChallengePart`, person and reason.
    """

    wanted = Signal(object, str, str)

    def __init__(
        self, parent: QWidget, views: Sequence[str], place: ExpectedPlace | None, picture: Image | None
    ) -> None:
        """Begin with the place of a mark, if there is one.

        Args:
            parent: The page.
            views: The views of the recipe.
            place: The proposed place.
            picture: The picture to draw on, (H, W) or (H, W, 3) uint8; None if there is none.
        """
        super().__init__(parent, "Add a challenge part", "Make the draft")
        self.name, self.place = QLineEdit(), QLineEdit(place.text if place else "")
        self.name.setMaxLength(60)
        self.name.setPlaceholderText("as it is written on the part: scratch 1")
        self.place.setPlaceholderText("120,80,40,30" if views[0] == "" else f"{views[0]}:120,80,40,30")
        self.known = Chooser()
        self.known.addItem("Known bad: must be FAIL at its place", Known.BAD)
        self.known.addItem("Known good: must be PASS", Known.GOOD)
        self.problem = label("", "strong", wrap=True)
        self.canvas = RegionCanvas("Place of the defect")
        self.canvas.show_picture(picture, "No picture of this product is on this station. Type the place.")
        self.canvas.draw(Drawing.REGION)
        self._views = views
        self._lay_out()
        for entry in (self.name, self.place):
            entry.textChanged.connect(self.check)
        self.known.currentIndexChanged.connect(lambda _: self.check())
        self.canvas.region_drawn.connect(self._take_region)
        self.name.setFocus()
        self.check()

    @property
    def part(self) -> ChallengePart | str:
        """Return the part that is entered, or what is wrong with it."""
        known = self.known.currentData()
        try:
            place = ExpectedPlace.of_text(self.place.text()) if known == Known.BAD else None
            if place is not None and place.view not in self._views:
                return f"Begin the place with its view: {' or '.join(self._views)}, then a colon."
            return ChallengePart(self.name.text().strip(), Known(known), place)
        except ValueError as error:
            return f"{error}."

    def check(self) -> None:
        """Offer the key only for a part that can be kept, and show its place."""
        if not hasattr(self, "canvas"):
            return
        part = self.part
        bad = self.known.currentData() == Known.BAD
        self.place.setEnabled(bad)
        self.problem.setText(part if isinstance(part, str) and self.name.text() else "")
        place = part.place if isinstance(part, ChallengePart) else None
        if place is not None or not bad:
            shown = RegionOfInterest(place.x, place.y, place.width, place.height) if place else None
            self.canvas.show_marks(shown, None, None)
        self.do.setEnabled(self.signed and isinstance(part, ChallengePart))

    def ask(self) -> None:
        """Send the part with name and reason."""
        part = self.part
        if isinstance(part, ChallengePart):
            self.wanted.emit(part, *self.signature)
            super().ask()

    def _take_region(self, region: RegionOfInterest) -> None:
        view = self.place.text().rpartition(":")[0] or self._views[0]
        self.place.setText(ExpectedPlace(view, *region.box).text)

    def _lay_out(self) -> None:
        self.add_form(
            (
                ("Challenge part", self.name),
                ("It is", self.known),
                ("Expected place", self.place),
                ("Your name", self.person),
                ("Reason", self.reason),
            )
        )
        body, words = QHBoxLayout(), QVBoxLayout()
        body.setSpacing(current_theme().sizes.gap)
        words.addWidget(label(_HINT, "muted", wrap=True))
        words.addWidget(self.problem)
        words.addStretch()
        body.addLayout(words, 2)
        body.addWidget(self.canvas, 3)
        self.column.addLayout(body, 1)
        self.add_keys()
        side = current_theme().sizes.side
        self.resize(round(side * 2.6), round(side * 1.7))
