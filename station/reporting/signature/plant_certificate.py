"""The certificate of the plant with its key, which signs the reports: a PKCS#12 file and its passphrase."""

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, pkcs12

from station.domain.disk import reason_of
from station.domain.errors import BadInputError
from station.settings import ReportSettings

if TYPE_CHECKING:
    from pyhanko.sign.signers import SimpleSigner

PASSPHRASE_VARIABLE = "LINESIDE_CERTIFICATE_PASSPHRASE"
_OTHERS = 0o077
_REMEDY = (
    f"Write it into the file that 'report.passphrase_file' names, or into the environment variable "
    f"{PASSPHRASE_VARIABLE}."
)
_RENEW = "Ask who issues the certificates of the plant for a new one, and name it in 'report.certificate'."


class CertificateError(BadInputError):
    """The certificate of the plant cannot sign; nothing was written."""

    for_operator = "The report cannot be signed. Call the supervisor."


@dataclass(frozen=True, slots=True)
class PlantCertificate:
    """A certificate that can sign now.

    Attributes:
        name: Whose it is.
        issuer: Who issued it.
        valid_until: UTC.
        chain: Itself and the certificates above it that came with it, DER.
    """

    name: str
    issuer: str
    valid_until: datetime
    chain: tuple[bytes, ...]
    _content: bytes
    _passphrase: bytes | None

    def __repr__(self) -> str:
        return f"PlantCertificate({self.name!r})"

    def signer(self) -> "SimpleSigner":
        """Return what signs with its key."""
        # load_pkcs12 would return None for a wrong passphrase and for a missing file.
        from pyhanko.sign.signers import SimpleSigner  # noqa: PLC0415 - slow to load

        signer: SimpleSigner = SimpleSigner.load_pkcs12_data(self._content, (), self._passphrase)
        return signer


def find_certificate(
    settings: ReportSettings, folder: Path, now: datetime, environment: Mapping[str, str] = os.environ
) -> PlantCertificate | None:
    """Return the certificate that signs reports; None if the settings name none.

    Args:
        settings: Where it and its passphrase are.
        folder: The workspace: names of files without a folder are found here.
        now: UTC.
        environment: Where the passphrase may be.

    Raises:
        CertificateError: It is missing, its passphrase is wrong or others may read it, it has expired, or it must not
            sign.
    """
    if not settings.certificate:
        return None
    path = folder / settings.certificate
    content = _read(path, "certificate", "Copy it there, or change 'report.certificate' in the settings.")
    passphrase = _passphrase(settings, folder, environment)
    try:
        key, certificate, others = pkcs12.load_key_and_certificates(content, passphrase)
    except ValueError as error:
        if passphrase is None:
            raise CertificateError(f"The certificate {path} needs a passphrase, and none is given.", _REMEDY) from error
        raise CertificateError(
            f"The passphrase does not open the certificate {path}, or the file is damaged.", _REMEDY
        ) from error
    if key is None or certificate is None:
        raise CertificateError(
            f"The certificate {path} has no private key, so it cannot sign.",
            "Export it once more as PKCS#12 (.p12, .pfx) together with its key.",
        )
    _require_valid(path, certificate, now)
    return PlantCertificate(
        name_of(certificate.subject),
        name_of(certificate.issuer),
        certificate.not_valid_after_utc,
        tuple(each.public_bytes(Encoding.DER) for each in (certificate, *others)),
        content,
        passphrase,
    )


def name_of(name: x509.Name) -> str:
    """Return whom a certificate names: "Northfield Quality, Northfield Ltd"."""
    wanted = (x509.NameOID.COMMON_NAME, x509.NameOID.ORGANIZATION_NAME)
    found = [str(attribute.value) for oid in wanted for attribute in name.get_attributes_for_oid(oid)]
    return ", ".join(dict.fromkeys(found)) or name.rfc4514_string()


def _require_valid(path: Path, certificate: x509.Certificate, now: datetime) -> None:
    if now > certificate.not_valid_after_utc:
        raise CertificateError(
            f"The certificate {path} expired on {certificate.not_valid_after_utc:%Y-%m-%d}, so it cannot sign.", _RENEW
        )
    if now < certificate.not_valid_before_utc:
        raise CertificateError(
            f"The certificate {path} is valid from {certificate.not_valid_before_utc:%Y-%m-%d %H:%M} UTC only.",
            "Check the clock of this computer.",
        )
    try:
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return
    if not (usage.digital_signature or usage.content_commitment):
        raise CertificateError(f"The certificate {path} is not meant for signatures (key usage).", _RENEW)


def _passphrase(settings: ReportSettings, folder: Path, environment: Mapping[str, str]) -> bytes | None:
    if settings.passphrase_file:
        path = folder / settings.passphrase_file
        content = _read(path, "passphrase", _REMEDY)
        _require_private(path)
        return content.removesuffix(b"\n").removesuffix(b"\r")
    given = environment.get(PASSPHRASE_VARIABLE)
    return given.encode() if given else None


def _require_private(path: Path) -> None:
    if sys.platform != "win32" and path.stat().st_mode & _OTHERS:
        raise CertificateError(
            f"The passphrase in {path} may be read by other users.", f"Restrict it to its owner: chmod 600 {path}"
        )


def _read(path: Path, what: str, remedy: str) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise CertificateError(f"The {what} {path} cannot be read: {reason_of(error)}.", remedy) from error
