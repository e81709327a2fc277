"""A signed report from the station to `linesidectl verify`."""

import json
import sqlite3
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from pdfa_rules import broken_rules
from plant_certificates import PASSPHRASE, Issuer
from waiting import until

from station.app import Station
from station.cli.program import run
from station.commands.report_proof import window_of
from station.domain.clock import utc_now
from station.domain.feedback import Disposition, OperatorFeedback
from station.domain.shift import ShiftWindow
from station.domain.verdict import Verdict
from station.reporting.signature.plant_certificate import PASSPHRASE_VARIABLE

Ask = Callable[..., tuple[int, list[str], str]]


@pytest.fixture
def issuer(station: Station, monkeypatch: pytest.MonkeyPatch) -> Issuer:
    """The settings name a certificate of this issuer, and six parts were inspected."""
    station.line.load_recipe("plate")
    station.line.start(count=6)
    assert station.line.wait_stopped(30)
    issuer, root = Issuer.make(), station.workspace.root
    (root / "plant.p12").write_bytes(issuer.issue(since=utc_now() - timedelta(days=1)))
    (root / "station.toml").write_text('[report]\ncertificate = "plant.p12"\n')
    monkeypatch.setenv(PASSPHRASE_VARIABLE, PASSPHRASE.decode())
    return issuer


@pytest.fixture
def ask(station: Station, capsys: pytest.CaptureFixture[str]) -> Ask:
    """Run `linesidectl`; return its exit code, the sentences of its findings, and what it says to people."""

    def asked(*words: str, workspace: Path = station.workspace.root) -> tuple[int, list[str], str]:
        capsys.readouterr()
        code = run(["--workspace", str(workspace), *words, "--json", "-"])
        said = capsys.readouterr()
        lines = [json.loads(line) for line in said.out.splitlines()]
        return code, [line["sentence"] for line in lines if "where" in line], said.err

    return asked


def _shift(station: Station) -> str:
    (window,) = station.records.shifts()
    return f"{window.day}/{window.name}"


