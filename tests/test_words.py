"""Plain words: the phrases that docs/words.md replaces are in no file of the project."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
BANNED = re.compile(
    r"\b(told|tells|anew|nobody's|in sight|lets? go of|so many|stands|where there (?:is|are) (?:no|none)"
    r"|(?<!there )is no(?= (?!longer|more|less)\w))\b",
    re.IGNORECASE,
)
# The glossary and this test name the phrases; the licences are other people's words.
EXEMPT = {"docs/words.md", "tests/test_words.py", "LICENSE", "resources/fonts/OFL.txt"}
READ = {".py", ".md", ".toml", ".txt", ".c", ".h", ".sh", ".qss"}


def project_files() -> list[str]:
    """Return every text file in git, as a POSIX path."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [name for name in listed.split("\0") if Path(name).suffix in READ and name not in EXEMPT]


def banned_phrases(text: str) -> list[str]:
    """Return each line with a banned phrase; an underscore separates words as a space does."""
    words = text.replace("_", " ").replace("’", "'")
    return [line.strip() for line in words.splitlines() if BANNED.search(line)]


@pytest.mark.slow
def test_that_the_project_uses_plain_words() -> None:
    found = {
        name: lines
        for name in project_files()
        if (ROOT / name).is_file() and (lines := banned_phrases((ROOT / name).read_text("utf-8")))
    }
    assert found == {}


@pytest.mark.parametrize(
    "line", ["It is no picture.", "def test_that_it_is_told():", "Nobody's frame", "so many parts", "It stands there."]
)
def test_that_a_banned_phrase_is_found(line: str) -> None:
    assert banned_phrases(line) == [line.replace("_", " ")]


@pytest.mark.parametrize(
    "line", ["It is no longer there.", "the standard", "is not a picture", "There is no camera.", "The answer is no."]
)
def test_that_plain_words_pass(line: str) -> None:
    assert banned_phrases(line) == []
