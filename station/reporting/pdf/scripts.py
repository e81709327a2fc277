"""The scripts that our own typeface lacks: which fonts of a system have them, and what to install where none does."""

import unicodedata
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Script:
    """A script, or several that fonts have together.

    Attributes:
        name: As people call it: "Thai".
        ranges: First and last character of its blocks.
        fonts: Beginnings of the names of font files, lower case, best first.
        package: What Debian and Ubuntu call the package of such a font.
        joined: Its letters change their shape or their place beside each other.
        to_the_left: It is written from right to left.
    """

    name: str
    ranges: tuple[tuple[int, int], ...]
    fonts: tuple[str, ...]
    package: str
    joined: bool = False
    to_the_left: bool = False


_KOREAN = Script(
    "Korean",
    ((0x1100, 0x11FF), (0x3130, 0x318F), (0xA960, 0xA97F), (0xAC00, 0xD7FF)),
    ("notosanscjk", "notosanskr", "malgun", "nanumgothic", "applesdgothicneo", "undotum"),
    "fonts-noto-cjk",
)
_CHINESE = Script(
    "Chinese or Japanese",
    ((0x2E80, 0x312F), (0x3190, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0xFE30, 0xFE4F), (0xFF00, 0xFFEF),
     (0x20000, 0x3FFFF)),
    ("notosanscjk", "notosanssc", "notosansjp", "sourcehansans", "wqy", "droidsansfallback", "msyh", "yugoth",
     "meiryo", "msgothic", "simsun", "simhei", "msjh", "pingfang", "hiragino", "ipag", "takao", "uming"),
    "fonts-noto-cjk",
)  # fmt: skip
_ARABIC = Script(
    "Arabic",
    ((0x0600, 0x06FF), (0x0750, 0x077F), (0x08A0, 0x08FF), (0xFB50, 0xFDFF), (0xFE70, 0xFEFC)),
    ("notosansarabic", "notonaskharabic", "dejavusans", "segoeui", "tahoma", "arial", "geezapro"),
    "fonts-dejavu-core",
    joined=True,
    to_the_left=True,
)
_HEBREW = Script(
    "Hebrew",
    ((0x0590, 0x05FF), (0xFB1D, 0xFB4F)),
    ("notosanshebrew", "dejavusans", "segoeui", "arial", "david"),
    "fonts-dejavu-core",
    joined=True,
    to_the_left=True,
)
_THAI = Script(
    "Thai",
    ((0x0E00, 0x0E7F),),
    ("notosansthai", "loma", "garuda", "waree", "leelaw", "tahoma", "thonburi"),
    "fonts-thai-tlwg",
    joined=True,
)
_DEVANAGARI = Script(
    "Devanagari",
    ((0x0900, 0x097F), (0xA8E0, 0xA8FF)),
    ("notosansdevanagari", "lohit-devanagari", "nirmala", "mangal", "devanagari"),
    "fonts-lohit-deva",
    joined=True,
)
_INDIC = Script(
    "Indian",
    ((0x0980, 0x0DFF),),
    ("notosans", "lohit", "nirmala"),
    "fonts-noto-core",
    joined=True,
)
_OTHER = Script("other", ((0, 0x10FFFF),), ("notosans", "dejavusans", "segoeui", "seguisym"), "fonts-noto-core")

_SCRIPTS = (_KOREAN, _CHINESE, _ARABIC, _HEBREW, _THAI, _DEVANAGARI, _INDIC, _OTHER)


def script_of(character: str) -> Script:
    """Return the script of a character."""
    code = ord(character)
    return next(script for script in _SCRIPTS if any(first <= code <= last for first, last in script.ranges))


def visual_words(text: str) -> str:
    """Return the text with its words in the order in which they are seen from left to right.

    Letters inside a word keep their order; whoever draws it turns them. Words of a script that is written to the left
    are turned round together with the numbers between them: "Line A B 7 C" with A, B, C in Arabic is "Line C 7 B A".
    """
    words = text.split(" ")
    kinds = [_direction(word) for word in words]
    at = 0
    while at < len(words):
        if kinds[at] != "left":
            at += 1
            continue
        end = next((place for place in range(at, len(words)) if kinds[place] == "right"), len(words))
        last = max(place for place in range(at, end) if kinds[place] == "left") + 1
        words[at:last] = reversed(words[at:last])
        at = end
    return " ".join(words)


def _direction(word: str) -> str:
    """Return "left" or "right" by the first letter that has a direction; "" for numbers and signs."""
    strong = (unicodedata.bidirectional(character) for character in word)
    first = next((each for each in strong if each in ("L", "R", "AL")), "")
    return {"L": "right", "R": "left", "AL": "left"}.get(first, "")


def advice(scripts: tuple[Script, ...]) -> str:
    """Return the sentence on what to install for letters that no font of this computer has."""
    names = " and ".join(dict.fromkeys(script.name for script in scripts))
    packages = ", ".join(dict.fromkeys(script.package for script in scripts))
    return (
        f"Some letters are printed as codes such as [U+4E2D], because no font of this computer has {names} letters. "
        f"Install one: on Debian and Ubuntu the package {packages}; on Windows add the language under Settings."
    )
