"""Evaluations on paper."""

from pathlib import Path

import cv2
import numpy as np
from evaluated import evaluation
from pdfa_rules import broken_rules
from pypdf import PdfReader

from station.reporting.pdf.evaluation_report import MOST_PICTURES, write_evaluation_pdf
from station.settings import StationSettings


def _jpeg(grey: int) -> bytes:
    return bytes(cv2.imencode(".jpg", np.full((60, 80, 3), grey, np.uint8))[1])


def test_that_two_revisions_are_printed_side_by_side_with_their_worst_mistakes(tmp_path: Path) -> None:
    first, second = evaluation(3), evaluation(4, escapes=5)
    pictures = {("tile@4", f"test/crack/{n:03}.png"): _jpeg(40 * n) for n in range(5)}
    path = tmp_path / "e.pdf"
    write_evaluation_pdf([first, second], pictures, StationSettings(), path)
    assert broken_rules(path.read_bytes()) == []
    pages = PdfReader(path).pages
    words = " ".join(" ".join(page.extract_text() for page in pages).split())
    assert "tile@3 beside tile@4" in words
    assert "0.982 (0.961 to 0.994)" in words
    assert words.count("escape: crack") == 6
    assert sum(len(page.images) for page in pages) == 5
    assert words.count("picture is missing") == 2 * MOST_PICTURES - 5
