"""The table of a shift: the same bytes each time, and nothing in it runs."""

import csv
import hashlib
import io
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.domain.errors import BadInputError
from station.domain.feedback import Disposition, OperatorFeedback
from station.domain.inspection import PictureOrigin
from station.domain.shift import EventKind, PartRecord, ShiftRecords, StationEvent
from station.domain.verdict import Verdict
from station.reporting.csv_export import content_sha256, csv_of, write_csv
from station.reporting.languages import TableForm

Make = Callable[..., ShiftRecords]
FOUR = (Verdict.PASS, Verdict.REVIEW, Verdict.FAIL, Verdict.NOT_INSPECTED)
ONE_CAMERA_SHA256 = "bc35a32a3d31cc82683675ce2496e10cdadd339c9085e29382116b71c7dc9e09"


def _verdicts(row: dict[str, str]) -> dict[str, str]:
    return {said["view"]: said["verdict"] for said in json.loads(row["views"])}


def _rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def _altered(part: PartRecord, **of_the_view: object) -> PartRecord:
    (view,) = part.inspection.views
    return replace(part, inspection=replace(part.inspection, views=(replace(view, **of_the_view),)))


def _with_text(records: ShiftRecords, text: str) -> ShiftRecords:
    named = _altered(records.parts[0], reason=text, origin=text)
    return replace(records, parts=(named,), runs=(replace(records.runs[0], person=text, recipe_name=text),))


def test_that_the_same_shift_gives_the_same_bytes(recorded, tmp_path: Path) -> None:
    for name in ("first.csv", "second.csv"):
        write_csv(recorded.records, tmp_path / name)
    assert (tmp_path / "first.csv").read_bytes() == (tmp_path / "second.csv").read_bytes()


def test_that_every_part_is_one_line(recorded) -> None:
    rows = _rows(csv_of(recorded.records))
    keys = [(p.inspection.key.run_id, p.inspection.key.part) for p in recorded.records.parts]
    assert [(int(row["run"]), int(row["part"])) for row in rows] == keys


def test_that_a_line_says_what_was_judged_by_what(made_up: Make) -> None:
    row = _rows(csv_of(made_up(FOUR)))[2]
    assert (row["verdict"], row["recipe"], row["revision"], row["place"]) == ("FAIL", "tile", "1", "upper left")
    assert row["triggered_at"] == "2026-11-22T05:02:00.000000+00:00"


def test_that_a_part_without_a_judgement_has_no_score(made_up: Make) -> None:
    row = _rows(csv_of(made_up(FOUR)))[3]
    assert (row["verdict"], row["pred_score"], row["cause"]) == ("NOT_INSPECTED", "", "lost_frame")


def test_that_a_line_of_several_views_says_which_decided_and_what_each_said(made_up: Make) -> None:
    rows = _rows(csv_of(made_up(FOUR, views=("top", "side"))))
    assert [(row["verdict"], row["view"], _verdicts(row)) for row in rows] == [
        ("PASS", "side", {"top": "PASS", "side": "PASS"}),
        ("REVIEW", "side", {"top": "REVIEW", "side": "REVIEW"}),
        ("FAIL", "side", {"top": "PASS", "side": "FAIL"}),
        ("NOT_INSPECTED", "top", {"top": "NOT_INSPECTED", "side": "REVIEW"}),
    ]
    assert rows[2]["reason"] == f"side: mark {rows[2]['area_px']} px², {rows[2]['place']}"


def test_that_the_proof_of_every_view_is_found_from_its_line(recorded) -> None:
    parts = [part for part in recorded.records.parts if len(part.inspection.views) > 1]
    rows = [row for row in _rows(csv_of(recorded.records)) if row["views"]]
    assert len(rows) == len(parts) == 60
    for row, part in zip(rows, parts, strict=True):
        for said, view, files in zip(json.loads(row["views"]), part.inspection.views, part.views, strict=True):
            assert (said["view"], said["origin"], said["verdict"]) == (view.name, view.origin, view.verdict)
            assert (said["pred_score"], said["cause"], said["area_px"]) == (
                view.pred_score, view.cause, view.regions[0].area_px if view.regions else None,
            )  # fmt: skip
            assert (said["picture"], said["picture_sha256"]) == (
                (files.original.path, files.original.sha256) if files.original else (None, None)
            )
            if view is part.inspection.deciding:
                alike = {name: "" if said[name] is None else str(said[name]) for name in said if name != "elapsed_ms"}
                assert alike == {name: row[name] for name in alike}


def test_that_no_name_of_a_file_breaks_out_of_what_a_view_says(made_up: Make) -> None:
    records = made_up([Verdict.PASS], views=("top", "side"))
    (part,) = records.parts
    evil = '=1+1","x":"\r\n;\udcff µ'
    views = (replace(part.inspection.views[0], origin=evil), part.inspection.views[1])
    changed = replace(part, inspection=replace(part.inspection, views=views))
    (row,) = _rows(csv_of(replace(records, parts=(changed,))))
    assert json.loads(row["views"])[0]["origin"] == evil
    assert row["views"].startswith("[{")


def test_that_a_table_of_one_camera_is_the_same_to_the_byte(made_up: Make) -> None:
    assert hashlib.sha256(csv_of(made_up(FOUR))).hexdigest() == ONE_CAMERA_SHA256


