"""The annotator in the real window, on the working set of a real station."""

from dataclasses import replace

import cv2
import keyboard
import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from waiting import SOON_MS

from station.domain.dataset import Label
from station.domain.errors import StorageError
from station.domain.feedback import Disposition
from station.domain.inspection import PartKey
from station.domain.verdict import Verdict
from ui.pages.annotator.actions import AnnotatorAct
from ui.pages.line.actions import LineAct
from ui.pages.shift_report.actions import ShiftReportAct
from ui.pages.shift_report.found_parts import FoundPartsDialog
from ui.widgets.canvas.mask_drawing import Tool

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


@pytest.fixture
def items(station, draw_part, tmp_path) -> tuple[int, ...]:
    """Three pictures of the product "plate", without labels; the second has a dark place."""
    folder = tmp_path / "to mark"
    folder.mkdir()
    for number in range(3):
        cv2.imwrite(str(folder / f"{number}.png"), draw_part(40 + number, defective=number == 1))
    return station.datasets.import_folder(folder, "plate").item_ids


@pytest.fixture
def annotator(window, items, qtbot):
    """The page, opened for the three pictures from the cameras' page."""
    qtbot.waitUntil(window.isActiveWindow, timeout=SOON_MS)
    window.show_page("cameras")
    window.open_page("annotator", items)
    page = window.page_of("annotator")
    qtbot.waitUntil(lambda: shows(page, "1 of 3"), timeout=SOON_MS)
    return page


def shows(page, words: str) -> bool:
    return words in page.state.text() and page.canvas.drawing is not None


def act(window, name: AnnotatorAct) -> None:
    window.action_table[name].trigger()


def draw(page, begin=(0.4, 0.4), end=(0.6, 0.6)) -> None:
    canvas = page.canvas
    places = [QPoint(round(canvas.width() * x), round(canvas.height() * y)) for x, y in (begin, end)]
    QTest.mousePress(canvas, LEFT, NONE, places[0])
    QTest.mouseMove(canvas, places[1])
    QTest.mouseRelease(canvas, LEFT, NONE, places[1])


def press(page, key, held=NONE) -> None:
    keyboard.press(page.canvas, key, held)


def test_that_a_stroke_is_saved_by_itself_and_read_back_bit_for_bit(annotator, window, station, items, qtbot) -> None:
    draw(annotator)
    drawn = annotator.canvas.drawing.mask.copy()
    assert drawn.any()
    qtbot.waitUntil(lambda: annotator.saved.text() == "saved", timeout=SOON_MS)
    assert (station.datasets.mask(items[0]) == drawn).all()
    item = station.datasets.item(items[0])
    assert (item.label, item.kind) == (Label.DEFECT, "defect")
    assert "engineer" in item.labelled_by
    act(window, AnnotatorAct.UNDO)
    qtbot.waitUntil(lambda: not station.datasets.item(items[0]).mask_sha256, timeout=SOON_MS)


def test_that_what_was_drawn_is_saved_when_another_picture_is_shown(annotator, station, items, qtbot) -> None:
    draw(annotator)
    drawn = annotator.canvas.drawing.mask.copy()
    press(annotator, Qt.Key.Key_PageDown)
    qtbot.waitUntil(lambda: shows(annotator, "2 of 3"), timeout=SOON_MS)
    assert not annotator.canvas.drawing.mask.any()
    assert (station.datasets.mask(items[0]) == drawn).all()
    press(annotator, Qt.Key.Key_PageUp)
    qtbot.waitUntil(lambda: shows(annotator, "1 of 3"), timeout=SOON_MS)
    assert (annotator.canvas.drawing.mask == drawn).all()


