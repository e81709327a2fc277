"""What the name of a folder or a file says: good, defect, mask, to learn from, to measure with."""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from station.learning.labels import Split
from station.learning.layout import vocabulary


class Label(StrEnum):
    """What a name says of the pictures behind it."""

    GOOD = "good"
    DEFECT = "defect"
    MASK = "mask"
    DOUBT = "doubt"


class _Word(StrEnum):
    """What one word of a name means."""

    GOOD = "good"
    DEFECT = "defect"
    KIND = "kind of defect"
    MASK = "mask"
    WEAK_MASK = "weak mask"
    TRAIN = "train"
    TEST = "test"
    DOUBT = "doubt"
    NEGATION = "negation"
    FREE = "free"
    FILLER = "filler"
    NUMBER = "number"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Sense:
    """What a name says.

    Attributes:
        label: What the pictures are; None if the name does not say.
        split: What they are for; None if the name does not say.
        whole: The name holds nothing but words with a known meaning: "OK parts 2", not "OK Halle".
        generic: The label is said by a word for good or bad itself, not by a kind of defect or a weak word.
        title: The name may be that of a whole data set: "surface_defect_dataset".
        neutral: The name says nothing of the pictures: "images", "12", "2026-11-28".
    """

    label: Label | None = None
    split: Split | None = None
    whole: bool = False
    generic: bool = False
    title: bool = False
    neutral: bool = False


@lru_cache(maxsize=4096)
def sense_of(name: str) -> Sense:
    """Return what the name of a folder says."""
    words = _words_of(name)
    meanings = _negated([meaning for _, meaning in words])
    whole = bool(words) and _Word.UNKNOWN not in meanings
    if not whole:
        meanings = [
            _Word.UNKNOWN if word in _WHOLE_ONLY else meaning
            for (word, _), meaning in zip(words, meanings, strict=True)
        ]
    known = set(meanings)
    label = Label.DOUBT if words and all(meaning is _Word.NEGATION for _, meaning in words) else _label(known)
    generic = bool(known & {_Word.GOOD, _Word.DEFECT, _Word.MASK, _Word.DOUBT})
    neutral = bool(words) and known <= {_Word.FILLER, _Word.NUMBER}
    title = any(word in _TITLES for word, _ in words)
    return Sense(label, _split(known) if whole else None, whole, generic, title, neutral)


def words_in(name: str) -> dict[str, bool]:
    """Return the words of a name, and of each whether its meaning is known."""
    return {word: meaning is not _Word.UNKNOWN for word, meaning in _words_of(name)}


def sense_of_stem(stem: str) -> Sense:
    """Return what the name of a file says by its first or last word: "NG_3", "part 12 ok"; the middle is not read."""
    sense = sense_of(stem)
    if sense.whole or sense.label is None:
        return sense
    words = _words_of(stem)
    meanings = [meaning for _, meaning in words if meaning is not _Word.NUMBER]
    speaks = {*meanings[:1], *meanings[-1:]} & {_Word.GOOD, _Word.DEFECT, _Word.KIND, _Word.DOUBT, _Word.NEGATION}
    return sense if speaks else Sense()


@dataclass(frozen=True, slots=True)
class MaskName:
    """The name of a file that marks another picture.

    Attributes:
        base: The stem of the marked picture, folded: "000" of "000_mask_2".
        sure: The word alone says it; otherwise only beside a picture of that stem.
    """

    base: str
    sure: bool


_MASK_WORDS = sorted(
    {*vocabulary.MASK.split(), *vocabulary.WEAK_MASK.split(), *vocabulary.CJK["mask"].split(), "ground truth"},
    key=len,
    reverse=True,
)
_MARK = "(?P<word>" + "|".join(word.replace(" ", "[ _-]?") for word in _MASK_WORDS) + ")"
_BEHIND = re.compile(rf"(?P<base>.*?)[\W_]*(?<![^\W\d_]){_MARK}[\W_]*\d*[\W_]*")
_GLUED = re.compile(r"(?P<base>.*\d)(?P<word>mask)\d*")
_BEFORE = re.compile(rf"{_MARK}(?![^\W\d_])[\W_]*(?P<base>.*[^\W_].*)")
_OUTPUT_WORDS = "|".join((vocabulary.OUTPUTS + vocabulary.DRAWN_ON).split())
_OUTPUT = re.compile(rf"(?P<base>.+?)[\W_]+({_OUTPUT_WORDS})[\W_]*")


