"""A saved report is printed by the programs of the system, and a refusal is a sentence."""

import sys
from pathlib import Path

import pytest

from station.domain.errors import BadInputError
from ui.pages.shift_report import saved_file

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows prints by itself")


@pytest.fixture
def printer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A program `lp` that does this."""

    def make(script: str) -> None:
        (tmp_path / "lp").write_text(f"#!/bin/sh\n{script}\n")
        (tmp_path / "lp").chmod(0o755)
        monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")

    return make


def test_that_the_file_is_given_to_the_printer(printer, tmp_path: Path) -> None:
    printer(f'echo "$1" > {tmp_path}/printed')
    assert saved_file.print_file(tmp_path / "a b.pdf") == "a b.pdf was given to the printer."
    assert (tmp_path / "printed").read_text() == f"{tmp_path}/a b.pdf\n"


def test_that_a_printer_that_refuses_is_named_with_its_reason(printer, tmp_path: Path) -> None:
    printer("echo 'No default destination.' >&2; exit 1")
    with pytest.raises(BadInputError, match="The printer refused the file: No default destination"):
        saved_file.print_file(tmp_path / "a.pdf")


def test_that_a_computer_without_a_printer_says_so(monkeypatch, tmp_path: Path) -> None:
    monkeypatch.setattr(saved_file.shutil, "which", lambda _program: None)
    with pytest.raises(BadInputError, match="no printer"):
        saved_file.print_file(tmp_path / "a.pdf")


def test_that_a_file_that_nothing_opens_is_named(monkeypatch, tmp_path: Path) -> None:
    monkeypatch.setattr(saved_file.QDesktopServices, "openUrl", lambda _url: False)
    with pytest.raises(BadInputError, match=r"no program that opens a\.xlsx"):
        saved_file.open_file(tmp_path / "a.xlsx")
