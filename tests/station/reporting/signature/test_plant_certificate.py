"""The certificate of the plant: found, opened and refused with a sentence that says what to do."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from plant_certificates import NOW, PASSPHRASE, Issuer
from pyhanko.sign.signers import SimpleSigner

from station.reporting.signature.plant_certificate import PASSPHRASE_VARIABLE, CertificateError, find_certificate
from station.settings import ReportSettings

GIVEN = {PASSPHRASE_VARIABLE: PASSPHRASE.decode()}


@pytest.fixture
def found(tmp_path: Path) -> Callable[..., object]:
    """What is found of a certificate that was issued like this."""

    def make(environment=GIVEN, passphrase_file: str = "", now=NOW, **options: object):
        (tmp_path / "plant.p12").write_bytes(Issuer.make().issue(**options))
        settings = ReportSettings(certificate="plant.p12", passphrase_file=passphrase_file)
        return find_certificate(settings, tmp_path, now, environment)

    return make


def test_that_a_certificate_is_found_with_its_names_and_never_shows_its_passphrase(found) -> None:
    certificate = found()
    assert (certificate.name, certificate.issuer) == (
        "Northfield Quality, Northfield Ltd",
        "Northfield Root, Northfield Ltd",
    )
    assert len(certificate.chain) == 2
    assert PASSPHRASE.decode() not in repr(certificate)


def test_that_without_a_setting_there_is_no_certificate(tmp_path: Path) -> None:
    assert find_certificate(ReportSettings(), tmp_path, NOW, GIVEN) is None


@pytest.mark.parametrize(
    ("options", "said", "remedy"),
    [
        ({"environment": {PASSPHRASE_VARIABLE: "wrong"}}, "does not open", PASSPHRASE_VARIABLE),
        ({"environment": {}}, "needs a passphrase, and none is given", PASSPHRASE_VARIABLE),
        ({"now": NOW + timedelta(days=400)}, "expired on 2027-11-21", "a new one"),
        ({"now": NOW - timedelta(days=2)}, "valid from 2026-11-21", "clock"),
        ({"with_key": False}, "no private key", "together with its key"),
        ({"signs": False}, "not meant for signatures", "a new one"),
        ({"passphrase_file": "missing"}, "missing cannot be read", "report.passphrase_file"),
    ],
)
def test_that_a_certificate_that_cannot_sign_is_refused_with_a_remedy(found, options, said: str, remedy: str) -> None:
    with pytest.raises(CertificateError) as refused:
        found(**options)
    assert said in refused.value.sentence
    assert remedy in refused.value.advice


def test_that_a_missing_certificate_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CertificateError, match=r"gone\.p12 cannot be read") as refused:
        find_certificate(ReportSettings(certificate="gone.p12"), tmp_path, NOW, GIVEN)
    assert "report.certificate" in refused.value.advice


@pytest.mark.parametrize("end", [b"", b"\n", b"\r\n"])
def test_that_a_passphrase_is_read_from_a_file_of_its_owner(found, tmp_path: Path, end: bytes) -> None:
    (tmp_path / "pass").write_bytes(PASSPHRASE + end)
    (tmp_path / "pass").chmod(0o600)
    assert found(environment={}, passphrase_file="pass").name.startswith("Northfield")


@pytest.mark.parametrize("rights", [0o640, 0o604, 0o620])
def test_that_a_passphrase_that_others_can_read_is_refused(found, tmp_path: Path, rights: int) -> None:
    (tmp_path / "pass").write_bytes(PASSPHRASE)
    (tmp_path / "pass").chmod(rights)
    with pytest.raises(CertificateError, match="may be read by other users") as refused:
        found(environment={}, passphrase_file="pass")
    assert "chmod 600" in refused.value.advice


def test_that_the_library_itself_gives_none_for_a_wrong_passphrase_and_for_a_missing_file(tmp_path: Path) -> None:
    """Which is why `load_pkcs12` is not called: a report would be printed without its signature."""
    (tmp_path / "plant.p12").write_bytes(Issuer.make().issue())
    assert SimpleSigner.load_pkcs12(str(tmp_path / "plant.p12"), passphrase=b"wrong") is None
    assert SimpleSigner.load_pkcs12(str(tmp_path / "gone.p12"), passphrase=PASSPHRASE) is None