@lru_cache(maxsize=65536)
def mask_name_of(stem: str) -> MaskName | None:
    """Return whose mask a file of this stem would be; None if its name is that of a picture."""
    folded = fold(stem)
    found = _BEFORE.fullmatch(folded) or _BEHIND.fullmatch(folded) or _GLUED.fullmatch(folded)
    if found is None:
        return None
    base = found["base"].strip(" _-.([")
    return MaskName(base, sure=found["word"] not in vocabulary.WEAK_MASK.split())


def output_name_of(stem: str) -> str | None:
    """Return the folded stem of the picture that a program made this file of: "000" of "000_heatmap"; else None."""
    found = _OUTPUT.fullmatch(fold(stem))
    return found["base"] if found else None


def fold(text: str) -> str:
    """Return the text without case, accents and width: "GröSSe" and "große" are the same."""
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    kept = "".join(letter for letter in plain if not 0x300 <= ord(letter) < 0x370)
    return unicodedata.normalize("NFC", kept).replace("ı", "i")


def _lexicon() -> dict[str, _Word]:
    groups = {
        _Word.FILLER: vocabulary.FILLERS + vocabulary.TITLES,
        _Word.DOUBT: vocabulary.DOUBT + vocabulary.OUTPUTS + vocabulary.DRAWN_ON + vocabulary.MARKED,
        _Word.WEAK_MASK: vocabulary.WEAK_MASK,
        _Word.KIND: vocabulary.KINDS,
        _Word.TRAIN: vocabulary.TRAIN,
        _Word.TEST: vocabulary.TEST,
        _Word.MASK: vocabulary.MASK,
        _Word.GOOD: vocabulary.GOOD,
        _Word.DEFECT: vocabulary.DEFECT,
        _Word.FREE: vocabulary.FREE,
        _Word.NEGATION: vocabulary.NEGATION,
    }
    return {fold(word): meaning for meaning, words in groups.items() for word in words.split()}


_LEXICON = _lexicon()
_TITLES = frozenset((vocabulary.TITLES + vocabulary.DRAWN_ON + vocabulary.MARKED).split())
_CJK = {fold(word): _Word(meaning) for meaning, words in vocabulary.CJK.items() for word in words.split()}
_LONGEST_CJK = max(map(len, _CJK))
_PHRASES = {("in", "ordnung"): ("inordnung", _Word.GOOD), ("ground", "truth"): ("groundtruth", _Word.MASK)}
_NOT = {("n", word): (f"n{word}", _Word.DEFECT) for word in ("ok", "okay", "gut", "good", "io", "conforme", "conform")}
_FAR_EAST = "\u2e80-\u9fff\uac00-\ud7ff\uf900-\ufaff"
_PIECES = re.compile(rf"\d+|[{_FAR_EAST}]+|[^\W\d_{_FAR_EAST}]+")
_CAMEL = re.compile(r"(?<=[a-zß-ÿ])(?=[A-ZÀ-Þ])|(?<=[A-ZÀ-Þ])(?=[A-ZÀ-Þ][a-zß-ÿ])")
_WHOLE_ONLY = frozenset(vocabulary.WHOLE_ONLY.split()) - frozenset(vocabulary.NEGATION.split())
_NOT_GLUED = frozenset(vocabulary.WHOLE_ONLY.split()) - {"pass", "val"}


def _words_of(name: str) -> list[tuple[str, _Word]]:
    """Return the words of a name with their meanings: "n.i.O. Teile" is nio (defect), teile (filler)."""
    words: list[tuple[str, _Word]] = []
    for piece in _joined_letters(_PIECES.findall(unicodedata.normalize("NFKC", name))):
        words += _read(piece)
    return _joined_phrases(words)


def _joined_letters(pieces: list[str]) -> list[str]:
    """Join single letters, because people write "n. i. O." and "N/G"."""
    joined: list[str] = []
    last_was_letter = False
    for piece in pieces:
        is_letter = len(piece) == 1 and piece.isalpha() and fold(piece).isascii()
        if is_letter and last_was_letter:
            joined[-1] += piece
        else:
            joined.append(piece)
        last_was_letter = is_letter
    return joined


