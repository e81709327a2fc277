"""The head of a report that can be proven: what it is, and the hash of its content as text and QR code."""

from collections.abc import Sequence

from reportlab.lib.units import mm
from reportlab.platypus import Flowable, Table, TableStyle

from station.reporting.pdf.page_template import TEXT_WIDTH
from station.reporting.pdf.qr_code import QrCode
from station.reporting.pdf.tables import beside_each_other
from station.reporting.pdf.tags import Pictured
from station.reporting.pdf.typeface import MUTED, paragraph, style

_CODE = 25 * mm
_LOOK = TableStyle(
    [
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LEFTPADDING", (0, 0), (-1, -1), 0),
        ("RIGHTPADDING", (0, 0), (-1, -1), 0),
        ("TOPPADDING", (0, 0), (-1, -1), 0),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 0),
    ]
)


def proven(named: Sequence[Flowable], sha256: str) -> Table:
    """Return what a report is called, with the hash of its content below and as a QR code beside it."""
    text = paragraph(f"Content SHA-256 {sha256}", style(7.5, colour=MUTED))
    code = Pictured(QrCode(sha256, _CODE), f"QR code of the content hash {sha256}")
    return beside_each_other([[[*named, text], code]], (TEXT_WIDTH - _CODE, _CODE), _LOOK)
