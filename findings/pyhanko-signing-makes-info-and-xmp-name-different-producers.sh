#!/usr/bin/env bash
# pyHanko 0.38.0: a PDF whose document properties and XMP agree is signed. The signature adds "; pyHanko 0.38.0" to the
# producer in the properties, but replaces the producer in the XMP by "pyHanko 0.38.0" alone: afterwards both differ.
# Expected: the same producer in both, as ISO 19005-1 (6.7.3) demands of a PDF/A and as it was before. A file without a
# producer keeps both alike.
# Exits 0 while pyHanko behaves so, 1 if that has changed.
set -euo pipefail
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
python3 -m venv "$place/venv"
"$place/venv/bin/pip" install -q pyHanko==0.38.0 pyhanko-certvalidator==0.33.0 pikepdf==10.18.0 cryptography==50.0.2
cd "$place"
"$place/venv/bin/python" - <<'PY'
import datetime
import io
import sys

import pikepdf
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import NoEncryption, pkcs12
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.signers import PdfSignatureMetadata, SimpleSigner, sign_pdf

key = ec.generate_private_key(ec.SECP256R1())
name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "plant")])
now = datetime.datetime.now(datetime.timezone.utc)
certificate = (
    x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(7)
    .not_valid_before(now).not_valid_after(now + datetime.timedelta(days=9)).sign(key, hashes.SHA256())
)
signer = SimpleSigner.load_pkcs12_data(
    pkcs12.serialize_key_and_certificates(b"plant", key, certificate, None, NoEncryption()), (), None
)


def producers(producer):
    """Return the producer in the properties and in the XMP, of a file with this one, after it was signed."""
    plain, signed = io.BytesIO(), io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.docinfo.Title = "report"
        if producer:
            pdf.docinfo.Producer = producer
        with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as metadata:
            metadata["dc:title"] = "report"
            if producer:
                metadata["pdf:Producer"] = producer
        pdf.save(plain, fix_metadata_version=False)
    plain.seek(0)
    sign_pdf(IncrementalPdfFileWriter(plain), PdfSignatureMetadata(field_name="S"), signer, output=signed)
    signed.seek(0)
    with pikepdf.open(signed) as pdf, pdf.open_metadata() as metadata:
        return str(pdf.docinfo.Producer), metadata["pdf:Producer"]


with_one, without = producers("maker 1"), producers("")
print("a file with a producer:   ", *with_one, sep="  |  ")
print("a file without a producer:", *without, sep="  |  ")
sys.exit(0 if with_one[0] != with_one[1] and without[0] == without[1] else 1)
PY
