"""Evaluations as a table, and in words."""

import csv
from dataclasses import replace
from pathlib import Path

from evaluated import evaluation

from station.domain.evaluation import Evaluation
from station.domain.rates import Rate
from station.reporting.evaluation_table import write_evaluation_csv
from station.reporting.evaluation_wording import caution, side_by_side


def _rows(evaluations: list[Evaluation], path: Path) -> list[dict[str, str]]:
    write_evaluation_csv(evaluations, path)
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_that_the_table_holds_every_figure_and_every_picture_of_each_evaluation(tmp_path: Path) -> None:
    rows = _rows([evaluation(3), evaluation(4, escapes=5)], tmp_path / "e.csv")
    assert {row["revision"] for row in rows} == {"3", "4"}
    escapes = [row for row in rows if (row["name"], row["kind"]) == ("escapes", "")]
    assert [(row["count"], row["n"]) for row in escapes] == [("1", "40"), ("5", "40")]
    pictures = [row for row in rows if row["group"] == "picture"]
    assert len(pictures) == 2 * 140
    assert sum(row["kind"] == "crack" and row["verdict"] == "PASS" for row in pictures) == 6


def test_that_two_evaluations_have_their_figures_in_one_row() -> None:
    rows = {row[0]: row[1:] for row in side_by_side([evaluation(3), evaluation(4, escapes=5)])}
    assert rows["AUROC"] == ("0.982 (0.961 to 0.994)",) * 2
    assert rows["Escapes"][0] != rows["Escapes"][1]
    assert "sPRO (5 %)" not in rows


def test_that_few_defects_are_said_in_a_sentence() -> None:
    few = replace(evaluation(), escapes=Rate(0, 3))
    assert caution(few).replace("\N{NO-BREAK SPACE}", " ") == "3 of 3 found: detection 44 to 100 %"
    assert caution(evaluation()) == ""
