"""What a recipe expects of a code, and how a code is said."""

import time

import pytest

from station.domain.geometry import RegionOfInterest
from station.domain.part_code import CodeRule, ReadCode

HERE = RegionOfInterest(0, 0, 10, 10)


def test_that_the_serial_is_the_first_group_of_the_pattern_else_the_whole_text() -> None:
    assert CodeRule(HERE, pattern=r"P\d+;(SN\d+)?;(.*)").serial_of("P1;SN2;x") == "SN2"
    assert CodeRule(HERE, pattern=r"P\d+;(SN\d+)?").serial_of("P1;") == "P1;"
    assert CodeRule(HERE).serial_of("P1") == "P1"


@pytest.mark.parametrize("nothing", ["", " ", "\x1d", "]d2"])
def test_that_a_code_of_nothing_does_not_fit_even_if_anything_may(nothing: str) -> None:
    assert CodeRule(HERE).misfit(nothing) == "the code is empty"
    assert CodeRule(HERE).misfit("1") == ""


def test_that_no_pattern_holds_up_the_line() -> None:
    rule, began = CodeRule(HERE, pattern="(a+)+b"), time.process_time()
    assert rule.misfit("a" * 3000).endswith("does not fit (a+)+b")
    assert time.process_time() - began < 5  # `re` takes longer than the world has


@pytest.mark.parametrize("wrong", [{"pattern": "("}, {"kinds": ()}, {"length": -1}, {"pattern": "(?=a)"}])
def test_that_a_rule_that_no_code_can_be_judged_by_is_refused(wrong, capfd) -> None:
    with pytest.raises(ValueError, match=r"regular expression|kind of code|characters"):
        CodeRule(HERE, **wrong)
    assert "Error parsing" not in capfd.readouterr().err


def test_that_a_code_says_how_surely_it_was_read() -> None:
    sure = ReadCode("SN1", "SN1", "QR Code", 0.71, 2)
    assert sure.words == "Code SN1 (QR Code, 71 % of its correction left, attempt 2)"
    assert ReadCode("SN1", "SN1", "Code 128").words == "Code SN1 (Code 128, attempt 1)"
    assert ReadCode(attempts=4, problem="no code is in its region").words == (
        "Code not read in 4 attempts: no code is in its region"
    )
