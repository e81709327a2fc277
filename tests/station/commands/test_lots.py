"""The lot and the order: set, kept, on every part whose trigger comes afterwards, and found again."""

import csv
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from station.app import Station
from station.domain.audit import AuditAction, AuditFilter
from station.domain.errors import BadInputError
from station.domain.inspection import RunKind
from station.domain.lot_order import MOST_LETTERS, NO_LOT, LotOrder
from station.domain.messages import LotChanged
from station.domain.permissions import Role
from station.domain.scanned_code import CodeUse
from station.matching.part_ledger import PartLedger
from station.reporting.csv_export import content_sha256
from station.reporting.shift_json import shift_values
from station.settings import CameraSettings, ScannerSettings, Settings

CHANGED = AuditFilter(action=AuditAction.LOT_CHANGED)
HOSTILE = ("../../x", "=cmd|' /C calc'!A0", "<b>1</b>", "\u202egnp.exe", "a\"b'c", "nul\0nul", "L" * MOST_LETTERS)


def inspect(station: Station, parts: int, kind: RunKind = RunKind.PRODUCTION) -> list[LotOrder]:
    """Inspect stored parts; return what each has in its record."""
    folder = station.settings.camera.source.partition("?")[0]
    seen = []
    station.line.run(folder, on_part=seen.append, recipe=station.recipes.find("plate").recipe, count=parts, kind=kind)
    stored = [station.records.part(part.key).inspection for part in seen]
    return [LotOrder(part.lot, part.order) for part in stored]


def test_that_parts_have_the_lot_that_was_set_before_their_trigger_and_a_trial_has_none(station: Station) -> None:
    assert inspect(station, 1) == [NO_LOT]
    station.lots.set("L-1", "O-7")
    assert inspect(station, 2) == [LotOrder("L-1", "O-7")] * 2
    station.lots.set(order="O-8")
    assert inspect(station, 1) == [LotOrder("L-1", "O-8")]
    assert inspect(station, 1, RunKind.TRIAL) == [NO_LOT]


@given(st.lists(st.one_of(st.just("trigger"), st.text(max_size=3)), max_size=20))
def test_that_a_part_has_what_was_set_when_its_trigger_came_whatever_is_set_later(steps) -> None:
    made, wanted = [NO_LOT], []
    ledger = PartLedger(1, made_now=lambda: made[0])
    for step in steps:
        if step == "trigger":
            ledger.open_part("test")
            wanted.append(made[0])
        else:
            made[0] = LotOrder(step)
    assert [trigger.made for trigger in ledger.open_parts()] == wanted


def test_that_lot_and_order_outlast_a_restart_and_are_in_the_audit_with_their_values(station: Station) -> None:
    station.acting_as(Role.OPERATOR, signature="Ben").lots.set("L-1", "O-7")
    station.lots.set("L-2", person="Ada")
    station.lots.set("L-2")
    root, settings = station.workspace.root, station.settings
    station.close()
    with Station.open(root, settings) as opened:
        assert opened.lots.now == LotOrder("L-2", "O-7")
        entries = [(entry.person, entry.old, entry.new) for entry in opened.audit.entries(CHANGED)]
    assert entries == [
        ("Ada", "lot L-1, order O-7", "lot L-2, order O-7"),
        ("Ben", "no lot", "lot L-1, order O-7"),
    ]


def test_that_an_order_is_set_beside_the_lot_that_another_program_has_set_meanwhile(station: Station) -> None:
    station.lots.set("L-1", "O-1")
    with Station.open(station.workspace.root, station.settings) as other:
        other.lots.set("L-2")
        assert station.lots.set(order="O-2") == LotOrder("L-2", "O-2")
        assert inspect(station, 1) == [LotOrder("L-2", "O-2")]
        other.lots.set("L-3")
        station.lots.set("L-2")
        assert inspect(station, 1) == [LotOrder("L-2", "O-2")]
    entries = [(entry.old, entry.new) for entry in station.audit.entries(CHANGED)]
    assert entries[:2] == [("lot L-3, order O-2", "lot L-2, order O-2"), ("lot L-2, order O-2", "lot L-3, order O-2")]


def test_that_a_station_takes_over_what_another_program_has_set_and_says_so(station: Station) -> None:
    inbox = station.news.subscribe(LotChanged)
    with Station.open(station.workspace.root, station.settings) as other:
        other.lots.set("L-9")
    station.lots.refresh()
    station.lots.refresh()
    assert station.lots.now == LotOrder("L-9")
    assert inbox.next_message() == LotChanged(LotOrder("L-9"))
    assert inbox.next_message() is None


