"""A text as a QR code, which a telephone or a scanner reads from the paper."""

from itertools import groupby

import segno
from reportlab.lib.colors import black, white
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable

_QUIET_ZONE = 4
"""Light modules around the code, without which readers do not find it."""


class QrCode(Flowable):  # type: ignore[misc]  # reportlab has no types
    """A square with its quiet zone, drawn as rectangles."""

    def __init__(self, text: str, size: float) -> None:
        """Take a text.

        Args:
            text: What a reader gives back.
            size: Width and height with the quiet zone, points.
        """
        super().__init__()
        self.width = self.height = size
        # A short text would become a Micro QR code, which many readers do not know.
        self._rows = tuple(bytes(row) for row in segno.make(text, error="m", micro=False, boost_error=False).matrix)

    def wrap(self, _available_width: float, _available_height: float) -> tuple[float, float]:
        """Return its size."""
        return self.width, self.height

    def draw(self) -> None:
        """Draw each run of dark modules as one rectangle: between two of them a printer would leave a fine line."""
        canvas: Canvas = self.canv
        module = self.width / (len(self._rows) + 2 * _QUIET_ZONE)
        canvas.setFillColor(white)
        canvas.rect(0, 0, self.width, self.height, stroke=0, fill=1)
        canvas.setFillColor(black)
        for number, row in enumerate(self._rows):
            bottom = self.height - (_QUIET_ZONE + number + 1) * module
            at = _QUIET_ZONE
            for dark, run in groupby(row):
                length = len(list(run))
                if dark:
                    canvas.rect(at * module, bottom, length * module, module, stroke=0, fill=1)
                at += length
