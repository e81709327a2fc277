"""Which stored parts another revision would judge differently: in a sentence and in pictures."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from station.domain.revision_flips import PartFlip
from ui.theme.plain_text import in_a_hint
from ui.theme.theme import current_theme
from ui.widgets.flip_tiles import FlipTiles, TileWords, turn_words
from ui.widgets.text.fitted_text import FittedSentence

_KEY = "Ctrl+J"
_SAID_SHARE, _LEAST_SHARE = 0.2, 0.7
"""Three lines, of which a person still reads each."""


class FlipsPanel(QWidget):
    """One comparison of stored parts.

    Signals:
        pressed: Its key was pressed: begin to judge the kept pictures, or stop it.
    """

    pressed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.said = FittedSentence(_LEAST_SHARE)
        self.said.setProperty("role", "strong")
        self.said.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)  # else it has no place of its own
        self.said.setFixedHeight(round(current_theme().sizes.side * _SAID_SHARE))
        self.key = QPushButton()
        self.key.clicked.connect(lambda _checked: self.pressed.emit())
        self.tiles = FlipTiles()
        policy = self.tiles.sizePolicy()
        policy.setRetainSizeWhenHidden(True)  # the sheet has its size before the parts are known
        self.tiles.setSizePolicy(policy)
        row = QHBoxLayout()
        row.setSpacing(current_theme().sizes.gap)
        row.addWidget(self.said, 1)
        row.addWidget(self.key)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(current_theme().sizes.gap // 2)
        column.addLayout(row)
        column.addWidget(self.tiles)
        self.show_state("", "")

    def show_state(self, said: str, key: str, flips: Sequence[PartFlip] = ()) -> None:
        """Show what is known.

        Args:
            said: In sentences.
            key: What its key does now; "" without a key.
            flips: Parts that turn, as yet without pictures.
        """
        self.say(said)
        self.key.setText(f"{key}  ({_KEY})")
        self.key.setShortcut(_KEY)  # Qt forgets it with the text
        self.key.setVisible(bool(key))
        self.tiles.show_flips([_words_of(flip) for flip in flips])
        self.tiles.setVisible(bool(flips))

    def say(self, said: str) -> None:
        """How far it is."""
        self.said.setText(said)
        self.said.setToolTip(in_a_hint(said))


def _words_of(flip: PartFlip) -> TileWords:
    return TileWords(flip.after, turn_words(flip.before, flip.after), f"part {flip.key.label}")
