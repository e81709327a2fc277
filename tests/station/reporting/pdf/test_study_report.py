"""An attribute study on paper."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import cv2
import numpy as np
from pdfa_rules import broken_rules
from pypdf import PdfReader
from studied import answers_of, study_of

from station.domain.study.study import StudyAnswer
from station.reporting.pdf.study_report import MOST_PICTURES, write_study_pdf
from station.reporting.study_statistics import figures_of
from station.settings import StationSettings

REFERENCES = "gd" * 10
PEOPLE = ("Anna & <b>Ben</b>", "Jürgen")


def _jpeg(grey: int) -> bytes:
    return bytes(cv2.imencode(".jpg", np.full((60, 80, 3), grey, np.uint8))[1])


def printed(path: Path, answers: Sequence[StudyAnswer], at: datetime, pictures: int = 2) -> tuple[str, PdfReader]:
    figures = figures_of(study_of(REFERENCES, PEOPLE), answers)
    shown = {each.part.number: _jpeg(9 * each.part.number) for each in figures.disagreements[:pictures]}
    write_study_pdf(figures, answers, shown, StationSettings(name="Station 3"), path, at)
    pdf = PdfReader(path)
    return " ".join(" ".join(page.extract_text() for page in pdf.pages).split()), pdf


def test_that_every_figure_and_every_wrong_part_is_printed(tmp_path: Path) -> None:
    answers = answers_of({1: [REFERENCES, REFERENCES], 2: ["g" * 20, REFERENCES]})
    text, pdf = printed(tmp_path / "s.pdf", answers, datetime(2026, 11, 28, tzinfo=UTC))
    assert broken_rules((tmp_path / "s.pdf").read_bytes()) == []
    assert "Attribute study 1: cookie" in text
    assert "10 good parts, 10 defects, 2 trials, 2 people" in text
    assert "Anna & <b>Ben</b> is acceptable" in text
    assert "Jürgen is not acceptable" in text
    assert "50.0 % (10 of 20; 29.9 to 70.1 %)" in text.replace("\N{NO-BREAK SPACE}", " ")
    assert "part 2, defect (scratch): Anna & <b>Ben</b> defect, defect; Jürgen good, defect" in text
    assert text.count("Jürgen good, defect") == 10
    assert sum(len(page.images) for page in pdf.pages) == 2
    assert text.count("picture is missing") == min(10, MOST_PICTURES) - 2


def test_that_a_study_printed_twice_has_the_same_hash_and_another_answer_another(tmp_path: Path) -> None:
    answers = answers_of({1: [REFERENCES, REFERENCES], 2: [REFERENCES, REFERENCES]})
    changed = answers_of({1: [REFERENCES, REFERENCES], 2: [REFERENCES, "d" + REFERENCES[1:]]})
    (text, first), (_, again), (_, other) = (
        printed(tmp_path / f"{day}.pdf", given, datetime(2026, 11, day, tzinfo=UTC))
        for day, given in ((1, answers), (2, list(reversed(answers))), (3, changed))
    )
    assert first.metadata is not None
    assert again.metadata is not None
    assert other.metadata is not None
    assert first.metadata.subject == again.metadata.subject
    assert first.metadata.subject != other.metadata.subject
    assert first.metadata.subject is not None
    assert first.metadata.subject.removeprefix("Content SHA-256 ") in text


def test_that_a_study_without_an_answer_is_printed(tmp_path: Path) -> None:
    text, _ = printed(tmp_path / "s.pdf", [], datetime(2026, 11, 28, tzinfo=UTC))
    assert "Jürgen has given 0 of 40 answers; the result is open." in text
