"""A part's small picture in a report, its anomalous places outlined; or a word on why there is none."""

from io import BytesIO
from pathlib import Path

from reportlab.lib.colors import white
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable

from station.domain.digest import sha256_hex
from station.domain.inspection import ViewInspection
from station.domain.shift import PartRecord, StoredPicture
from station.reporting.pdf.typeface import MUTED, PANEL, REGULAR, RULE
from station.reporting.pdf.verdict_colours import PRINT

_MOST_OUTLINES = 5


class PartPicture(Flowable):  # type: ignore[misc]  # reportlab has no types
    """The thumbnail of the view that decided on a part, fitted into a box.

    Attributes:
        width, height: Of the box, points.
    """

    def __init__(self, part: PartRecord, pictures_folder: Path, width: float, height: float) -> None:
        super().__init__()
        self.width, self.height = width, height
        self._view = part.inspection.deciding
        self._jpeg, self._absence = _content(part.deciding.thumbnail, pictures_folder)

    def wrap(self, _available_width: float, _available_height: float) -> tuple[float, float]:
        """The box it takes."""
        return self.width, self.height

    def draw(self) -> None:
        """Picture and outlines, or the word."""
        canvas: Canvas = self.canv
        canvas.setFillColor(PANEL)
        canvas.rect(0, 0, self.width, self.height, stroke=0, fill=1)
        if self._jpeg is None:
            self._draw_absence(canvas)
        else:
            self._draw_picture(canvas, ImageReader(BytesIO(self._jpeg)))

    def _draw_absence(self, canvas: Canvas) -> None:
        canvas.setStrokeColor(RULE)
        canvas.rect(0, 0, self.width, self.height, stroke=1, fill=0)
        canvas.setFillColor(MUTED)
        canvas.setFont(REGULAR, 7)
        canvas.drawCentredString(self.width / 2, self.height / 2 - 2, self._absence)

    def _draw_picture(self, canvas: Canvas, picture: ImageReader) -> None:
        pixels_wide, pixels_high = picture.getSize()
        scale = min(self.width / pixels_wide, self.height / pixels_high)
        width, height = pixels_wide * scale, pixels_high * scale
        left, bottom = (self.width - width) / 2, (self.height - height) / 2
        canvas.drawImage(picture, left, bottom, width, height)
        if self._view.width:
            _outline(canvas, self._view, left, bottom + height, width / self._view.width)


def _outline(canvas: Canvas, view: ViewInspection, left: float, top: float, scale: float) -> None:
    """A frame around each place, dark on light so that it is seen on any picture."""
    for colour, thickness in ((white, 1.8), (PRINT[view.verdict], 0.9)):
        canvas.setStrokeColor(colour)
        canvas.setLineWidth(thickness)
        for region in view.regions[:_MOST_OUTLINES]:
            bottom = top - (region.y + region.h) * scale
            canvas.rect(left + region.x * scale, bottom, region.w * scale, region.h * scale)


def _content(thumbnail: StoredPicture | None, pictures_folder: Path) -> tuple[bytes | None, str]:
    """The JPEG, if it is still the one that was recorded; else why it is not shown."""
    if thumbnail is None:
        return None, "no picture came"
    try:
        content = (pictures_folder / thumbnail.path).read_bytes()
    except OSError:
        return None, "picture is missing"
    if sha256_hex(content) != thumbnail.sha256:
        return None, "picture was changed"
    return content, ""