def test_that_the_proposal_is_accepted_by_one_key(annotator, window, station, items, qtbot) -> None:
    press(annotator, Qt.Key.Key_PageDown)
    qtbot.waitUntil(lambda: shows(annotator, "2 of 3"), timeout=SOON_MS)
    qtbot.waitUntil(window.action_table[AnnotatorAct.ACCEPT].isEnabled, timeout=SOON_MS)
    assert not annotator.canvas.drawing.mask.any()
    press(annotator, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: annotator.saved.text() == "saved", timeout=SOON_MS)
    mask, dark = station.datasets.mask(items[1]), station.datasets.picture(items[1]) == 0
    assert (mask > 0).sum() > 0
    assert mask[dark.all(-1) if dark.ndim == 3 else dark].any()


def test_that_undo_of_an_accepted_proposal_proposes_it_again(annotator, window, station, items, qtbot) -> None:
    press(annotator, Qt.Key.Key_PageDown)
    accept = window.action_table[AnnotatorAct.ACCEPT]
    qtbot.waitUntil(accept.isEnabled, timeout=SOON_MS)
    act(window, AnnotatorAct.ACCEPT)
    marked = annotator.canvas.drawing.mask.copy()
    assert (annotator.proposal.text(), accept.isEnabled()) == ("Marked.", False)
    act(window, AnnotatorAct.UNDO)
    assert accept.isEnabled()
    act(window, AnnotatorAct.REDO)
    assert (annotator.proposal.text(), accept.isEnabled()) == ("Marked.", False)
    act(window, AnnotatorAct.UNDO)
    act(window, AnnotatorAct.ACCEPT)
    assert (annotator.canvas.drawing.mask == marked).all()
    qtbot.waitUntil(lambda: station.datasets.item(items[1]).label is Label.DEFECT, timeout=SOON_MS)


def test_that_trim_takes_the_proposal_and_the_eraser(annotator, window, qtbot) -> None:
    press(annotator, Qt.Key.Key_PageDown)
    qtbot.waitUntil(window.action_table[AnnotatorAct.TRIM].isEnabled, timeout=SOON_MS)
    act(window, AnnotatorAct.TRIM)
    assert annotator.canvas.drawing.mask.any()
    assert annotator.canvas.pen.tool is Tool.ERASER


def test_that_a_rejected_proposal_leaves_no_mark_and_the_next_place_comes(annotator, window, qtbot) -> None:
    press(annotator, Qt.Key.Key_PageDown)
    accept, rejected = window.action_table[AnnotatorAct.ACCEPT], 0
    while rejected < 9:
        qtbot.waitUntil(lambda: accept.isEnabled() or "No other" in annotator.proposal.text(), timeout=SOON_MS)
        if not accept.isEnabled():
            break
        act(window, AnnotatorAct.REJECT)
        rejected += 1
    assert 1 <= rejected < 9
    assert not annotator.canvas.drawing.mask.any()


def test_that_a_good_part_has_no_marks_and_the_next_one_comes(annotator, window, station, items, qtbot) -> None:
    draw(annotator)
    act(window, AnnotatorAct.GOOD)
    qtbot.waitUntil(lambda: shows(annotator, "2 of 3"), timeout=SOON_MS)
    item = station.datasets.item(items[0])
    assert item.label is Label.GOOD
    assert item.mask_sha256 == ""
    act(window, AnnotatorAct.UNSURE)
    qtbot.waitUntil(lambda: shows(annotator, "3 of 3"), timeout=SOON_MS)
    assert station.datasets.item(items[1]).label is Label.UNLABELLED


def said_of(station, item: int) -> tuple[Label, str, bool]:
    """Return label, kind, and whether there is a mask."""
    found = station.datasets.item(item)
    return found.label, found.kind, bool(found.mask_sha256)


