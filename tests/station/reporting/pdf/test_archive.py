"""Every report is PDF/A-2b and tagged: held against the rules of the standard."""

import io
import re
import subprocess
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import cv2
import numpy as np
import pikepdf
import pytest
import segno
from pdfa_rules import broken_rules, elements
from pikepdf import Array, Dictionary, Name, Pdf, String

from station.domain.audit import AuditEntry
from station.domain.shift_account import ShiftAccount
from station.reporting.csv_export import content_sha256
from station.reporting.pdf.shift_report import write_pdf
from station.reporting.statistics import summarise

AT = datetime(2026, 11, 22, 13, 5, tzinfo=UTC)


@pytest.fixture(scope="module")
def print_shift(recorded, station, tmp_path_factory) -> Callable[[datetime], bytes]:
    path = tmp_path_factory.mktemp("printed") / "shift.pdf"
    records = recorded.records

    def make(at: datetime = AT) -> bytes:
        write_pdf(records, summarise(records), station, recorded.pictures.folder, path, at)
        return path.read_bytes()

    return make


@pytest.fixture(scope="module")
def shift(print_shift) -> bytes:
    return print_shift()


def test_that_the_shift_report_keeps_the_rules_of_pdf_a(shift) -> None:
    assert broken_rules(shift) == []


def _without(*keys: str) -> Callable[[Pdf], None]:
    def damage(pdf: Pdf) -> None:
        owner = pdf.Root
        for key in keys[:-1]:
            owner = owner[key]
        del owner[keys[-1]]

    return damage


def _unembedded(pdf: Pdf) -> None:
    font = next(iter(pdf.pages[0].Resources.Font.values()))
    for each in pdf.pages[0].Resources.Font.values():
        font = each if "/FontDescriptor" in each else font
        if "/FontDescriptor" in font:
            del font.FontDescriptor["/FontFile2"]


def _prepended(words: bytes) -> Callable[[Pdf], None]:
    def damage(pdf: Pdf) -> None:
        pdf.pages[0].contents_add(words, prepend=True)

    return damage


def _title(pdf: Pdf) -> None:
    pdf.docinfo.Title = String("another")


def _picture(key: str, value: object) -> Callable[[Pdf], None]:
    def damage(pdf: Pdf) -> None:
        next(each for each in pdf.objects if isinstance(each, pikepdf.Stream) and each.get("/Subtype") == Name.Image)[
            key
        ] = value

    return damage


def _element(tag: str, key: str) -> Callable[[Pdf], None]:
    def damage(pdf: Pdf) -> None:
        del next(each for each in elements(pdf) if str(each.S) == tag)[key]

    return damage


def _annotated(pdf: Pdf) -> None:
    pdf.pages[0].Annots = Array([Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([0, 0, 9, 9]))])


def _script(pdf: Pdf) -> None:
    pdf.Root.OpenAction = Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))


def _width(pdf: Pdf) -> None:
    for font in pdf.pages[0].Resources.Font.values():
        if "/Widths" in font:
            font.Widths = Array([int(width) + 40 for width in font.Widths])


@pytest.mark.slow
@pytest.mark.parametrize(
    ("damage", "rule"),
    [
        (_without("/OutputIntents"), "6.2.3"),
        (_without("/StructTreeRoot"), "tagged"),
        (_without("/Lang"), "tagged"),
        (_unembedded, "6.2.11.4.1"),
        (_width, "6.2.11.5"),
        (_title, "6.6.3"),
        (_prepended(b"0 0 9 9 re f"), "tagged"),
        (_prepended(b"/Artifact BMC 0 0 0 1 k EMC"), "6.2.2"),
        (_prepended(b"q"), "6.1.13"),
        (_picture("/Interpolate", True), "6.2.8"),
        (_picture("/ColorSpace", Name.DeviceCMYK), "6.2.4.3"),
        (_element("/Figure", "/Alt"), "tagged"),
        (_element("/TH", "/A"), "tagged"),
        (_element("/P", "/K"), "tagged"),
        (_annotated, "6.3.2"),
        (_script, "6.5"),
    ],
)
def test_that_a_file_that_breaks_a_rule_is_found(shift, damage, rule) -> None:
    damaged = io.BytesIO()
    with pikepdf.open(io.BytesIO(shift)) as pdf:
        damage(pdf)
        pdf.save(damaged, deterministic_id=True, fix_metadata_version=False)
    assert any(sentence.startswith(rule) for sentence in broken_rules(damaged.getvalue()))


