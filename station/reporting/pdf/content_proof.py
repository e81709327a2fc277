"""The head of a report that can be proven: what it is, and the hash of its content as text and QR code."""

from collections.abc import Sequence

from reportlab.lib.units import mm
from reportlab.platypus import Flowable, Table, TableStyle

from station.reporting.pdf.page_template import TEXT_WIDTH
from station.reporting.pdf.qr_code import QrCode
from station.reporting.pdf.tables import beside_each_other
from station.reporting.pdf.tags import Pictured
from station.reporting.pdf.typeface import MUTED, paragraph, style
from station.reporting.signature.plant_certificate import PlantCertificate

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


def signature_in_words(certificate: PlantCertificate) -> str:
    """Return who signs a report, and how a reader checks it."""
    return (
        f"Digitally signed by {certificate.name}; certificate issued by {certificate.issuer}, valid until "
        f"{certificate.valid_until:%Y-%m-%d}. Check: linesidectl verify, or any reader that knows the issuer."
    )


def proven(named: Sequence[Flowable], sha256: str, signed_by: str = "") -> Table:
    """Return what a report is called, with the hash of its content below and as a QR code beside it.

    Args:
        named: The titles.
        sha256: The hash.
        signed_by: Who signs it, see `signature_in_words`; "" if nobody does.
    """
    said = filter(None, (f"Content SHA-256 {sha256}", signed_by))
    text = [paragraph(each, style(7.5, colour=MUTED)) for each in said]
    code = Pictured(QrCode(sha256, _CODE), f"QR code of the content hash {sha256}")
    return beside_each_other([[[*named, *text], code]], (TEXT_WIDTH - _CODE, _CODE), _LOOK)
