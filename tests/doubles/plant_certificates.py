"""Certificates of a plant, made for a test: an issuer, and what it issued as PKCS#12."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, pkcs12

PASSPHRASE = b"correct horse"
NOW = datetime(2026, 11, 22, 13, 5, tzinfo=UTC)


def _name(common: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(x509.NameOID.ORGANIZATION_NAME, "Northfield Ltd"),
            x509.NameAttribute(x509.NameOID.COMMON_NAME, common),
        ]
    )


@dataclass(frozen=True)
class Issuer:
    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(Encoding.DER)

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(Encoding.PEM)

    @classmethod
    def make(cls, common: str = "Northfield Root") -> "Issuer":
        key = ec.generate_private_key(ec.SECP256R1())
        certificate = (
            _builder(common, common, key.public_key(), timedelta(days=3650))
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(_usage(key_cert_sign=True), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .sign(key, hashes.SHA256())
        )
        return cls(certificate, key)

    def issue(
        self,
        common: str = "Northfield Quality",
        *,
        life: timedelta = timedelta(days=365),
        since: datetime = NOW - timedelta(days=1),
        with_key: bool = True,
        signs: bool = True,
    ) -> bytes:
        """A new certificate with its key and the issuer's, as PKCS#12."""
        key = ec.generate_private_key(ec.SECP256R1())
        certificate = (
            _builder(common, "Northfield Root", key.public_key(), life, since)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_usage(digital_signature=signs, key_encipherment=not signs), critical=True)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key()), critical=False)
            .sign(self.key, hashes.SHA256())
        )
        return pkcs12.serialize_key_and_certificates(
            b"plant",
            key if with_key else None,
            certificate if with_key else None,
            [self.certificate],
            BestAvailableEncryption(PASSPHRASE),
        )


def _builder(
    common: str, issuer: str, key: ec.EllipticCurvePublicKey, life: timedelta, since: datetime = NOW - timedelta(days=1)
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(_name(common))
        .issuer_name(_name(issuer))
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(since)
        .not_valid_after(since + life)
    )


def _usage(**named: bool) -> x509.KeyUsage:
    every = dict.fromkeys(
        (
            "digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
            "key_cert_sign", "crl_sign", "encipher_only", "decipher_only",
        ),
        False,
    )  # fmt: skip
    return x509.KeyUsage(**{**every, **named})