@pytest.mark.slow
def test_that_the_same_shift_printed_twice_has_the_same_bytes(print_shift, shift) -> None:
    assert print_shift() == shift
    assert print_shift(AT.astimezone(timezone(timedelta(hours=5)))) != shift  # the foot has the same time, its date not
    later = print_shift(AT + timedelta(days=9))
    assert later != shift
    assert _sha256(later) == _sha256(shift)


def _sha256(content: bytes) -> str:
    with pikepdf.open(io.BytesIO(content)) as pdf:
        found = re.search("[0-9a-f]{64}", str(pdf.docinfo.Subject))
    assert found
    return found[0]


def test_that_the_structure_follows_the_page(shift) -> None:
    with pikepdf.open(io.BytesIO(shift)) as pdf:
        tags = [str(each.S) for each in elements(pdf)]
        assert tags[:4] == ["/Document", "/P", "/H1", "/P"]
        assert tags.count("/H1") == 1
        assert tags.count("/H2") >= 6
        assert tags.count("/Figure") == 2 + 15  # the code, the chart, the rejects
        tables = [each for each in elements(pdf) if Name.Table == each.S]
        assert all(each.K[0].K[0].S == Name.TH for each in tables)
        scopes = {str(cell.A.Scope) for each in tables for row in each.K for cell in row.K if cell.S == Name.TH}
        assert scopes == {"/Column", "/Row"}


def test_that_a_table_over_two_pages_stays_one_with_one_head(made_up, station, tmp_path) -> None:
    records = made_up(())
    entry = AuditEntry(1, AT, "Ada", "S", "limits changed", "tile@1", "0.4", "0.5", "why", "", "")
    changes = [replace(entry, number=number, subject=f"tile@{number}") for number in range(60)]
    write_pdf(
        records, summarise(records), station, tmp_path, tmp_path / "a.pdf", AT, ShiftAccount(changes=tuple(changes))
    )
    assert broken_rules((tmp_path / "a.pdf").read_bytes()) == []
    with pikepdf.open(tmp_path / "a.pdf") as pdf:
        (table,) = (each for each in elements(pdf) if Name.Table == each.S and len(each.K) > 50)
        assert len(pdf.pages) > 2
        assert [row.K[0].S for row in table.K].count(Name.TH) == 1
        assert len(table.K) == 1 + 60


@pytest.mark.slow
def test_that_the_code_on_the_first_page_is_read_as_the_content_hash(recorded, shift, tmp_path) -> None:
    (tmp_path / "shift.pdf").write_bytes(shift)
    subprocess.run(
        ["pdftoppm", "-r", "150", "-f", "1", "-l", "1", "-png", "shift.pdf", "page"], cwd=tmp_path, check=True
    )
    page = cv2.imread(str(next(tmp_path.glob("page*.png"))))
    assert cv2.QRCodeDetector().detectAndDecode(page)[0] == content_sha256(recorded.records) == _sha256(shift)


@pytest.mark.parametrize("text", ["12345", "LOT-1"])
def test_that_a_short_text_becomes_a_code_that_every_reader_knows(text) -> None:
    """segno makes a Micro QR code of it where it is not forbidden; OpenCV reads nothing in one."""

    def read(micro: bool | None) -> str:
        modules = np.array([list(row) for row in segno.make(text, error="m", micro=micro).matrix])
        drawn = np.kron(np.pad(1 - modules, 4, constant_values=1), np.full((6, 6), 255)).astype(np.uint8)
        return cv2.QRCodeDetector().detectAndDecode(drawn)[0]

    assert read(micro=False) == text
    assert read(micro=None) == ""
