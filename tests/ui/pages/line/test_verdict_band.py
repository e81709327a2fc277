"""The verdict across the window."""

import pytest
from PySide6.QtGui import QFontMetricsF

from station.domain.live_verdict import Beside
from station.domain.verdict import Verdict
from ui.pages.line.verdict_band import VerdictBand
from ui.theme.theme import current_theme


@pytest.fixture
def band(qtbot):
    made = VerdictBand()
    qtbot.addWidget(made)
    made.resize(1256, current_theme().sizes.band)
    made.show()
    return made


@pytest.mark.parametrize("verdict", list(Verdict))
def test_that_each_verdict_has_its_word_shape_and_colour(band, verdict: Verdict) -> None:
    band.show_live(verdict)
    assert band.word.text() == verdict.word
    assert band.sign.verdict is verdict
    assert band.sign.isVisible()
    colours = {band.grab().toImage().pixelColor(x, 30).name().upper() for x in range(16, 44)}
    assert current_theme().colours.of(verdict).fill in colours


@pytest.mark.parametrize("verdict", list(Verdict))
def test_that_its_capitals_are_an_eighth_of_an_800_pixel_window(band, verdict: Verdict) -> None:
    band.show_live(verdict)
    assert band.word.capital_px() >= 100


@pytest.mark.parametrize("word", ["NICHT GEPR\u00dcFT", "NACHPR\u00dcFUNG ERFORDERLICH", "\u672a\u68c0\u9a8c"])
def test_that_longer_words_of_other_languages_still_fit(band, word: str) -> None:
    band.show_live(Verdict.NOT_INSPECTED)
    band.word.setText(word)
    band.word.setFixedWidth(1000)
    lines, font = band.word._layout()
    assert max(QFontMetricsF(font).horizontalAdvance(line) for line in lines) <= 1000
    assert band.word.capital_px() > 40


def test_that_a_fail_that_is_held_has_what_comes_now_beside_it(band) -> None:
    band.show_live(Verdict.FAIL, Beside("NOW", Verdict.PASS, "part 0013"))
    assert band.beside.words == "NOW PASS part 0013"
    assert band.beside.property("now") == "PASS"
    assert "NOW PASS" in band.accessibleName()
    band.show_live(Verdict.PASS)
    assert band.beside.words == ""


def test_that_the_last_verdict_of_a_line_that_waits_has_no_colour(band) -> None:
    band.show_word("READY", beside=Beside("LAST", Verdict.FAIL, "part 0012, 40 s ago"))
    assert band.verdict is None
    assert (band.beside.words, band.beside.property("now")) == ("LAST FAIL part 0012, 40 s ago", "")


def test_that_a_fault_is_not_shown_as_a_verdict(band) -> None:
    band.show_live(Verdict.PASS)
    band.show_word("CAMERA LOST", troubled=True)
    assert band.verdict is None
    assert not band.sign.isVisible()
    assert band.property("verdict") == ""


@pytest.mark.parametrize("name", ["side", "below, left of the gripper arm"])
def test_that_two_lines_fit_inside_the_frame_and_are_still_large(band, name: str) -> None:
    band.show_word(f"CAMERA LOST: {name}\nPARTS NOT INSPECTED", troubled=True)
    lines, font = band.word._layout()
    assert len(lines) == 2
    assert max(QFontMetricsF(font).horizontalAdvance(line) for line in lines) <= band.word.width()
    assert band.word.capital_px() * 2.35 < band.height() - 2 * current_theme().sizes.frame
    assert band.word.capital_px() > 38
