"""The audit page in the real window."""

import sqlite3
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from station.domain.audit import AuditAction
from ui.pages.audit.entries_model import BLOCK, EntriesModel


@pytest.fixture
def page(window, station, qtbot):
    """The page after two changes of Ada's."""
    ada = station._core.audit.signed_by(lambda: "Ada")
    ada.record(AuditAction.LIMITS_CHANGED, "plate@2", "0.5", "0.6", "less overkill")
    ada.record(AuditAction.RECIPE_RELEASED, "plate@2", "plate@1", "plate@2", "tried on 40 parts")
    window.show_page("audit")
    shown = window.page_of("audit")
    qtbot.waitUntil(lambda: shown.entries.rowCount() == station.audit.count(), timeout=10_000)
    return shown


def row(page, number: int) -> tuple[str, ...]:
    return tuple(str(page.entries.data(page.entries.index(number, column))) for column in range(7))


def test_that_the_newest_change_is_first_with_old_new_and_reason(page, qtbot) -> None:
    qtbot.waitUntil(lambda: row(page, 0)[2] == "Ada", timeout=10_000)
    assert row(page, 0)[3:] == ("recipe released", "plate@2", "plate@1 \u2192 plate@2", "tried on 40 parts")
    assert row(page, 1)[5] == "0.5 \u2192 0.6"


def test_that_entries_are_filtered_and_an_empty_answer_says_what_to_do(page, qtbot) -> None:
    page.deeds.setCurrentIndex(page.deeds.findText("limits changed"))
    page.deeds.activated.emit(page.deeds.currentIndex())
    qtbot.waitUntil(lambda: page.entries.rowCount() == 1, timeout=10_000)
    assert page.counted.text().endswith("entry")
    page.subject.setText("nothing of the kind")
    page.subject.editingFinished.emit()
    qtbot.waitUntil(lambda: page.entries.rowCount() == 0, timeout=10_000)
    assert page.counted.text() == "No entry meets these conditions. Choose others above."


def test_that_the_chosen_entry_is_shown_whole(page, qtbot) -> None:
    qtbot.waitUntil(lambda: row(page, 0)[2] == "Ada", timeout=10_000)
    page.table.setFocus()
    page.table.setCurrentIndex(page.entries.index(0, 0))
    qtbot.keyClick(page.table, Qt.Key.Key_Down)
    text = page.whole.toPlainText()
    assert "limits changed, plate@2" in text
    assert "Why: less overkill" in text
    assert "SHA-256 " in text


def test_that_the_chain_is_verified_by_a_key_and_a_broken_one_is_named(window, page, station, qtbot) -> None:
    qtbot.keyClick(window, Qt.Key.Key_Y, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: page.chain.text().startswith("Verified to entry 2 on "), timeout=10_000)
    with sqlite3.connect(station.workspace.database) as plain:
        plain.execute("DROP TRIGGER audit_log_never_changes")
        plain.execute("UPDATE audit_log SET reason = 'none' WHERE number = 1")
    plain.close()
    qtbot.waitUntil(window.presenter_of("audit")._verify_action.isEnabled, timeout=10_000)
    qtbot.keyClick(window, Qt.Key.Key_Y, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: page.chain.text().startswith("Broken: Entry 1 was changed"), timeout=10_000)


@pytest.mark.parametrize(("key", "suffix"), [(Qt.Key.Key_S, ".csv"), (Qt.Key.Key_L, ".log")])
def test_that_the_entries_are_saved_by_a_key(window, page, station, qtbot, key: Qt.Key, suffix: str) -> None:
    qtbot.keyClick(window, key, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: page.said.text().startswith("Saved "), timeout=10_000)
    (saved,) = station.workspace.reports.glob(f"audit *{suffix}")
    assert str(saved) in page.said.text()
    assert "less overkill" in Path(saved).read_text("utf-8-sig")


def test_that_only_the_rows_in_view_are_read() -> None:
    model, asked = EntriesModel(), []
    model.block_wanted.connect(asked.append)
    model.show_numbers(range(100_000, 0, -1), "UTC")
    assert model.data(model.index(50_000, 0)) == "50000"
    assert model.data(model.index(50_000, 3)) == ""
    (block,) = asked
    assert len(block) == BLOCK
    assert 50_000 in block