def _read(piece: str) -> list[tuple[str, _Word]]:
    folded = fold(piece)
    if folded.isdecimal():
        return [(folded, _Word.NUMBER)]
    if folded in _LEXICON:
        return [(folded, _LEXICON[folded])]
    if re.match(f"[{_FAR_EAST}\u1100-\u11ff]", folded):
        return _read_cjk(folded)
    humps = _joined_letters(_CAMEL.split(piece))
    if len(humps) > 1:  # "xY" is one word: its two letters are joined again
        return [word for hump in humps for word in _read(hump)]
    return _unglued(folded) or [(folded, _Word.UNKNOWN)]


def _unglued(folded: str) -> list[tuple[str, _Word]]:
    """Return the two known words of "okparts" or "trainnormal"; empty if it is one word, such as "goodyear"."""
    for place in range(2, len(folded) - 2):
        first, second = folded[:place], folded[place:]
        if len(second) >= 3 and _may_be_glued(first) and _may_be_glued(second):
            return [(first, _LEXICON[first]), (second, _LEXICON[second])]
        if len(second) == 2 and second in ("ok", "ng") and len(first) >= 4 and _may_be_glued(first):
            return [(first, _LEXICON[first]), (second, _LEXICON[second])]
    return []


def _may_be_glued(word: str) -> bool:
    if word not in _LEXICON or word in _NOT_GLUED:
        return False
    return len(word) >= 3 or word in ("ok", "ng")


def _read_cjk(folded: str) -> list[tuple[str, _Word]]:
    """Return the longest known words from left to right: "不良品" is not "良品"."""
    words: list[tuple[str, _Word]] = []
    place = 0
    while place < len(folded):
        length = next((n for n in range(_LONGEST_CJK, 0, -1) if folded[place : place + n] in _CJK), 0)
        word = folded[place : place + (length or 1)]
        words.append((word, _CJK.get(word, _Word.UNKNOWN)) if length else (word, _LEXICON.get(word, _Word.UNKNOWN)))
        place += length or 1
    return words


def _joined_phrases(words: list[tuple[str, _Word]]) -> list[tuple[str, _Word]]:
    joined: list[tuple[str, _Word]] = []
    for word in words:
        phrase = (_PHRASES | _NOT).get((joined[-1][0], word[0])) if joined else None
        if phrase is not None:
            joined[-1] = phrase
        else:
            joined.append(word)
    return joined


_OPPOSITE = {_Word.GOOD: _Word.DEFECT, _Word.DEFECT: _Word.GOOD, _Word.KIND: _Word.GOOD}


def _negated(meanings: list[_Word]) -> list[_Word]:
    """Turn what is negated: "not ok" is a defect, "no defect", "free of cracks" and "defect free" are good."""
    turned = list(meanings)
    for place, meaning in enumerate(meanings):
        if meaning in (_Word.NEGATION, _Word.FREE):
            behind = next((n for n in range(place + 1, len(meanings)) if meanings[n] is not _Word.FILLER), None)
            before = place - 1 if meaning is _Word.FREE and place else None
            target = before if before is not None and meanings[before] in (_Word.DEFECT, _Word.KIND) else behind
            if target is not None and meanings[target] in _OPPOSITE:
                turned[target] = _OPPOSITE[meanings[target]]
                turned[place] = _Word.FILLER
    return [_Word.FILLER if meaning in (_Word.NEGATION, _Word.FREE) else meaning for meaning in turned]


def _label(known: set[_Word]) -> Label | None:
    bad = known & {_Word.DEFECT, _Word.KIND}
    if _Word.MASK in known:
        return Label.MASK
    if _Word.DOUBT in known or (bad and _Word.GOOD in known):
        return Label.DOUBT
    if bad:
        return Label.DEFECT
    if _Word.GOOD in known:
        return Label.GOOD
    return Label.MASK if _Word.WEAK_MASK in known else None


def _split(known: set[_Word]) -> Split | None:
    match _Word.TRAIN in known, _Word.TEST in known:
        case True, False:
            return "train"
        case False, True:
            return "test"
    return None
