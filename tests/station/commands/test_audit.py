"""What the commands change, and what they refuse, is in the audit trail, once."""

import sqlite3
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from pypdf import PdfReader

from station.app import Station
from station.domain.alarm import AlarmKind
from station.domain.audit import AuditAction, AuditEntry, AuditFilter
from station.domain.clock import utc_now
from station.domain.errors import StorageError
from station.domain.feedback import Disposition
from station.domain.permissions import Role
from station.domain.recipe import TakesEffect
from station.people.audit_trail import AuditTrail
from station.people.clock_note import note_clock
from station.people.settings_watch import note_settings
from station.settings import Settings
from station.storage.people.audit_log import AuditLog

Change = Callable[[Station, Path], object]


@pytest.fixture
def acting(station: Station) -> Station:
    return station.acting_as(*Role, signature="Ada")


@pytest.fixture
def inspected(station: Station) -> Station:
    operator = station.acting_as(Role.OPERATOR, signature="Ada")
    operator.line.load_recipe("plate")
    operator.line.start(count=6)
    assert operator.line.wait_stopped(30)
    return station


def written(station: Station, before: int = 0) -> tuple[AuditEntry, ...]:
    """Return the entries behind this one, oldest first."""
    return tuple(entry for entry in station.audit.entries()[::-1] if entry.number > before)


CHANGES: dict[str, tuple[Change, tuple[str, str, str, str, str]]] = {
    "a limit": (
        lambda s, _: s.recipes.set_value("plate", 1, "limits.image_threshold", "0.7", "Bo", "less overkill"),
        (
            "limits changed",
            "plate@2",
            "plate@1: limits.image_threshold 0.5",
            "limits.image_threshold 0.7 (draft)",
            "Bo",
        ),
    ),
    "retire": (
        lambda s, _: s.recipes.retire("plate", 1, "Bo", "end of the order"),
        (
            "recipe retired",
            "plate@1",
            "released",
            "retired; retired by Bo, signed by nobody: no accounts",
            "Bo",
        ),  # fmt: skip,
    ),
    "release again": (
        lambda s, _: s.recipes.release_again("plate", 1, "Bo", "worse", TakesEffect.NOW),
        (
            "recipe rolled back",
            "plate@2",
            "plate@1",
            "plate@2, now; released by Bo, signed by nobody: no accounts",
            "Bo",
        ),
    ),
    "drift": (
        lambda s, _: s.drift.calibrate_again(),
        ("drift calibrated", "drift watch", "", "calibrated with the next parts that pass", "Ada"),
    ),
    "a product": (lambda s, _: s.line.load_recipe("plate"), ("recipe loaded", "line", "", "plate@1", "Ada")),
    "a kind of defect": (
        lambda s, _: s.datasets.add_kind("plate", "crack"),
        ("dataset changed", "plate: kinds of defects", "", "crack", "Ada"),
    ),
}


@pytest.mark.parametrize("name", CHANGES)
def test_that_a_change_has_one_entry_with_old_and_new(acting: Station, tmp_path: Path, name: str) -> None:
    change, expected = CHANGES[name]
    before = acting.audit.count()
    change(acting, tmp_path)
    (entry,) = written(acting, before)
    assert (entry.action, entry.subject, entry.old, entry.new, entry.person) == expected


def test_that_an_export_is_written_down_with_the_hash_of_the_file(acting: Station, tmp_path: Path) -> None:
    window = acting.records.shifts()[0]
    acting.exchange.own_signer()  # makes the key, which has an entry of its own
    before = acting.audit.count()
    acting.records.write_csv(window, tmp_path / "shift.csv")
    acting.exchange.export("plate", 1, tmp_path / "plate.zip")
    acting.audit.write_syslog(tmp_path / "audit.log")
    report, recipe, audit = written(acting, before)
    assert (report.action, recipe.action, audit.action) == ("report exported", "recipe exported", "audit exported")
    for entry, name in ((report, "shift.csv"), (recipe, "plate.zip"), (audit, "audit.log")):
        assert f"{tmp_path / name}, SHA-256 " in entry.new


def test_that_an_import_is_written_down_once(acting: Station, tmp_path: Path) -> None:
    acting.exchange.export("plate", 1, tmp_path / "plate.zip")
    before = acting.audit.count()
    acting.exchange.import_(tmp_path / "plate.zip")
    (entry,) = written(acting, before)
    assert (entry.action, entry.subject) == ("recipe imported", "plate@2")


def test_that_changed_settings_are_written_down_at_the_next_start_once(station: Station) -> None:
    root = station.workspace.root
    station.close()
    file = root / "station.toml"
    for text, expected in (
        ("[screen]\nfails_in_a_row_alarm = 4\n", ("", '{"screen.fails_in_a_row_alarm": 4}')),
        ("[screen]\nfails_in_a_row_alarm = 4\n", None),
        (
            "[screen]\nfails_in_a_row_alarm = 5\n",
            ('{"screen.fails_in_a_row_alarm": 4}', '{"screen.fails_in_a_row_alarm": 5}'),
        ),
        ("", ('{"screen.fails_in_a_row_alarm": 5}', '{"screen.fails_in_a_row_alarm": null}')),
        ("", None),
    ):
        file.write_text(text, "utf-8")
        with Station.open(root) as opened:
            found = opened.audit.entries(AuditFilter(action=AuditAction.SETTINGS_CHANGED))
        if expected:
            assert (found[0].old, found[0].new) == expected
    assert len(found) == 3


def test_that_a_secret_of_a_plug_in_is_not_written_down(station: Station) -> None:
    settings = Settings(plugins={"mqtt": {"host": "hall", "password": "tr0ub4dor"}})
    note_settings(station._core.audit, settings)
    (entry,) = station.audit.entries(limit=1)
    assert "tr0ub4dor" not in entry.new
    assert '"plugins.mqtt.host": "hall"' in entry.new