def test_that_a_signed_report_is_verified_and_one_changed_byte_refused(
    station: Station, issuer: Issuer, ask: Ask, tmp_path: Path
) -> None:
    report, trust = tmp_path / "shift.pdf", tmp_path / "root.pem"
    trust.write_bytes(issuer.pem)
    assert ask("report", "--shift", _shift(station), "--pdf", str(report))[0] == 0
    assert broken_rules(report.read_bytes()) == []

    code, (by, content), _ = ask("verify", str(report))
    assert code == 0
    assert by.startswith("Signed by Northfield Quality, Northfield Ltd (issued by Northfield Root")
    assert content.endswith("is that of the records.")

    code, (_, content), _ = ask("verify", str(report), "--trust", str(trust), workspace=tmp_path / "elsewhere")
    assert (code, content) == (0, "There are no records here to compare its content hash with.")
    trust.write_bytes(Issuer.make().pem)
    code, (_, wrong, _), _ = ask("verify", str(report), "--trust", str(trust))
    assert code == 1
    assert "not one that is trusted here" in wrong

    changed = bytearray(report.read_bytes())
    changed[len(changed) // 2] ^= 1
    report.write_bytes(changed)
    code, said, _ = ask("verify", str(report))
    assert code == 1
    assert any("changed after it was signed" in sentence or "damaged" in sentence for sentence in said)


def test_that_what_people_said_later_does_not_make_an_old_report_false(
    station: Station, issuer: Issuer, ask: Ask, tmp_path: Path
) -> None:
    report = tmp_path / "shift.pdf"
    assert ask("report", "--shift", _shift(station), "--pdf", str(report))[0] == 0
    later = utc_now() + timedelta(seconds=5)
    feedback = station._core.feedback
    first = station.records.recent()[-1]
    feedback.add(OperatorFeedback(first.key, Disposition.GOOD_PART, "dust", "Ada", later))
    assert ask("verify", str(report))[0] == 0
    feedback.add(OperatorFeedback(first.key, Disposition.GOOD_PART, "dust", "Ada", later - timedelta(hours=1)))
    code, said, _ = ask("verify", str(report))
    assert code == 1
    assert "is not that of the records here" in said[-1]


def test_that_a_report_of_a_line_that_runs_is_still_proven_when_it_went_on(
    station: Station, issuer: Issuer, ask: Ask, tmp_path: Path
) -> None:
    report = tmp_path / "interim.pdf"
    station.line.start(count=30)
    until(lambda: station.line.counts().triggers >= 3)
    assert ask("report", "--shift", _shift(station), "--pdf", str(report))[0] == 0
    assert station.line.wait_stopped(30)
    assert ask("verify", str(report))[0] == 0
    with sqlite3.connect(station.workspace.database) as plain:
        plain.execute("UPDATE part SET serial = 'X' WHERE run_id = 1 AND number = 2")
    plain.close()
    assert ask("verify", str(report))[0] == 1


def test_that_pictures_that_somebody_wanted_later_do_not_make_an_old_report_false(
    station: Station, issuer: Issuer, ask: Ask, tmp_path: Path
) -> None:
    report, (window,) = tmp_path / "shift.pdf", station.records.shifts()
    station.line.start(count=30)
    assert station.line.wait_stopped(30)
    assert ask("report", "--shift", _shift(station), "--pdf", str(report))[0] == 0
    before = _originals(station, window)
    station.holds.hold([part.key for part in station.records.recent()], "to be looked at", "Ada")
    until(lambda: len(_originals(station, window)) > len(before))
    assert ask("verify", str(report))[0] == 0
    with sqlite3.connect(station.workspace.database) as plain:
        plain.execute("UPDATE picture SET sha256 = ? WHERE path = ?", ("a" * 64, before[0]))
    plain.close()
    assert ask("verify", str(report))[0] == 1


def test_that_a_report_whose_records_were_all_removed_is_not_taken_for_one_of_another_station(
    station: Station, issuer: Issuer, ask: Ask, tmp_path: Path
) -> None:
    report, trust = tmp_path / "shift.pdf", tmp_path / "root.pem"
    trust.write_bytes(issuer.pem)
    assert ask("report", "--shift", _shift(station), "--pdf", str(report))[0] == 0
    with Station.open(tmp_path / "other"):
        pass
    code, (_, content), _ = ask("verify", str(report), "--trust", str(trust), workspace=tmp_path / "other")
    assert (code, content) == (0, "This station has no records of that shift to compare its content hash with.")
    with sqlite3.connect(station.workspace.database) as plain:
        for (trigger,) in plain.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            plain.execute(f"DROP TRIGGER {trigger}")
        plain.execute("UPDATE part SET triggered_at = triggered_at - 864000000000")
    plain.close()
    code, (_, content), _ = ask("verify", str(report))
    assert (code, "is not that of the records here" in content) == (1, True)


def _originals(station: Station, window: ShiftWindow) -> list[str]:
    """The whole pictures of parts that passed."""
    parts = [part for part in station.records.shift(window)[0].parts if part.inspection.verdict is Verdict.PASS]
    return [part.deciding.original.path for part in parts if part.deciding.original]


def test_that_a_certificate_that_cannot_sign_never_leaves_an_unsigned_report(
    station: Station, issuer: Issuer, ask: Ask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(PASSPHRASE_VARIABLE, "wrong")
    report = tmp_path / "shift.pdf"
    code, _, said = ask("report", "--shift", _shift(station), "--pdf", str(report))
    assert code == 2
    assert "The passphrase does not open the certificate" in said
    assert PASSPHRASE_VARIABLE in said
    assert not report.exists()


def test_that_an_unsigned_report_and_another_file_are_named(station: Station, ask: Ask, tmp_path: Path) -> None:
    (window,) = station.records.shifts()
    report, trust = tmp_path / "shift.pdf", tmp_path / "root.pem"
    trust.write_bytes(Issuer.make().pem)
    station.records.write_pdf(window, report)
    code, (unsigned, content), _ = ask("verify", str(report), "--trust", str(trust))
    assert (code, unsigned) == (1, "It is not signed, so nothing shows whether it was changed.")
    assert content.endswith("is that of the records.")
    (tmp_path / "a.pdf").write_bytes(b"hello")
    assert ask("verify", str(tmp_path / "a.pdf"), "--trust", str(trust))[0] == 1
    code, _, said = ask("verify", str(tmp_path / "gone.pdf"), "--trust", str(trust))
    assert (code, "gone.pdf cannot be read" in said) == (2, True)
    code, _, said = ask("verify", str(report))
    assert (code, "--trust FILE" in said) == (2, True)


@pytest.mark.parametrize("keywords", ["", "{}", "[]", "null", '{"shift": 1}', "../../x"])
def test_that_keywords_of_another_program_name_no_shift(keywords: str) -> None:
    assert window_of(keywords) is None
