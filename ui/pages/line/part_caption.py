"""The plate at the pictures: that they are past, which view is enlarged, and the way back from both."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QSizeF
from PySide6.QtWidgets import QBoxLayout, QFrame, QSizePolicy, QWidget

from ui.actions.action_table import Actions
from ui.pages.line.actions import LineAct
from ui.theme.restyle import restyle
from ui.theme.theme import current_theme
from ui.widgets.key_button import KeyButton
from ui.widgets.panel import empty, label
from ui.widgets.view_head import Said, ViewHead

_FEW = 4
_HEAD_SHAPE = 3.5


@dataclass(frozen=True, slots=True)
class Layout:
    """The directions in the plate.

    Attributes:
        rows_down: Whether words, heads and keys are below each other.
        words_down: Whether the words have two lines.
        all_down: Whether heads and keys are in columns.
    """

    rows_down: bool = False
    words_down: bool = False
    all_down: bool = False


ABOVE = (Layout(), Layout(words_down=True), Layout(rows_down=True))
"""The plate in one row, in one row with two lines of words, and in two rows."""
BESIDE = Layout(rows_down=True, words_down=True, all_down=True)


class PartCaption(QFrame):
    """Placed above the pictures or at their side, where it takes least room; never over them.

    Attributes:
        back_to_live: The key that leaves a past part.
        annotate: The key that leads to the marks on a past part.
        review_waits: The key that leaves it for another part, which waits for a person's word.
        all_views: The key that leaves an enlarged view.
        heads: What is known of the views behind an enlarged one, by their names.
    """

    def __init__(self, actions: Actions) -> None:
        super().__init__()
        self.setObjectName("plate")
        self._part, self._when = label("", "title"), label("", "title")
        for words in (self._part, self._when):
            words.setMargin(2)
        self.back_to_live = KeyButton(actions[LineAct.LIVE], strong=True)
        self.all_views = KeyButton(actions[LineAct.ALL_VIEWS], strong=True)
        self.annotate = KeyButton(actions[LineAct.ANNOTATE])
        self._review = actions[LineAct.SHOW_REVIEW]
        self._review.enabledChanged.connect(self._offer_review)
        self.review_waits = KeyButton(self._review, text="A review waits")
        self._keys_of = (self.all_views, self.review_waits, self.annotate, self.back_to_live)
        for key in self._keys_of:
            key.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        self.heads: dict[str, ViewHead] = {}
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._others = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._words = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._words.addWidget(self._part)
        self._words.addWidget(self._when)
        self._row.addLayout(self._words)
        self._row.addLayout(self._others)
        self._row.addStretch(1)
        self._keys = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        for key in self._keys_of:
            self._keys.addWidget(key)
        self._row.addLayout(self._keys)
        self.show_past(())
        self.show_others(())
        self.fit_sizes()

    @property
    def needed(self) -> bool:
        """There is something to say."""
        return bool(self._part.text() or self.heads)

    @property
    def text(self) -> str:
        """What it says of a past part; "" while live."""
        return " ".join(filter(None, (self._part.text(), self._when.text())))

    def show_past(self, said: tuple[str, ...]) -> None:
        """Which past part it is and from when; nothing while live."""
        for words, text in zip((self._part, self._when), said or ("", ""), strict=True):
            words.setText(text)
            words.setVisible(bool(text))
        self.back_to_live.setVisible(bool(said))
        self.annotate.setVisible(bool(said))
        self._offer_review()
        if bool(said) != bool(self.property("past")):
            restyle(self, "past", bool(said))

    def show_others(self, names: tuple[str, ...]) -> None:
        """While one view is enlarged, these are hidden behind it; their verdicts are seen here."""
        if names != tuple(self.heads):
            empty(self._others)
            self.heads = {name: ViewHead(name, brief=True) for name in names}
            for head in self.heads.values():
                self._others.addWidget(head)
            self.fit_sizes()
        self.all_views.setVisible(bool(names))

    def show_said(self, said: Mapping[str, Said]) -> None:
        """Show the notices of the views that are hidden now."""
        for name, head in self.heads.items():
            head.show_said(said[name])

    def fit_sizes(self) -> None:
        """Take over the sizes of the present look."""
        sizes = current_theme().sizes
        self._row.setContentsMargins(*[sizes.gap // 2] * 4)
        self._row.setSpacing(sizes.gap)
        self._words.setSpacing(0)
        self._keys.setSpacing(sizes.gap)
        self._others.setSpacing(sizes.gap // 2)
        height = sizes.title * 1.5 if len(self.heads) <= _FEW else sizes.small * 2
        for head in self.heads.values():
            head.setFixedSize(round(height * _HEAD_SHAPE), round(height))

    def room(self, layout: Layout) -> QSizeF:
        """Return what it takes in a layout."""
        words = [_size_of(each) for each in (self._part, self._when) if not each.isHidden()]
        heads = [_size_of(each) for each in self.heads.values()]
        keys = [_size_of(each) for each in self._keys_of if not each.isHidden()]
        gap = self._row.spacing()
        groups = [
            _joined(words, 0, down=layout.words_down),
            _joined(heads, self._others.spacing(), down=layout.all_down),
            _joined(keys, gap, down=layout.all_down),
        ]
        return _joined([each for each in groups if not each.isEmpty()], gap, down=layout.rows_down) + self._edges()

    def stand(self, layout: Layout) -> None:
        """Stand so."""
        for box, down in (
            (self._row, layout.rows_down),
            (self._words, layout.words_down),
            (self._others, layout.all_down),
            (self._keys, layout.all_down),
        ):
            direction = QBoxLayout.Direction.TopToBottom if down else QBoxLayout.Direction.LeftToRight
            if box.direction() != direction:
                box.setDirection(direction)

    def _edges(self) -> QSizeF:
        edges = self._row.contentsMargins()
        return QSizeF(edges.left() + edges.right(), edges.top() + edges.bottom())

    def _offer_review(self) -> None:
        """While a past part is shown, only this says that another one waits."""
        self.review_waits.setVisible(bool(self._part.text()) and self._review.isEnabled())


def _joined(sizes: Sequence[QSizeF], gap: float, *, down: bool) -> QSizeF:
    """Return the room of several things in a row, or below each other; without any, none."""
    widths, heights = [each.width() for each in sizes], [each.height() for each in sizes]
    gaps = gap * max(0, len(sizes) - 1)
    if down:
        return QSizeF(max(widths, default=0), sum(heights) + gaps)
    return QSizeF(sum(widths) + gaps, max(heights, default=0))


def _size_of(widget: QWidget) -> QSizeF:
    return QSizeF(widget.sizeHint().expandedTo(widget.minimumSize()))