def test_that_a_broken_chain_is_an_alarm_at_the_start_and_is_written_down_once(station: Station) -> None:
    for _ in range(3):
        station.drift.calibrate_again()
    root, path = station.workspace.root, station.workspace.database
    station.close()
    with sqlite3.connect(path) as plain:
        plain.execute("DROP TRIGGER audit_log_never_changes")
        plain.execute("UPDATE audit_log SET new = 'nothing' WHERE number = 2")
    plain.close()
    for _ in range(2):
        with Station.open(root) as opened:
            (alarm,) = [each for each in opened.alarms.open if each.kind is AlarmKind.AUDIT_BROKEN]
            assert alarm.alarm.event == "Entry 2 was changed: it does not have its hash."
            noted = opened.audit.entries(AuditFilter(action=AuditAction.CHAIN_BROKEN))
            assert [(entry.subject, entry.new) for entry in noted] == [("audit entry 2", alarm.alarm.event)]
            where = [finding.where for finding in opened.audit.findings()]
            assert where == ["audit entry 2", f"audit entry {noted[0].number}"]


@pytest.mark.parametrize("change", [f"at = {2**62}", "new = '[1]'", "new = CAST(X'ff' AS TEXT)"])
def test_that_a_line_starts_whatever_somebody_wrote_into_the_audit_trail(station: Station, change: str) -> None:
    note_settings(station._core.audit, Settings(plugins={"mqtt": {"host": "hall"}}))
    station._core.audit.note(AuditAction.CLOCK_STEPPED, "clock", "then", "now")
    root, path = station.workspace.root, station.workspace.database
    (root / "station.toml").write_text("")
    station.close()
    with sqlite3.connect(path) as plain:
        plain.execute("DROP TRIGGER audit_log_never_changes")
        plain.execute(f"UPDATE audit_log SET {change} WHERE action IN ('settings changed', 'clock stepped')")
    plain.close()
    with Station.open(root) as opened, opened.audit.program("window"):
        assert [each for each in opened.alarms.open if each.kind is AlarmKind.AUDIT_BROKEN]
        note_clock(opened._core.audit, utc_now(), utc_now())
        opened.line.load_recipe("plate")


def test_that_an_entry_of_something_done_waits_for_a_disk_that_refuses_it(
    station: Station, monkeypatch: pytest.MonkeyPatch
) -> None:
    log: AuditLog = station._core.audit_log
    trail, before = AuditTrail(log), station.audit.count()
    with monkeypatch.context() as patch:
        patch.setattr(log, "writing", _refused)
        trail.note(AuditAction.REPORT_EXPORTED, "first")
        trail.signed_by(lambda: "Ada").note(AuditAction.REPORT_EXPORTED, "second")
        with pytest.raises(StorageError):
            trail.record(AuditAction.FAULT, "not written")
    assert station.audit.count() == before
    trail.record(AuditAction.FAULT, "third")
    assert [(entry.subject, entry.person) for entry in written(station, before)] == [
        ("first", ""),
        ("second", "Ada"),
        ("third", ""),
    ]


def test_that_a_clock_that_is_behind_is_written_down_once(station: Station) -> None:
    clock, before = station._core.line.clock, station.audit.count()
    newest = clock._now() + timedelta(hours=3)
    clock._newest = lambda: newest
    for _ in range(2):
        clock.check()
    clock.sentence = ""  # as in the next program
    clock.check()
    (entry,) = written(station, before)
    assert (entry.action, entry.subject, entry.old) == ("clock stepped", "clock", newest.isoformat())


def test_that_the_start_and_the_end_of_a_program_are_written_down(station: Station) -> None:
    before = station.audit.count()
    with station.audit.program("window"):
        assert [entry.action for entry in written(station, before)] == ["station opened"]
    assert [entry.action for entry in written(station, before)] == ["station opened", "station closed"]


def test_that_the_report_names_what_was_released_and_rolled_back_in_the_shift(station, tmp_path: Path) -> None:
    acting = station.acting_as(*Role, signature="Ada")
    acting.recipes.set_value("plate", 1, "limits.image_threshold", "0.7", "Ada", "less overkill")
    acting.recipes.release("plate", 2, "Bo", "tried on 40 parts")
    acting.recipes.roll_back("plate", "Bo", "two escapes")
    path = acting.records.write_pdf(acting.records.shifts()[0], tmp_path / "shift.pdf")
    text = " ".join("\n".join(page.extract_text() for page in PdfReader(path).pages).split())
    for said in ("limits changed", "recipe released", "recipe rolled back", "as plate@1: two escapes", "Bo"):
        assert said in text


def _refused() -> None:
    raise StorageError("The disk is full.")


def test_that_what_a_person_says_of_a_part_is_written_with_its_verdict(inspected: Station) -> None:
    acting = inspected.acting_as(*Role, signature="Ada")
    window = inspected.records.shifts()[0]
    records, _ = inspected.records.shift(window)
    said = {}
    for part in records.parts:
        acting.review.give_feedback(part.inspection.key, Disposition.GOOD_PART, "dust")
        said[part.inspection.verdict.word] = acting.audit.entries(limit=1)[0]
    assert said
    line = [(entry.action, entry.subject, entry.person) for entry in written(inspected)[:3]]
    assert line == [("recipe loaded", "line", "Ada"), ("line started", "run 1", "Ada"), ("line stopped", "run 1", "")]
    for word, entry in said.items():
        assert (entry.old, entry.new, entry.reason, entry.person) == (word, "good part", "dust", "Ada")
        assert entry.action == {"PASS": "feedback given", "REVIEW": "review answered"}.get(word, "verdict overruled")