@pytest.mark.parametrize(
    "before", [(Label.UNLABELLED, "", False), (Label.GOOD, "", False), (Label.DEFECT, "crack", False)], ids=str
)
def test_that_undo_to_before_the_first_stroke_brings_the_label_back_too(
    annotator, window, station, items, qtbot, before
) -> None:
    label, kind, _ = before
    marked = (Label.DEFECT, kind or "defect", True)
    station.datasets.label(items[1:2], label, kind)
    press(annotator, Qt.Key.Key_PageDown)
    qtbot.waitUntil(lambda: shows(annotator, "2 of 3"), timeout=SOON_MS)
    for _ in range(2):
        draw(annotator)
        qtbot.waitUntil(lambda: said_of(station, items[1]) == marked, timeout=SOON_MS)
        act(window, AnnotatorAct.UNDO)
        qtbot.waitUntil(lambda: said_of(station, items[1]) == before, timeout=SOON_MS)
        act(window, AnnotatorAct.REDO)
        qtbot.waitUntil(lambda: said_of(station, items[1]) == marked, timeout=SOON_MS)
        act(window, AnnotatorAct.UNDO)
        qtbot.waitUntil(lambda: said_of(station, items[1]) == before, timeout=SOON_MS)
    words = {Label.UNLABELLED: "unlabelled", Label.GOOD: "good", Label.DEFECT: "defect: crack"}[label]
    qtbot.waitUntil(lambda: words in annotator.state.text(), timeout=SOON_MS)


def test_that_undo_takes_good_part_back_as_the_one_step_that_it_was(annotator, window, station, items, qtbot) -> None:
    press(annotator, Qt.Key.Key_PageDown)
    press(annotator, Qt.Key.Key_PageDown)
    qtbot.waitUntil(lambda: shows(annotator, "3 of 3"), timeout=SOON_MS)
    marked = (Label.DEFECT, "defect", True)
    draw(annotator)
    qtbot.waitUntil(lambda: said_of(station, items[2]) == marked, timeout=SOON_MS)
    act(window, AnnotatorAct.GOOD)
    qtbot.waitUntil(lambda: said_of(station, items[2]) == (Label.GOOD, "", False), timeout=SOON_MS)
    act(window, AnnotatorAct.UNDO)
    qtbot.waitUntil(lambda: said_of(station, items[2]) == marked, timeout=SOON_MS)
    act(window, AnnotatorAct.ERASER)
    annotator.canvas.set_pen(replace(annotator.canvas.pen, diameter_px=501))
    draw(annotator, (0.1, 0.5), (0.9, 0.5))
    assert not annotator.canvas.drawing.mask.any()
    qtbot.waitUntil(lambda: said_of(station, items[2]) == (Label.UNLABELLED, "", False), timeout=SOON_MS)


def test_that_kinds_are_named_and_chosen_by_their_numbers(annotator, station, items, qtbot) -> None:
    field = annotator.palette_of_kinds.new_kind
    field.setText("scratch")
    keyboard.press(field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: annotator.canvas.pen.value == 2, timeout=SOON_MS)
    draw(annotator)
    press(annotator, Qt.Key.Key_1)
    qtbot.waitUntil(lambda: annotator.canvas.pen.value == 1, timeout=SOON_MS)
    qtbot.waitUntil(lambda: station.datasets.item(items[0]).kind == "scratch", timeout=SOON_MS)
    assert [kind.name for kind in station.datasets.kinds("plate")] == ["defect", "scratch"]


def test_that_escape_returns_to_where_the_page_was_opened_from(annotator, window, station, items, qtbot) -> None:
    draw(annotator)
    drawn = annotator.canvas.drawing.mask.copy()
    press(annotator, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: window.page_of("cameras").isVisible(), timeout=SOON_MS)
    qtbot.waitUntil(lambda: station.datasets.mask(items[0]) is not None, timeout=SOON_MS)
    assert (station.datasets.mask(items[0]) == drawn).all()


