"""Names that may say good and defective in words that are not known: which pictures are good has to be asked."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise

from station.domain.errors import BadInputError
from station.learning.layout import vocabulary
from station.learning.layout.places import Places
from station.learning.layout.tree import File, Folders, Tree
from station.learning.layout.words import Label, fold, sense_of, words_in

_OPPOSITE_PREFIXES = ("un", "non", "not", "no", "in", "im", "ir", "dis", "ne", "nie", "nicht", "не", "ab", "不", "非")
_OPPOSITES = {
    "0": "1", "g": "b", "p": "f", "o": "x", "○": "×", "✓": "✗", "✔": "✘", "green": "red", "grun": "rot",
    "vert": "rouge", "verde": "rosso", "keep": "drop", "cd": "ud", "cp": "up", "cw": "uw",
}  # fmt: skip
_CLASSES = frozenset(fold(word) for word in vocabulary.CLASSES.split())
_VERSIONS = frozenset({"v", "rev", "version"})
_TEMPLATES = frozenset(vocabulary.TEMPLATES.split())
_COMPARED = frozenset(vocabulary.COMPARED.split())
_PLACES = frozenset(vocabulary.PLACES.split())
_PLACES_OF_WORD = {
    "end in": re.compile(r"(?P<base>.*?)[\W_]+(?P<word>[^\W_]+)"),
    "begin with": re.compile(r"(?P<word>[^\W_]+)[\W_]+(?P<base>.*[^\W_].*)"),
}
_CLASS_NUMBER = re.compile(r"(?:class|cls|klasse|label)(?=[01]$)")


def require_no_open_folders(tree: Tree, places: Places, remedy: str) -> None:
    """Raise `BadInputError` if neighbouring folders may be good and defective by names that are not known."""
    for above, names in places.children.items():
        pair = _numbers(above, names, places) or _open_pair(above, names, places)
        if pair is not None:
            raise BadInputError(
                f"{tree.place(above) if above else tree.folder} holds folders {pair[0]} and {pair[1]}, which may say "
                "good and defective: it cannot be known which of them are good parts.",
                remedy,
            )


def require_no_open_files(assumed_good: Iterable[File], remedy: str) -> None:
    """Raise `BadInputError` if pictures without a label may be good and defective by how their names begin or end."""
    files = tuple(assumed_good)
    for where, pattern in _PLACES_OF_WORD.items():
        found = [(file, pattern.fullmatch(fold(file.path.stem))) for file in files]
        of_word: defaultdict[str, dict[tuple[Folders, str], File]] = defaultdict(dict)
        for file, match in found:
            if match is not None:
                of_word[_CLASS_NUMBER.sub("", match["word"])][file.folders, match["base"]] = file
        everywhere = all(match is not None for _, match in found)
        for one, other in _opposite_words(of_word, everywhere=everywhere):
            first, second = next(iter(of_word[one].values())), next(iter(of_word[other].values()))
            raise BadInputError(
                f"The names of {first.path} and {second.path} {where} '{one}' and '{other}', which may say good and "
                "defective: it cannot be known which of them are good parts.",
                remedy,
            )


def _numbers(above: Folders, names: set[str], places: Places) -> tuple[str, str] | None:
    """Return the folders "0" and "1", or "class 0" and "class 1", if there are no others; not "good/0" nor "cam0"."""
    one, *others = sorted(names)
    numbers = {"".join(letter for letter in name if letter.isdecimal()) for name in names}
    if len(names) != 2 or numbers != {"0", "1"} or not all(sense_of(name).neutral for name in names):
        return None
    labels = {places.of((*above, name)).label for name in names}
    if labels in ({Label.GOOD}, {Label.DEFECT}) or all(_PLACES & words_in(name).keys() for name in names):
        return None
    return one, others[0]


def _open_pair(above: Folders, names: set[str], places: Places) -> tuple[str, str] | None:
    """Return two neighbours without a label of which one may be defective; None without such."""
    silent = sorted(name for name in names if places.of((*above, name)).label is None)
    silent = [name for name in silent if not places.above_labels((*above, name))]
    opposite = [name for name in silent if not sense_of(name).neutral]
    return _opposites(opposite, alone=len(names) == 2) or _classes(silent) or _extended(silent)


def _opposites(names: Iterable[str], *, alone: bool) -> tuple[str, str] | None:
    """Return "sharp" and "unsharp"; "green" and "red" only if they are alone, as there are lights of three colours."""
    of_name = {fold(name): name for name in names}
    for folded, name in of_name.items():
        for prefix in _OPPOSITE_PREFIXES:
            if (rest := folded.removeprefix(prefix).lstrip("-_ ")) != folded and rest in of_name:
                return of_name[rest], name
        if alone and _OPPOSITES.get(folded) in of_name:
            return name, of_name[_OPPOSITES[folded]]
    return None


def _classes(names: Iterable[str]) -> tuple[str, str] | None:
    """Return "Klasse_A" and "Klasse_B": classes may be those of quality."""
    classes = [name for name in names if len(words := words_in(name)) > 1 and _CLASSES & set(words)]
    return next(pairwise(classes), None)


def _extended(names: Iterable[str]) -> tuple[str, str] | None:
    """Return "lot1" and "lot1_hidden": the word that is not known may say what is wrong with those."""
    words = {name: words_in(name) for name in names}
    for name, longer in words.items():
        for other, shorter in words.items():
            more = longer.keys() - shorter.keys()
            if shorter and shorter.keys() < longer.keys() and not more & _VERSIONS and not all(map(longer.get, more)):
                return other, name
    return None


def _opposite_words(
    of_word: Mapping[str, Mapping[tuple[Folders, str], File]], *, everywhere: bool
) -> Iterator[tuple[str, str]]:
    """Yield "temp" and "test" of one picture; and "0" and "1" if all have them, unless each has both, as views have."""
    for one, files in of_word.items():
        for other, others in of_word.items():
            if one in _TEMPLATES and _is_compared(other) and files.keys() & others.keys():
                yield one, other
            if everywhere and len(of_word) == 2 and _OPPOSITES.get(one) == other and files.keys() != others.keys():
                yield one, other


def _is_compared(word: str) -> bool:
    return word in _COMPARED or sense_of(word).split == "test"
