"""Apply the style sheet again after a property changed."""

from PySide6.QtWidgets import QWidget


def restyle(widget: QWidget, name: str, value: object) -> None:
    """Set a dynamic property; if that changes it, apply the style sheet to the widget and its children again."""
    if widget.property(name) == value:
        return
    widget.setProperty(name, value)
    for each in (widget, *widget.findChildren(QWidget)):
        _apply(each)
    widget.update()


def _apply(widget: QWidget) -> None:
    widget.style().unpolish(widget)
    widget.style().polish(widget)
