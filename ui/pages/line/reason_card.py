"""Why: the sentence, the number, and the place enlarged."""

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout

from station.domain.formatting import AGAIN, score_and_limits, sentence_case
from station.domain.inspection import Inspection, ViewInspection
from station.domain.verdict import Verdict
from ui.theme.plain_text import in_a_hint
from ui.theme.restyle import restyle
from ui.theme.theme import current_theme
from ui.theme.verdict_icons import VerdictIcon, hatch
from ui.widgets.graphic import Graphic
from ui.widgets.panel import Panel, label
from ui.widgets.text.fitted_text import ElidedLine, FittedSentence
from ui.widgets.whole_picture import paint_whole

_BESIDE = 6
"""Between the sign of the verdict and the title, pixels."""


class ReasonCard(Panel):
    """One part's verdict, number and reason beside a crop of its worst place."""

    def __init__(self) -> None:
        super().__init__()
        self.inspection: Inspection | None = None
        self._sign = VerdictIcon(None, 10)
        self._title = label("", "strong")
        self._reason = FittedSentence()
        self._reason.setProperty("role", "large")
        self._scores = label("", "small", wrap=True)
        self._code = ElidedLine()
        self._code.setProperty("role", "small")
        self._claim = label("", "small")
        self._crop = _Crop()
        self._lay_out()
        self.clear()

    @property
    def reason(self) -> str:
        """The sentence on show."""
        return self._reason.text()

    @property
    def title(self) -> str:
        """Which part it is about."""
        return self._title.text()

    @property
    def has_crop(self) -> bool:
        """Whether the place is shown enlarged."""
        return self._crop.image is not None

    def show_part(self, inspection: Inspection, title: str) -> None:
        """Explain this part; its crop may come later."""
        if self.inspection is None or inspection.key != self.inspection.key:
            self._crop.show_image(None, inspection.verdict)
            self.show_claim("")
        self.inspection = inspection
        self._crop.show()
        self._title.setText(title)
        self._reason.setText(sentence(inspection))
        self._scores.setText(_scores(inspection))
        self._show_code(codes_in_words(inspection))
        self._sign.show_verdict(inspection.verdict, current_theme().sizes.text)
        restyle(self._sign, "verdict", inspection.verdict.value)

    @property
    def scores(self) -> str:
        """The score and its limits, and whether the part was judged a second time."""
        return self._scores.text()

    @property
    def code(self) -> str:
        """What was read of the part's code; "" if the recipe has none."""
        return self._code.text()

    def show_crop(self, image: QImage | None) -> None:
        """The place enlarged."""
        if self.inspection is not None:
            self._crop.show_image(image, self.inspection.verdict)

    def show_claim(self, text: str) -> None:
        """What a person has said of this part."""
        self._claim.setText(text)
        self._claim.setVisible(bool(text))

    def clear(self) -> None:
        """Explain nothing."""
        self.inspection = None
        self._crop.hide()
        self._sign.show_verdict(None, 10)
        self._show_code("")
        for words in (self._title, self._reason, self._scores, self._claim):
            words.clear()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        """Follow the window's size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._sign.show_verdict(self._sign.verdict, current_theme().sizes.text)

    def _show_code(self, text: str) -> None:
        if text != self._code.text():
            self._code.setText(text)
            self._code.setToolTip(in_a_hint(text))
        self._code.setVisible(bool(text))

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(_BESIDE)
        head.addWidget(self._sign)
        head.addWidget(self._title, 1)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addLayout(head)
        words.addWidget(self._reason, 1)
        words.addWidget(self._scores)
        words.addWidget(self._code)
        words.addWidget(self._claim)
        row = QHBoxLayout(self)
        row.setSpacing(current_theme().sizes.gap)
        row.addWidget(self._crop, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)


def sentence(inspection: Inspection) -> str:
    """The reason as a sentence: it begins with a capital or the view's own name, and areas are squared."""
    decided = inspection.deciding
    reason = (decided.reason or decided.verdict.word.lower()).replace("px2", "px\u00b2")
    if _names_view(decided):
        return f"{decided.name}: {reason}"
    return sentence_case(reason)


def codes_in_words(inspection: Inspection) -> str:
    """Return what was read of the part's code in each view, and how surely; "" if the recipe has no code region."""
    read = (view.with_view_name(view.code.words) for view in inspection.views if view.code is not None)
    return "; ".join(read)


def _names_view(decided: ViewInspection) -> bool:
    """Of a part that passes every view says the same."""
    return bool(decided.name and decided.reason) and decided.verdict is not Verdict.PASS


def _scores(inspection: Inspection) -> str:
    decided = inspection.deciding
    if decided.pred_score is None or decided.image_threshold is None:
        return ""
    figures = score_and_limits(decided.pred_score, decided.image_threshold, decided.review_threshold)
    figures = f"{figures} ({decided.name})" if decided.name and not _names_view(decided) else figures
    return f"{figures}\n{sentence_case(AGAIN)}" if decided.judged_again else figures


class _Crop(Graphic):
    """The enlarged place; hatched without a picture."""

    def __init__(self) -> None:
        super().__init__()
        self.image: QImage | None = None
        self._verdict = Verdict.PASS
        self.setAccessibleName("The place enlarged")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_image(self, image: QImage | None, verdict: Verdict) -> None:
        self.image, self._verdict = image, verdict
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802
        return QSize(current_theme().sizes.crop, current_theme().sizes.crop)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        painter = QPainter(self)
        place = QRectF(self.rect())
        colours = current_theme().colours
        painter.fillRect(place, QColor(colours.picture_ground))
        if self.image is not None:
            paint_whole(painter, place, self.image)
        elif self._verdict is Verdict.NOT_INSPECTED:
            hatch(painter, place, QColor(255, 255, 255, 60), 14)
        painter.setPen(QPen(QColor(colours.of(self._verdict).fill), 3))
        painter.drawRect(place.adjusted(1.5, 1.5, -1.5, -1.5))
