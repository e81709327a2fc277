"""A code from the picture to the serial in the record, through the real line; and what a missing one means."""

import csv
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
import zxingcpp
from contrast_model import release_plate

from station.app import Station
from station.domain.frame import NotInspectedCause
from station.domain.geometry import RegionOfInterest
from station.domain.inspection import Inspection
from station.domain.part_code import CodeKind, CodeRule, IfUnread
from station.domain.recipe import Recipe, RecipeState
from station.domain.verdict import Verdict
from station.settings import CameraSettings, ScannerSettings, Settings

CODE = RegionOfInterest(0, 170, 320, 150)
SERIALS = ("SN0001", "SN0002", "", "SN0004")
KINDS = (CodeKind.DATA_MATRIX,)


@pytest.fixture
def parts(tmp_path: Path, draw_part) -> Path:
    """Four good parts with a code below the inspected region; the third has none."""
    folder = tmp_path / "coded"
    folder.mkdir()
    for number, serial in enumerate(SERIALS):
        picture = np.vstack([draw_part(number, size=(160, 320)), np.full((160, 320), 130, np.uint8)])
        if serial:
            code = zxingcpp.create_barcode(serial, zxingcpp.BarcodeFormat.DataMatrix)
            drawn = np.array(zxingcpp.write_barcode_to_image(code, scale=6))
            picture[190 : 190 + drawn.shape[0], 40 : 40 + drawn.shape[1]] = drawn // 16 + 115
        cv2.imwrite(str(folder / f"{number}.png"), picture)
    return folder


@pytest.fixture
def coded(tmp_path: Path, tiny_package, parts) -> Iterator[Station]:
    release_plate(tmp_path / "workspace", tiny_package)
    camera = CameraSettings(source=f"replay:{parts}?rate=50&loop=1", trigger="software")
    settings = Settings(camera=camera, scanner=ScannerSettings(serial_prefix="SN"))
    with Station.open(tmp_path / "workspace", settings) as opened:
        yield opened


def recipe(station: Station, if_unread: IfUnread, state: RecipeState = RecipeState.DRAFT) -> Recipe:
    """Add a revision that looks for a code, and judges only what is above it."""
    found = station.recipes.find("plate").recipe
    top = RegionOfInterest(0, 0, 320, 160)
    view = replace(found.views[0], roi=top, taught_roi=top, code=CodeRule(CODE, KINDS, "SN", if_unread=if_unread))
    number = max(entry.recipe.revision for entry in station.recipes.entries()) + 1
    return station.recipes.add(replace(found, revision=number, views=(view,)), state).recipe


def inspected(station: Station, parts: Path, judged_by: Recipe) -> list[Inspection]:
    """Inspect the stored pictures by the line; return the parts as the records have them."""
    seen: list[Inspection] = []
    station.line.run(f"replay:{parts}", on_part=seen.append, recipe=judged_by)
    stored = [station.records.part(part.key).inspection for part in seen]
    assert stored == seen
    return stored


@pytest.mark.parametrize("rule", list(IfUnread))
def test_that_the_code_in_the_picture_is_the_serial_and_the_recipe_says_what_a_missing_one_means(
    coded: Station, parts: Path, rule: IfUnread
) -> None:
    found = inspected(coded, parts, recipe(coded, rule))
    assert [part.serial for part in found] == list(SERIALS)
    verdict = {IfUnread.ACCEPT: Verdict.PASS, IfUnread.REVIEW: Verdict.REVIEW}.get(rule, Verdict.NOT_INSPECTED)
    assert [part.verdict for part in found] == [Verdict.PASS, Verdict.PASS, verdict, Verdict.PASS]
    unread = found[2].views[0]
    assert unread.code is not None
    assert (unread.code.problem, unread.code.attempts) == ("no code is in its region", 4)
    assert (unread.cause is NotInspectedCause.CODE_UNREAD) is (rule is IfUnread.NOT_INSPECTED)
    assert found[0].views[0].code.unused_correction == 1.0
    assert coded.records.verify() == ()


def test_that_a_part_is_found_by_its_code_and_every_export_has_it(coded: Station, parts: Path, capsys) -> None:
    inspected(coded, parts, recipe(coded, IfUnread.REVIEW))
    shift = coded.records.shifts()[0]
    assert [part.serial for part in coded.records.find_parts("SN0002", shift)] == ["SN0002"]
    rows = list(csv.DictReader(coded.records.write_csv(shift).read_text("utf-8-sig").splitlines()))
    assert [row["code"] for row in rows] == list(SERIALS)
    assert (rows[0]["code_kind"], rows[0]["code_correction_left"], rows[0]["code_attempts"]) == (
        "Data Matrix",
        "1.0",
        "1",
    )
    assert rows[2]["code_problem"] == "no code is in its region"
    from station.cli.program import run  # noqa: PLC0415

    root = str(coded.workspace.root)
    coded.close()
    assert run(["inspect", f"replay:{parts}", "--recipe", "plate@2", "--json", "-", "--workspace", root]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["code"]["text"] for line in lines[:-1]] == list(SERIALS)


def test_that_a_serial_scanned_for_another_part_is_a_review_and_none_is_chosen(coded: Station, qtbot) -> None:
    recipe(coded, IfUnread.ACCEPT, RecipeState.RELEASED)
    coded.line.load_recipe("plate")
    coded.line.start()
    qtbot.waitUntil(lambda: coded.line.state.inspecting_parts, timeout=20_000)
    keys = []
    for scanned in ("SN0001", "SN9999", "", "SN0004"):
        if scanned:
            coded.scanner.receive_code(scanned)
        keys.append(coded.line.trigger())
        qtbot.waitUntil(lambda: any(part.key == keys[-1] for part in coded.records.recent(5)), timeout=20_000)
    coded.line.stop()
    assert coded.line.wait_stopped(20)
    found = [coded.records.part(key).inspection for key in keys]
    assert [part.serial for part in found] == ["SN0001", "", "", "SN0004"]
    assert [part.verdict for part in found] == [Verdict.PASS, Verdict.REVIEW, Verdict.PASS, Verdict.PASS]
    assert found[1].reason == "code: SN0002 was read, and SN9999 was scanned"
    shift = coded.records.shifts()[0]
    for text in ("SN0002", "SN9999"):
        assert [part.key for part in coded.records.find_parts(text, shift)] == [keys[1]]


def test_that_the_command_line_sets_a_code_region_value_by_value(coded: Station, capsys) -> None:
    from station.cli.program import run  # noqa: PLC0415

    root = str(coded.workspace.root)
    coded.close()
    here = ["--reason", "codes", "--workspace", root]
    assert run(["recipes", "set", "plate", "code.length", "6", *here]) == 2
    assert "set code.region first" in capsys.readouterr().err
    for number, (key, text) in enumerate(
        (("region", "0,170,320,150"), ("kinds", "qr, datamatrix"), ("pattern", "SN(\\d+)"), ("if_unread", "accept"))
    ):
        assert run(["recipes", "set", f"plate@{number + 1}", f"code.{key}", text, *here]) == 0
    assert run(["recipes", "set", "plate@5", "code.pattern", "(", *here]) == 2
    with Station.open(Path(root)) as opened:
        code = opened.recipes.find("plate", 5).recipe.views[0].code
    assert code == CodeRule(CODE, (CodeKind.DATA_MATRIX, CodeKind.QR), pattern="SN(\\d+)", if_unread=IfUnread.ACCEPT)
