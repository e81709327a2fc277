"""A property that the style sheet looks at."""

from PySide6.QtWidgets import QLabel

from ui.theme.restyle import restyle


def test_that_the_style_sheet_is_applied_again_only_if_the_property_changes(qtbot, monkeypatch) -> None:
    label, applied = QLabel(), []
    qtbot.addWidget(label)
    monkeypatch.setattr("ui.theme.restyle._apply", applied.append)
    for value in ("pass", "pass", "fail", "fail"):
        restyle(label, "verdict", value)
    assert applied == [label, label]
    assert label.property("verdict") == "fail"