def test_that_a_mask_that_the_disk_refuses_is_kept_and_tried_again(
    annotator, station, items, qtbot, monkeypatch
) -> None:
    refusals, save = [], type(station.datasets).save_mask

    def refuse_first(self, *given, **named):
        if not refusals:
            refusals.append(given)
            raise StorageError("The disk is full.", "Make room.")
        return save(self, *given, **named)

    monkeypatch.setattr(type(station.datasets), "save_mask", refuse_first)
    draw(annotator)
    qtbot.waitUntil(lambda: annotator.saved.text() == "NOT SAVED", timeout=SOON_MS)
    assert "The disk is full." in annotator.said.text()
    qtbot.waitUntil(lambda: annotator.saved.text() == "saved", timeout=SOON_MS)
    assert (station.datasets.mask(items[0]) == annotator.canvas.drawing.mask).all()


def test_that_a_second_press_while_the_next_picture_is_read_skips_none(
    annotator, window, station, items, qtbot
) -> None:
    act(window, AnnotatorAct.GOOD)
    act(window, AnnotatorAct.GOOD)
    qtbot.waitUntil(lambda: shows(annotator, "2 of 3"), timeout=SOON_MS)
    assert [station.datasets.item(each).label for each in items[:2]] == [Label.GOOD, Label.UNLABELLED]


def test_that_marks_a_full_disk_refused_are_kept_while_others_are_drawn(
    annotator, station, items, qtbot, monkeypatch
) -> None:
    save, full = type(station.datasets).save_mask, [True]

    def refuse_while_full(self, *given, **named):
        if full:
            raise StorageError("The disk is full.", "Make room.")
        return save(self, *given, **named)

    monkeypatch.setattr(type(station.datasets), "save_mask", refuse_while_full)
    masks = []
    for place in ("2 of 3", "3 of 3"):
        draw(annotator)
        masks.append(annotator.canvas.drawing.mask.copy())
        qtbot.waitUntil(lambda: annotator.saved.text() == "NOT SAVED", timeout=SOON_MS)
        press(annotator, Qt.Key.Key_PageDown)
        qtbot.waitUntil(lambda place=place: shows(annotator, place), timeout=SOON_MS)
    press(annotator, Qt.Key.Key_PageUp)
    qtbot.waitUntil(lambda: shows(annotator, "2 of 3"), timeout=SOON_MS)
    assert (annotator.canvas.drawing.mask == masks[1]).all()

    full.clear()
    draw(annotator, (0.2, 0.2), (0.3, 0.2))
    masks[1] = annotator.canvas.drawing.mask.copy()
    for item, mask in zip(items, masks, strict=False):
        qtbot.waitUntil(lambda item=item: station.datasets.mask(item) is not None, timeout=SOON_MS)
        qtbot.waitUntil(lambda item=item, mask=mask: (station.datasets.mask(item) == mask).all(), timeout=SOON_MS)


def test_that_the_page_says_what_to_do_while_there_is_no_picture(window, qtbot) -> None:
    window.show_page("annotator")
    page = window.page_of("annotator")
    assert "Datasets page" in page.canvas.empty_text
    assert not window.action_table[AnnotatorAct.BRUSH].isEnabled()


def test_that_a_picture_without_a_recipe_can_be_marked_by_hand(
    window, station, items, tmp_path, draw_part, qtbot
) -> None:
    cv2.imwrite(str(tmp_path / "other.png"), draw_part(7))
    (other,) = station.datasets.import_folder(tmp_path / "other.png", "unknown").item_ids
    window.open_page("annotator", (other,))
    page = window.page_of("annotator")
    qtbot.waitUntil(lambda: "no recipe of 'unknown'" in page.proposal.text(), timeout=SOON_MS)
    page.canvas.set_pen(replace(page.canvas.pen, diameter_px=3))
    draw(page)
    qtbot.waitUntil(lambda: page.saved.text() == "saved", timeout=SOON_MS)
    assert np.any(station.datasets.mask(other))


