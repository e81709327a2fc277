"""One choice of several: a key that opens a list whose rows are as high as keys."""

from PySide6.QtWidgets import QComboBox, QStyledItemDelegate


class Chooser(QComboBox):
    """A combo box whose marked row can be read in both themes, and whose rows fit a finger.

    Qt draws the rows of a combo box like those of a menu, and a menu takes neither the colour of the marked row nor
    the height of a row from the style sheet. An ordinary delegate takes both.
    """

    def __init__(self) -> None:
        super().__init__()
        self.setItemDelegate(QStyledItemDelegate(self))