def test_that_a_line_of_one_camera_names_no_view(made_up: Make) -> None:
    rows = _rows(csv_of(made_up(FOUR)))
    assert {(row["view"], row["views"]) for row in rows} == {("", "")}


def test_that_an_empty_shift_is_a_heading(made_up: Make) -> None:
    assert _rows(csv_of(made_up())) == []
    assert csv_of(made_up()).count(b"\r\n") == 1


@given(st.sampled_from("=+-@\t\r＝＋－＠"), st.sampled_from(["", " ", "   "]), st.text(max_size=10))
def test_that_no_text_is_a_formula(made_up: Make, sign: str, before: str, after: str) -> None:
    (row,) = _rows(csv_of(_with_text(made_up([Verdict.PASS]), before + sign + after)))
    assert {row[name][0] for name in ("reason", "origin", "person", "recipe")} == {"'"}


@given(st.text(max_size=30, alphabet=st.characters(exclude_categories=["Cs"])))
def test_that_text_stays_in_its_cell(made_up: Make, text: str) -> None:
    (row,) = _rows(csv_of(_with_text(made_up([Verdict.PASS]), text)))
    assert row["origin"].removeprefix("'") == text.removeprefix("'") or row["origin"] == text


def test_that_a_file_that_cannot_be_written_is_named(made_up: Make, tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match=r"nowhere.shift\.csv cannot be written"):
        write_csv(made_up(), tmp_path / "nowhere" / "shift.csv")


def _changed(records: ShiftRecords) -> list[ShiftRecords]:
    part = records.parts[0]
    at = datetime(2026, 11, 22, 6, tzinfo=UTC)
    said = OperatorFeedback(part.inspection.key, Disposition.CONFIRMED, "", "Ada", at)
    slower = _altered(part, elapsed_ms=99.0)
    return [
        records,
        replace(records, parts=records.parts[1:]),
        replace(records, parts=(slower, *records.parts[1:])),
        replace(records, disputes=(said,)),
        replace(records, events=(StationEvent(at, EventKind.STOP, "stopped"),)),
        replace(records, runs=(replace(records.runs[0], person="Grace"),)),
        replace(records, window=replace(records.window, end=records.window.end + timedelta(seconds=1))),
    ]


def test_that_whatever_is_changed_changes_the_content_hash(made_up: Make) -> None:
    hashes = [content_sha256(records) for records in _changed(made_up(FOUR))]
    assert len(set(hashes)) == len(hashes)


def test_that_the_content_hash_is_the_same_on_another_day(recorded) -> None:
    again = content_sha256(recorded.records)
    assert content_sha256(recorded.records) == again
    assert len(again) == hashlib.sha256().digest_size * 2


def test_that_what_was_printed_before_parts_had_views_can_still_be_proven(made_up: Make) -> None:
    assert content_sha256(made_up(FOUR)) == "b85439e2d6a6e7d76780663fc792319d25fd69a86949be202e53cbaec2eb1ac0"


@pytest.mark.parametrize("change", [{"origin": "other.png"}, {"name": "left"}, {"pred_score": 0.11}])
def test_that_a_view_that_did_not_decide_is_part_of_the_content_hash(made_up: Make, change: dict[str, object]) -> None:
    records = made_up([Verdict.PASS], views=("top", "side"))
    (part,) = records.parts
    other, decided = part.inspection.views
    assert part.inspection.deciding is decided
    changed = replace(part, inspection=replace(part.inspection, views=(replace(other, **change), decided)))
    assert content_sha256(replace(records, parts=(changed,))) != content_sha256(records)


def test_that_a_german_spreadsheet_reads_every_figure(recorded) -> None:
    plain = list(csv.DictReader(io.StringIO(csv_of(recorded.records).decode("utf-8-sig"))))
    content = csv_of(recorded.records, TableForm(";", ","))
    assert content.startswith(b"\xef\xbb\xbfrun;part;")
    german = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))
    for ours, theirs in zip(plain, german, strict=True):
        for name in ("pred_score", "raw_score", "image_threshold", "elapsed_ms"):
            assert "." not in theirs[name]
            assert theirs[name].replace(",", ".") == ours[name]
            del ours[name], theirs[name]
        assert ours == theirs


def test_that_text_with_the_separator_of_a_language_stays_one_cell(made_up: Make) -> None:
    records = made_up([Verdict.FAIL])
    run = replace(records.runs[0], person="=1;2,5", camera="-cmd;|")
    lines = csv_of(replace(records, runs=(run,)), TableForm(";", ",")).decode("utf-8-sig").splitlines()
    (line,) = csv.DictReader(io.StringIO("\n".join(lines)), delimiter=";")
    assert (line["person"], line["camera"]) == ("'=1;2,5", "'-cmd;|")


def test_that_each_part_says_whether_a_camera_saw_it(made_up: Make) -> None:
    records = made_up([Verdict.PASS])
    run = replace(records.runs[0], pictures=PictureOrigin.SIMULATED)
    (line,) = csv.DictReader(io.StringIO(csv_of(replace(records, runs=(run,))).decode("utf-8-sig")))
    assert line["pictures"] == "simulated"