def test_that_a_part_of_the_records_becomes_an_item_and_is_proposed_from_its_stored_map(window, station, qtbot) -> None:
    station.line.load_recipe("plate")
    station.line.start()
    qtbot.waitUntil(lambda: station.line.counts().failed > 0, timeout=SOON_MS)
    station.line.stop()
    qtbot.waitUntil(lambda: station.line.state.at_rest, timeout=SOON_MS)
    rejected = next(part for part in station.records.recent() if part.verdict is Verdict.FAIL)
    window.show_page("annotator")
    page = window.page_of("annotator")
    for _ in range(2):
        window.open_page("annotator", ("part", rejected.key))
        qtbot.waitUntil(lambda: shows(page, "1 of 1"), timeout=SOON_MS)
    ((product, view, _),) = station.datasets.places()
    (item,) = station.datasets.items(product, view)
    assert item.part == rejected.key
    qtbot.waitUntil(window.action_table[AnnotatorAct.ACCEPT].isEnabled, timeout=SOON_MS)
    act(window, AnnotatorAct.ACCEPT)
    qtbot.waitUntil(lambda: station.datasets.item(item.item_id).label is Label.DEFECT, timeout=SOON_MS)
    dark = np.atleast_3d(station.datasets.picture(item.item_id)).max(2) == 0
    assert (station.datasets.mask(item.item_id) > 0)[dark].mean() > 0.3


def test_that_the_disputed_parts_of_the_line_are_marked_from_here(window, station, qtbot) -> None:
    window.show_page("annotator")
    page = window.page_of("annotator")
    act(window, AnnotatorAct.DISPUTED)
    qtbot.waitUntil(lambda: "No disputed part" in page.said.text(), timeout=SOON_MS)
    station.line.load_recipe("plate")
    station.line.start()
    qtbot.waitUntil(lambda: station.line.counts().failed > 0, timeout=SOON_MS)
    station.line.stop()
    qtbot.waitUntil(lambda: station.line.state.at_rest, timeout=SOON_MS)
    rejected = next(part for part in station.records.recent() if part.verdict is Verdict.FAIL)
    station.review.give_feedback(rejected.key, Disposition.MISSED_DEFECT, "dent")
    act(window, AnnotatorAct.DISPUTED)
    qtbot.waitUntil(lambda: shows(page, "1 of 1"), timeout=SOON_MS)
    (item,) = page.window().presenter_of("annotator")._items
    assert station.datasets.item(item).part == rejected.key
    station.review.give_feedback(rejected.key, Disposition.CONFIRMED, "")
    assert station.review.disputed_parts() == ()
    station.review.give_feedback(rejected.key, Disposition.GOOD_PART, "dust")
    assert station.review.disputed_parts() == (rejected.key,)


@pytest.fixture
def judged(station, monkeypatch) -> dict[Verdict, PartKey]:
    """A part of each verdict from a run that has ended; whole pictures of parts that passed do not wait any more."""
    monkeypatch.setattr(station._core.originals.ring, "most_parts", 0)
    station.line.load_recipe("plate")
    station.line.start(count=6)
    assert station.line.wait_stopped(30)
    return {part.verdict: part.key for part in station.records.recent()}


def test_that_one_key_leads_from_the_dispute_at_the_line_to_the_mask(window, station, judged, qtbot) -> None:
    line, reject = window.presenter_of("line"), judged[Verdict.FAIL]
    annotate = window.action_table[LineAct.ANNOTATE]
    assert not annotate.isEnabled()
    window.page_of("line").reasons.chosen.emit(reject, Disposition.GOOD_PART, "dust")
    qtbot.waitUntil(annotate.isEnabled, timeout=SOON_MS)
    assert line.displayed_part.past is None
    keyboard.press(window.page_of("line"), Qt.Key.Key_M, Qt.KeyboardModifier.ControlModifier)
    page = window.page_of("annotator")
    qtbot.waitUntil(lambda: shows(page, "1 of 1"), timeout=SOON_MS)
    (item,) = window.presenter_of("annotator")._items
    assert station.datasets.item(item).part == reject
    press(page, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: window.page_of("line").isVisible(), timeout=SOON_MS)