def test_that_a_lot_longer_than_any_code_is_refused_and_nothing_changes(station: Station) -> None:
    with pytest.raises(BadInputError, match="501 letters"):
        station.lots.set("L" * 501)
    assert station.lots.now == NO_LOT


@pytest.mark.parametrize("text", HOSTILE)
def test_that_a_hostile_lot_is_text_in_every_record_and_export(station: Station, text: str, tmp_path) -> None:
    station.lots.set(text, text)
    kept = text.replace("\0", "\u2400")
    assert inspect(station, 1) == [LotOrder(kept, kept)]
    before = set(tmp_path.rglob("*"))
    window = station.records.lot_window(text)
    paths = [
        station.records.write_csv(window),
        station.records.write_xlsx(window),
        station.records.write_pdf(window),
    ]
    assert {path.parent for path in paths} == {station.workspace.reports}
    assert set(tmp_path.rglob("*")) - before - {station.workspace.reports} == set(paths)
    cells = next(csv.DictReader(paths[0].read_text("utf-8-sig").splitlines()))["lot"]
    assert not cells.startswith("=")
    assert load_workbook(paths[1])["Lots"]["A2"].data_type == "s"


def test_that_parts_are_found_by_lot_and_order_and_a_lot_has_a_report_of_its_own(station: Station) -> None:
    for lot, order, parts in (("", "", 1), ("L-1", "O-7", 3), ("L-2", "O-7", 2)):
        station.lots.set(lot, order)
        inspect(station, parts)
    shift = station.records.shifts()[0]
    assert [len(station.records.find_parts(text, shift)) for text in ("L-1", "O-7", "L-2")] == [3, 5, 2]
    records, summary = station.records.shift(station.records.lot_window("L-1"))
    assert {part.inspection.lot for part in records.parts} == {"L-1"}
    assert (summary.counts.triggers, summary.lots[0].made, len(summary.lots)) == (3, LotOrder("L-1", "O-7"), 1)
    whole, of_shift = station.records.shift(shift)
    assert [(lot.made.lot, lot.counts.triggers) for lot in of_shift.lots] == [("", 1), ("L-1", 3), ("L-2", 2)]
    assert [lot["parts"] for lot in shift_values(whole, of_shift)["lots"]] == [1, 3, 2]
    assert content_sha256(whole) != content_sha256(station.records.shift(station.records.lot_window("L-1", shift))[0])
    with pytest.raises(BadInputError, match="No part has the lot 'L-3'"):
        station.records.lot_window("L-3")


def test_that_the_longest_prefix_says_what_a_scanned_code_is(station: Station) -> None:
    root = station.workspace.root
    station.close()
    prefixes = ScannerSettings(serial_prefix="L-S", lot_prefix="L-", order_prefix="PO")
    with Station.open(root, Settings(camera=CameraSettings(), scanner=prefixes)) as opened:
        codes = [opened.scanner.receive_code(text) for text in ("]C1L-2611", "PO4711", "L-S0001", "XX")]
        assert [code.use for code in codes] == [CodeUse.LOT, CodeUse.ORDER, CodeUse.REFUSED, CodeUse.NOT_USED]
        assert opened.lots.now == LotOrder("L-2611", "PO4711")
        assert codes[0].sentence == "Scanned: L-2611 is the lot from the next part on."
        too_long = opened.scanner.receive_code("L-" + "1" * MOST_LETTERS)
        assert (too_long.use, opened.lots.now.lot) == (CodeUse.REFUSED, "L-2611")
        assert [opened.scanner.is_lot(text) for text in ("L-1", "L-S1", "PO1", "XX")] == [True, False, True, False]


def test_that_the_command_line_sets_and_says_the_lot_and_prints_its_report(station: Station, capsys) -> None:
    from station.cli.program import run  # noqa: PLC0415

    here = ["--workspace", str(station.workspace.root)]
    assert run(["lot", "L-1", "--order", "O-7", *here]) == 0
    station.lots.refresh()
    inspect(station, 2)
    station.close()
    capsys.readouterr()
    assert run(["lot", "--json", "-", *here]) == 0
    assert json.loads(capsys.readouterr().out) == {"lot": "L-1", "order": "O-7"}
    assert run(["report", "--lot", "L-1", "--json", "-", *here]) == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["lot"], said["parts"], said["lots"][0]["order"]) == ("L-1", 2, "O-7")
    assert run(["report", "--lot", "L-2", *here]) == 2
    assert "No part has the lot 'L-2'" in capsys.readouterr().err
    assert run(["lot", "", "--order", "", *here]) == 0
    assert capsys.readouterr().out.strip() == "no lot"
