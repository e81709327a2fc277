"""Is a signed report what the plant signed? What is wrong with it is said in sentences."""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from station.domain.errors import BadInputError
from station.reporting.signature.plant_certificate import name_of
from station.reporting.signature.signing import FIELD

if TYPE_CHECKING:
    from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
    from pyhanko.sign.validation.status import PdfSignatureStatus

_DIGITAL = {"digital_signature", "non_repudiation"}


@dataclass(frozen=True, slots=True)
class SignatureCheck:
    """What is known of one signature.

    Attributes:
        signer: Whose certificate it is.
        issuer: Who issued that.
        signed_at: When it was made, as it says itself: no time server vouches for it. None if it does not say.
        problems: What is wrong, in sentences; empty if all is well.
    """

    signer: str
    issuer: str
    signed_at: datetime | None
    problems: tuple[str, ...]


def certificates_in(content: bytes, where: str) -> tuple[bytes, ...]:
    """Return the certificates of a file, DER.

    Args:
        content: PEM, with one certificate or several, or DER.
        where: The file, for the sentence.

    Raises:
        BadInputError: There is none in it.
    """
    try:
        found = (
            x509.load_pem_x509_certificates(content)
            if b"-----BEGIN" in content
            else [x509.load_der_x509_certificate(content)]
        )
    except ValueError as error:
        raise BadInputError(
            f"{where} has no certificate.", "Name a file with the certificate of the issuer, PEM or DER."
        ) from error
    return tuple(each.public_bytes(Encoding.DER) for each in found)


def check_signatures(content: bytes, trusted: Sequence[bytes]) -> tuple[SignatureCheck, ...]:
    """Return what is known of each signature of a PDF, in the order they were made; the first is that of the plant.

    A certificate counts as valid if it was when it signed: a report is still proven after it has expired.

    Args:
        content: The PDF.
        trusted: Certificates whose signatures, and those of certificates they issued, are believed; DER.

    Raises:
        BadInputError: It is not a PDF that can be read.
    """
    from pyhanko.pdf_utils.reader import PdfFileReader  # noqa: PLC0415 - slow to load

    logging.getLogger("pyhanko").setLevel(logging.CRITICAL)  # what is wrong is said below, not as a trace
    logging.getLogger("pyhanko_certvalidator").setLevel(logging.CRITICAL)
    try:
        reader = PdfFileReader(BytesIO(content))
        signatures = reader.embedded_regular_signatures
        return tuple(_checked(each, content, trusted, last=each is signatures[-1]) for each in signatures)
    except Exception as error:
        raise UnreadableReportError(f"The file is damaged, or it is not a PDF ({error}).") from error


class UnreadableReportError(BadInputError):
    """It is not a PDF, or its signature is damaged beyond reading."""

    advice = "Compare it with another copy of the report, or print it again from the records."


def _checked(
    signature: "EmbeddedPdfSignature", content: bytes, trusted: Sequence[bytes], *, last: bool
) -> SignatureCheck:
    certificate = x509.load_der_x509_certificate(signature.signer_cert.dump())
    at = signature.self_reported_timestamp
    problems = [*_problems(signature, trusted, at), *_packing(signature, content)]
    if last and not problems and not _covers_all(signature):
        problems.append("Something was added to the file after it was signed.")
    return SignatureCheck(name_of(certificate.subject), name_of(certificate.issuer), at, tuple(problems))


def _problems(signature: "EmbeddedPdfSignature", trusted: Sequence[bytes], at: datetime | None) -> Iterator[str]:
    from asn1crypto.x509 import Certificate  # noqa: PLC0415 - slow to load
    from pyhanko.sign.validation import validate_pdf_signature  # noqa: PLC0415
    from pyhanko.sign.validation.settings import KeyUsageConstraints  # noqa: PLC0415
    from pyhanko_certvalidator import ValidationContext  # noqa: PLC0415

    roots = [Certificate.load(each) for each in trusted]
    context = ValidationContext(trust_roots=roots, allow_fetching=False, moment=at)
    usage = KeyUsageConstraints(key_usage=_DIGITAL, match_all_key_usages=False)
    status = validate_pdf_signature(signature, context, key_usage_settings=usage)
    if not status.intact:
        yield "The file was changed after it was signed: its bytes are not those that were signed."
    elif not status.valid:
        yield "The signature was not made with the key of its certificate."
    elif not status.trusted:
        yield _distrust(status)
    elif not status.bottom_line:
        yield "The file was changed after it was signed, in a way that the signature does not permit."
    elif signature.fq_name == FIELD and _strange_certificates(signature, status, trusted):
        yield "The file was changed after it was signed: the signature has certificates that do not belong to it."


def _distrust(status: "PdfSignatureStatus") -> str:
    why = status.trust_problem_indic.standard_name if status.trust_problem_indic else "NO_CERTIFICATE_CHAIN_FOUND"
    if "EXPIRED" in why or "OUT_OF_BOUNDS" in why:
        return "The certificate was not valid when the report was signed."
    return (
        f"The certificate of {status.signing_cert.subject.human_friendly} is not one that is trusted here, "
        f"nor issued by one ({why})."
    )


def _strange_certificates(
    signature: "EmbeddedPdfSignature", status: "PdfSignatureStatus", trusted: Sequence[bytes]
) -> bool:
    """Return whether certificates came with the signature that it does not need; no signature covers them."""
    known = {*trusted, *(each.dump() for each in status.validation_path or ())}
    return any(each.dump() not in known for each in signature.other_embedded_certs)


def _packing(signature: "EmbeddedPdfSignature", content: bytes) -> Iterator[str]:
    """Find what was changed in the gap that no signature covers: it lies there itself, as digits, with zeros behind."""
    _, first, second, _ = (int(each) for each in signature.byte_range)
    packed = bytes(signature.pkcs7_content)
    expected = _packed(signature) if signature.fq_name == FIELD else b""
    digits = packed.hex().encode()
    written = content[first + 1 : second - 1] in (digits, digits.upper())
    if not written or not packed.startswith(expected) or (expected and any(packed[len(expected) :])):
        yield "The file was changed after it was signed: the signature itself is damaged."


def _packed(signature: "EmbeddedPdfSignature") -> bytes:
    """Return a signature of the plant as it is packed; what in it is neither signed nor checked has one value only."""
    from asn1crypto import cms  # noqa: PLC0415 - slow to load

    found, signer, sha256 = signature.signed_data, signature.signer_info, {"algorithm": "sha256"}
    certificate = signature.signer_cert
    packed = cms.SignerInfo(
        {
            "version": "v1",
            "sid": cms.SignerIdentifier(
                {
                    "issuer_and_serial_number": cms.IssuerAndSerialNumber(
                        {"issuer": certificate.issuer, "serial_number": certificate.serial_number}
                    )
                }
            ),
            "digest_algorithm": sha256,
            "signed_attrs": signer["signed_attrs"],
            "signature_algorithm": signer["signature_algorithm"],
            "signature": signer["signature"].native,
        }
    )
    data = cms.SignedData(
        {
            "version": "v1",
            "digest_algorithms": [sha256],
            "encap_content_info": {"content_type": "data"},
            "certificates": found["certificates"],
            "signer_infos": [packed],
        }
    )
    return bytes(cms.ContentInfo({"content_type": "signed_data", "content": data}).dump())


def _covers_all(signature: "EmbeddedPdfSignature") -> bool:
    from pyhanko.sign.validation.status import SignatureCoverageLevel  # noqa: PLC0415 - slow to load

    return signature.evaluate_signature_coverage() is SignatureCoverageLevel.ENTIRE_FILE