def test_that_a_past_part_on_show_is_annotated_or_it_is_said_why_not(window, station, judged, qtbot) -> None:
    line, page_of_line = window.presenter_of("line"), window.page_of("line")
    for verdict, shown in ((Verdict.FAIL, True), (Verdict.PASS, False)):
        window.show_page("line")
        line.show_part(judged[verdict])
        qtbot.waitUntil(lambda v=verdict: _past(line) == judged[v], timeout=SOON_MS)
        assert page_of_line.pictures.caption.annotate.isVisible()
        keyboard.press(page_of_line, Qt.Key.Key_M, Qt.KeyboardModifier.ControlModifier)
        page = window.page_of("annotator")
        if shown:
            qtbot.waitUntil(lambda page=page: shows(page, "1 of 1"), timeout=SOON_MS)
        else:
            qtbot.waitUntil(lambda page=page: "whole picture was not kept" in page.canvas.empty_text, timeout=SOON_MS)


def _past(line) -> PartKey | None:
    past = line.displayed_part.past
    return None if past is None else past.inspection.key


def test_that_the_shift_report_leads_to_the_mask_of_a_disputed_part_and_of_a_found_one(
    window, station, judged, qtbot
) -> None:
    reject = judged[Verdict.FAIL]
    station.review.give_feedback(judged[Verdict.PASS], Disposition.MISSED_DEFECT, "dent")
    station.review.give_feedback(reject, Disposition.GOOD_PART, "dust")
    window.show_page("shift_report")
    report, annotate = window.page_of("shift_report"), window.action_table[ShiftReportAct.ANNOTATE]
    qtbot.waitUntil(lambda: report.disputes.rows.rowCount() == 2, timeout=SOON_MS)
    assert not annotate.isEnabled()
    names = [report.disputes.rows.words(row)[1] for row in range(2)]
    report.disputes.selectRow(names.index(reject.label))
    report.disputes.show_rows([report.disputes.rows.words(row) for row in range(2)])
    assert annotate.isEnabled(), "what is counted again keeps what was chosen"
    keyboard.press(report, Qt.Key.Key_M, Qt.KeyboardModifier.ControlModifier)
    page = window.page_of("annotator")
    qtbot.waitUntil(lambda: shows(page, "1 of 1"), timeout=SOON_MS)
    (item,) = window.presenter_of("annotator")._items
    assert station.datasets.item(item).part == reject

    window.show_page("shift_report")
    report.part_wanted.emit(reject.label)
    qtbot.waitUntil(lambda: window.findChild(FoundPartsDialog) is not None, timeout=SOON_MS)
    dialog = window.findChild(FoundPartsDialog)
    button = next(each for each in dialog.findChildren(QPushButton) if "Annotate" in each.text())
    button.click()
    qtbot.waitUntil(lambda: page.isVisible() and shows(page, "1 of 1"), timeout=SOON_MS)


def test_that_a_subject_that_is_none_is_refused(window) -> None:
    with pytest.raises(TypeError):
        window.open_page("annotator", 3)


def test_that_a_label_given_elsewhere_is_read_when_the_page_is_opened_again(
    annotator, window, station, items, qtbot
) -> None:
    window.show_page("cameras")
    station.datasets.label([items[0]], Label.GOOD, person="Bo")
    window.show_page("annotator")
    qtbot.waitUntil(lambda: "good" in annotator.state.text(), timeout=SOON_MS)
    draw(annotator)
    qtbot.waitUntil(lambda: station.datasets.item(items[0]).label is Label.DEFECT, timeout=SOON_MS)
    qtbot.waitUntil(lambda: "defect" in annotator.state.text(), timeout=SOON_MS)
    drawing = annotator.canvas.drawing
    window.show_page("cameras")
    window.show_page("annotator")
    qtbot.wait(200)
    assert annotator.canvas.drawing is drawing  # nothing was said meanwhile, so undo still knows the stroke
