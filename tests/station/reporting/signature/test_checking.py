"""A signed report is checked by pyHanko's own validator, keeps PDF/A, and loses not one byte unseen."""

import io
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from asn1crypto.x509 import Certificate
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from pdfa_rules import broken_rules
from plant_certificates import NOW, PASSPHRASE, Issuer
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers import PdfSignatureMetadata, SimpleSigner, sign_pdf
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext
from pypdf import PdfReader

from station.domain.clock import utc_now
from station.domain.errors import BadInputError
from station.reporting.pdf.shift_report import write_pdf
from station.reporting.signature.checking import (
    SignatureCheck,
    UnreadableReportError,
    certificates_in,
    check_signatures,
)
from station.reporting.signature.plant_certificate import PASSPHRASE_VARIABLE, PlantCertificate, find_certificate
from station.reporting.statistics import summarise
from station.settings import ReportSettings

GIVEN = {PASSPHRASE_VARIABLE: PASSPHRASE.decode()}


@pytest.fixture(scope="module")
def issuer() -> Issuer:
    return Issuer.make()


@pytest.fixture(scope="module")
def plant(issuer: Issuer, tmp_path_factory) -> PlantCertificate:
    folder = tmp_path_factory.mktemp("plant")
    (folder / "plant.p12").write_bytes(issuer.issue(since=utc_now() - timedelta(days=1)))
    found = find_certificate(ReportSettings(certificate="plant.p12"), folder, utc_now(), GIVEN)
    assert found
    return found


@pytest.fixture(scope="module")
def report(made_up, station, plant, tmp_path_factory) -> bytes:
    path = tmp_path_factory.mktemp("signed") / "shift.pdf"
    records = made_up(())
    write_pdf(records, summarise(records), station, path.parent, path, NOW, certificate=plant)
    return path.read_bytes()


def _wrong(checks: tuple[SignatureCheck, ...]) -> list[str]:
    return [problem for check in checks for problem in check.problems]


def test_that_a_signed_report_is_believed_and_keeps_pdf_a(report: bytes, issuer: Issuer) -> None:
    (check,) = check_signatures(report, [issuer.der])
    assert check.problems == ()
    assert check.signer == "Northfield Quality, Northfield Ltd"
    assert check.signed_at
    assert abs(check.signed_at - utc_now()) < timedelta(minutes=10)
    assert broken_rules(report) == []


def test_that_the_validator_of_pyhanko_finds_a_pades_baseline_signature(report: bytes, issuer: Issuer) -> None:
    (signature,) = PdfFileReader(io.BytesIO(report)).embedded_regular_signatures
    context = ValidationContext(trust_roots=[Certificate.load(issuer.der)], allow_fetching=False)
    usage = KeyUsageConstraints(key_usage={"digital_signature"})
    status = validate_pdf_signature(signature, context, key_usage_settings=usage)
    assert status.bottom_line
    assert status.coverage is SignatureCoverageLevel.ENTIRE_FILE
    assert signature.sig_object["/SubFilter"] == SigSeedSubFilter.PADES.value
    assert signature.docmdp_level is MDPPerm.FILL_FORMS


def test_that_the_paper_says_who_signed_it(report: bytes) -> None:
    text = " ".join(PdfReader(io.BytesIO(report)).pages[0].extract_text().split())
    assert "Digitally signed by Northfield Quality, Northfield Ltd; certificate issued by Northfield Root" in text


def _counter_signed(report: bytes, signer: SimpleSigner) -> bytes:
    result = io.BytesIO()
    meta = PdfSignatureMetadata(field_name="Quality", subfilter=SigSeedSubFilter.PADES)
    sign_pdf(IncrementalPdfFileWriter(io.BytesIO(report)), meta, signer, output=result)
    return result.getvalue()


@pytest.fixture(scope="module")
def quality(issuer: Issuer) -> SimpleSigner:
    content = issuer.issue("Anna Schmidt", since=utc_now() - timedelta(days=1))
    return SimpleSigner.load_pkcs12_data(content, (), PASSPHRASE)


