"""The window opens whatever language the system speaks."""

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import ui

_SOURCES = Path("/usr/share/i18n/locales")
_LANGUAGES = (
    ("tr_TR", "UTF-8", ("demo", "--parts", "2")),
    ("tr_TR", "ISO-8859-9", ("probe",)),
    ("az_AZ", "UTF-8", ("probe",)),
)
"""In both languages the capital of i is another letter than I."""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="languages are made by localedef")
@pytest.mark.parametrize(("language", "letters", "command"), _LANGUAGES)
def test_that_the_window_opens_where_the_capital_of_i_is_another_letter(
    language: str, letters: str, command: tuple[str, ...], tmp_path: Path
) -> None:
    maker = shutil.which("localedef")
    if maker is None or not (_SOURCES / language).exists():
        pytest.skip("languages are made from the package locales: apt-get install locales")
    name = f"{language}.{letters}"
    subprocess.run([maker, "-i", language, "-f", letters, tmp_path / name], check=True, capture_output=True)
    words = os.environ | {"LOCPATH": str(tmp_path), "LC_ALL": name, "QT_QPA_PLATFORM": "offscreen"}
    program = [sys.executable, "-m", "ui", *command]
    opened = subprocess.run(program, env=words, capture_output=True, text=True, errors="replace", check=False)
    assert opened.returncode == 0, opened.stderr
    assert "Traceback" not in opened.stderr


@pytest.mark.slow
def test_that_no_property_of_qt_is_given_as_a_keyword_that_begins_with_an_i() -> None:
    """PySide6 makes the name of the setter from it by the language's own capitals: `setİnterval` does not exist."""
    found = []
    for file in Path(*ui.__path__).rglob("*.py"):
        calls = (node for node in ast.walk(ast.parse(file.read_text("utf-8"))) if isinstance(node, ast.Call))
        qt = (call for call in calls if isinstance(call.func, ast.Name) and call.func.id.startswith("Q"))
        found += [
            f"{file.name}: {word.arg}" for call in qt for word in call.keywords if (word.arg or "").startswith("i")
        ]
    assert found == []
