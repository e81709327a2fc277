"""The plate at the pictures: that they are past, which view is enlarged, and the way back from both."""

from collections.abc import Mapping

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
        for key in (self.back_to_live, self.annotate, self.review_waits, self.all_views):
            key.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        self.heads: dict[str, ViewHead] = {}
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._others = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._row.addWidget(self._part)
        self._row.addWidget(self._when)
        self._row.addLayout(self._others)
        self._row.addStretch(1)
        self._row.addWidget(self.all_views)
        self._row.addWidget(self.review_waits)
        self._row.addWidget(self.annotate)
        self._row.addWidget(self.back_to_live)
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
        self._others.setSpacing(sizes.gap // 2)
        height = sizes.title * 1.5 if len(self.heads) <= _FEW else sizes.small * 2
        for head in self.heads.values():
            head.setFixedSize(round(height * _HEAD_SHAPE), round(height))

    def room(self) -> tuple[QSizeF, QSizeF]:
        """What it takes above the pictures, and what beside them."""
        sizes = [each.sizeHint().expandedTo(each.minimumSize()) for each in self._items()]
        gap, edges = self._row.spacing(), self._row.contentsMargins()
        across = QSizeF(edges.left() + edges.right(), edges.top() + edges.bottom())
        gaps = gap * max(0, len(sizes) - 1)
        above = QSizeF(sum(size.width() for size in sizes) + gaps, max(size.height() for size in sizes))
        beside = QSizeF(max(size.width() for size in sizes), sum(size.height() for size in sizes) + gaps)
        return above + across, beside + across

    def stand(self, *, beside: bool) -> None:
        """Stand beside the pictures, or above."""
        direction = QBoxLayout.Direction.TopToBottom if beside else QBoxLayout.Direction.LeftToRight
        for layout in (self._row, self._others):
            if layout.direction() != direction:
                layout.setDirection(direction)

    def _offer_review(self) -> None:
        """While a past part is shown, only this says that another one waits."""
        self.review_waits.setVisible(bool(self._part.text()) and self._review.isEnabled())

    def _items(self) -> list[QWidget]:
        fixed = [self._part, self._when, *self.heads.values(), self.all_views, self.review_waits, self.annotate,
                 self.back_to_live]  # fmt: skip
        return [each for each in fixed if not each.isHidden()]
