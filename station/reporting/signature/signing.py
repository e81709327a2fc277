"""A report signed by the plant: PAdES baseline B-B, which needs no network."""

from io import BytesIO

from station.reporting.signature.plant_certificate import PlantCertificate

FIELD = "PlantSignature"


def signed(content: bytes, certificate: PlantCertificate, reason: str, location: str) -> bytes:
    """Return a PDF signed with a certificate; what it was is its beginning.

    It certifies the file, and permits further signatures: with "no changes" nobody from quality could sign beside it.
    The field is invisible: the report says itself who signed it, in its own embedded font, as PDF/A demands.

    Args:
        content: The PDF.
        certificate: Of the plant.
        reason: Why, in the properties of the signature.
        location: Where: plant, line, station.
    """
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter  # noqa: PLC0415 - slow to load
    from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter  # noqa: PLC0415
    from pyhanko.sign.signers import PdfSignatureMetadata, sign_pdf  # noqa: PLC0415

    said = PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm="sha256",
        name=certificate.name,
        reason=reason,
        location=location,
        subfilter=SigSeedSubFilter.PADES,
        certify=True,
        docmdp_permissions=MDPPerm.FILL_FORMS,
    )
    result = BytesIO()
    sign_pdf(IncrementalPdfFileWriter(BytesIO(content)), said, certificate.signer(), output=result)
    return result.getvalue()
