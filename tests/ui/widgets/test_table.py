"""A table keeps the place of a person where its rows change."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtWidgets import QTableView

from ui.widgets.table import Rows, Table

HEADINGS = ("Run", "State")
rows_of = st.lists(st.tuples(st.sampled_from("abcdef"), st.sampled_from(["queued", "done"])), max_size=7)


def shown(rows: Rows) -> list[tuple[object, ...]]:
    return [
        tuple(rows.data(rows.index(row, column)) for column in range(rows.columnCount()))
        for row in range(rows.rowCount())
    ]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(before=rows_of, after=rows_of, named=st.booleans())
def test_that_the_table_shows_the_rows_that_were_given_last(qtmodeltester, before, after, named: bool) -> None:
    rows = Rows(HEADINGS, named=named)
    qtmodeltester.check(rows, force_py=True)
    rows.show(before)
    rows.show(after)
    assert shown(rows) == after


@given(
    new=st.lists(st.integers(100, 199), unique=True, max_size=5),
    kept=st.lists(st.integers(0, 99), unique=True, min_size=1, max_size=8),
    data=st.data(),
)
def test_that_the_current_row_stays_when_others_come_above_it_or_change(qapp, new, kept, data) -> None:
    view, rows = QTableView(), Rows(HEADINGS, named=True)
    view.setModel(rows)
    rows.show([(str(number), "queued") for number in kept])
    place = data.draw(st.integers(0, len(kept) - 1))
    view.setCurrentIndex(rows.index(place, 0))
    rows.show([(str(number), "done") for number in (*new, *kept)])
    assert rows.data(view.currentIndex()) == str(kept[place])
    assert shown(rows)[-1] == (str(kept[-1]), "done")


@pytest.mark.parametrize("width", [240, 320, 480])
def test_that_the_words_of_a_step_are_wrapped_and_its_figures_are_whole(qtbot, width: int) -> None:
    table = Table("Steps", ("Step", "Done"), ("Done",), wraps=True, widest=0)
    qtbot.addWidget(table)
    table.show_rows([("Ausschussgrenzwertbestimmung an guten Teilen", "1 284 of 1 284, 1 204 s"), ("Export", "3 s")])
    table.resize(width, 300)
    with qtbot.waitExposed(table):
        table.show()
    metrics = table.fontMetrics()
    qtbot.waitUntil(lambda: table.columnWidth(0) + table.columnWidth(1) <= table.viewport().width())
    assert table.columnWidth(1) >= metrics.horizontalAdvance("1 284 of 1 284, 1 204 s")
    lines = metrics.boundingRect(
        0, 0, table.columnWidth(0) - 24, 1000, int(Qt.TextFlag.TextWordWrap), "Export"
    ).height()
    qtbot.waitUntil(lambda: table.rowHeight(0) > lines)


def test_that_marked_rows_stay_marked(qtbot) -> None:
    table = Table("Runs", HEADINGS, named=True)
    qtbot.addWidget(table)
    table.setSelectionMode(Table.SelectionMode.MultiSelection)
    table.show_rows([("1", "done"), ("2", "queued")])
    flags = QItemSelectionModel.SelectionFlag
    table.selectionModel().select(table.model().index(1, 0), flags.Select | flags.Rows)
    table.show_rows([("3", "queued"), ("1", "done"), ("2", "running")])
    assert [index.row() for index in table.selectionModel().selectedRows()] == [2]