def test_that_a_person_from_quality_signs_beside_the_plant(report, issuer, quality) -> None:
    both = check_signatures(_counter_signed(report, quality), [issuer.der])
    assert [check.signer.split(",")[0] for check in both] == ["Northfield Quality", "Anna Schmidt"]
    assert _wrong(both) == []


def test_that_a_report_certified_against_changes_could_not_be_signed_beside_the_plant(
    made_up, station, plant, quality, tmp_path: Path
) -> None:
    records, result = made_up(()), io.BytesIO()
    write_pdf(records, summarise(records), station, tmp_path, tmp_path / "a.pdf", NOW)
    meta = PdfSignatureMetadata(field_name="P", certify=True, docmdp_permissions=MDPPerm.NO_CHANGES)
    sign_pdf(
        IncrementalPdfFileWriter(io.BytesIO((tmp_path / "a.pdf").read_bytes())), meta, plant.signer(), output=result
    )
    with pytest.raises(SigningError, match="forbids all changes"):
        _counter_signed(result.getvalue(), quality)


@pytest.mark.slow
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7))
@example(place=0.0, bit=0)
def test_that_one_changed_bit_is_refused(report: bytes, issuer: Issuer, place: float, bit: int) -> None:
    changed = bytearray(report)
    changed[int(place * len(report))] ^= 1 << bit
    _assert_refused(bytes(changed), issuer)


@pytest.mark.slow
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_that_one_changed_digit_of_the_signature_itself_is_refused(report: bytes, issuer: Issuer, data) -> None:
    """No signature covers the bytes in which it lies: its version, its padding, a certificate that came with it."""
    (signature,) = PdfFileReader(io.BytesIO(report)).embedded_regular_signatures
    _, first, second, _ = map(int, signature.byte_range)
    changed, at = bytearray(report), data.draw(st.integers(first, second - 1))
    changed[at] = data.draw(st.sampled_from(sorted(set(b"0123456789abcdefABCDEF <>") - {changed[at]})))
    _assert_refused(bytes(changed), issuer)


def _assert_refused(content: bytes, issuer: Issuer) -> None:
    try:
        checks = check_signatures(content, [issuer.der])
    except UnreadableReportError:
        return
    assert not checks or _wrong(checks)


@pytest.mark.parametrize("more", [b"x", b"\n%%EOF\n"])
def test_that_something_added_is_refused(report: bytes, issuer: Issuer, more: bytes) -> None:
    _assert_refused(report + more, issuer)


def _anothers_report(issue: Callable[[], bytes], plain: Path) -> bytes:
    result = io.BytesIO()
    signer = SimpleSigner.load_pkcs12_data(issue(), (), PASSPHRASE)
    meta = PdfSignatureMetadata(field_name="PlantSignature")
    sign_pdf(IncrementalPdfFileWriter(io.BytesIO(plain.read_bytes())), meta, signer, output=result)
    return result.getvalue()


def test_that_the_signature_of_another_and_of_an_expired_certificate_is_not_believed(
    made_up, station, issuer, tmp_path: Path
) -> None:
    records, plain = made_up(()), tmp_path / "a.pdf"
    write_pdf(records, summarise(records), station, tmp_path, plain, NOW)
    long_ago = utc_now() - timedelta(days=100)
    foreign = _anothers_report(lambda: Issuer.make().issue(since=utc_now() - timedelta(days=1)), plain)
    expired = _anothers_report(lambda: issuer.issue(since=long_ago, life=timedelta(days=9)), plain)
    assert "not one that is trusted here" in _wrong(check_signatures(foreign, [issuer.der]))[0]
    assert _wrong(check_signatures(expired, [issuer.der])) == [
        "The certificate was not valid when the report was signed."
    ]


def test_that_certificates_are_read_as_pem_and_der_and_nothing_else(issuer: Issuer) -> None:
    assert certificates_in(issuer.pem + issuer.pem, "a.pem") == (issuer.der, issuer.der)
    assert certificates_in(issuer.der, "a.cer") == (issuer.der,)
    for content in (b"", b"hello", b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"):
        with pytest.raises(BadInputError, match="has no certificate"):
            certificates_in(content, "a.pem")
