"""The editor of one feature: what it says of a value that was asked for, and how it is reached by keys."""

from dataclasses import replace

import pytest
from keyboard import press, type_text
from PySide6.QtCore import Qt

from station.domain.camera import Access, CameraFeature, FeatureKind, Visibility
from ui.pages.cameras.feature_editor import FeatureEditor

LONG = "Provides the number of bytes transferred for each data buffer or chunk on the stream channel. " * 5
RATE = CameraFeature(
    "AcquisitionFrameRate", "AcquisitionFrameRate", FeatureKind.FLOAT, "Acquisition", Visibility.BEGINNER,
    Access.READ_WRITE, 25.0, "Hz", 1, 30, about="The rate."
)  # fmt: skip


@pytest.fixture
def editor(window):
    """On a page of its own size, with a feature in it."""
    window.show_page("cameras")
    editor = window.page_of("cameras").editor
    editor.show_feature(RATE)
    return editor


def ask(editor, text):
    editor.entry.setText(text)
    editor.show_waiting()


def test_that_another_value_than_was_asked_for_is_said(editor) -> None:
    ask(editor, "12,5")
    editor.show_feature(replace(RATE, value=13.0))
    editor.show_taken("AcquisitionFrameRate", 12.5)
    assert (editor.said.text(), editor.entry.text()) == ("The camera took 13 Hz.", "13")
    ask(editor, "20")
    editor.show_feature(replace(RATE, value=20.0))
    editor.show_taken("AcquisitionFrameRate", 20)
    assert editor.said.text() == "Set."


def test_that_what_was_said_does_not_stand_beside_another_value(editor) -> None:
    ask(editor, "20")
    editor.show_taken("AcquisitionFrameRate", 25)
    type_text(editor.entry, "1")
    assert editor.said.text() == ""
    ask(editor, "20")
    editor.more.click()
    editor.show_taken("AcquisitionFrameRate", 25)
    assert (editor.said.text(), editor.entry.text()) == ("", "21")


def test_that_a_command_that_ran_is_done(editor) -> None:
    command = replace(RATE, name="Reset", kind=FeatureKind.COMMAND, value=None)
    editor.show_feature(command)
    editor.show_waiting()
    editor.show_taken("Reset", asked=True)
    assert editor.said.text() == "Done."


def test_that_a_long_explanation_is_not_made_too_small_to_read(window, editor, qtbot) -> None:
    window.resize(1280, 800)
    editor.show_feature(replace(RATE, about=LONG))
    qtbot.waitUntil(lambda: editor.about.fitted_text().endswith("\u2026"), timeout=20_000)
    assert editor.about.fitted_font().pixelSize() >= 0.85 * editor.about.font().pixelSize()
    assert not editor.said.isVisible()
    room = editor.about.height()
    editor.say("Set.")
    qtbot.waitUntil(lambda: editor.about.height() < room, timeout=20_000)


def test_that_the_arrow_keys_step_through_a_number(editor) -> None:
    press(editor.entry, Qt.Key.Key_Up)
    assert editor.entry.text() == "26.25"
    press(editor.entry, Qt.Key.Key_Down)
    press(editor.entry, Qt.Key.Key_Down)
    assert float(editor.entry.text()) < 25


def test_that_every_key_of_the_editor_can_be_reached_and_says_what_it_is(window, editor) -> None:
    for widget in (editor.less, editor.entry, editor.more, editor.choice):
        assert widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        assert widget.accessibleName()
        assert widget.toolTip()


def test_that_the_value_has_a_name_before_a_feature_is_chosen(qtbot, window) -> None:
    editor = FeatureEditor(window.action_table)
    qtbot.addWidget(editor)
    assert (editor.entry.accessibleName(), editor.choice.accessibleName()) == ("Value", "Value")
    editor.close()
