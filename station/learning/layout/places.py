"""What the folders above a picture say of it: label, split and kind of defect, or why that cannot be known."""

from collections.abc import Iterable
from dataclasses import dataclass

from station.learning.labels import Split
from station.learning.layout.kind_names import kind_of_folder
from station.learning.layout.tree import Folders, children_of
from station.learning.layout.words import Label, Sense, fold, sense_of

_LINES = frozenset({"line", "linie", "ligne", "linea"})


@dataclass(frozen=True, slots=True)
class Place:
    """What a folder says of the pictures in it.

    Attributes:
        label: What they are; None if no name says it.
        split: What they are for; None if no name says it.
        kind: The kind of defect; "" if they are no defects.
        depth: How many of the folders, from the top, it took to say so.
        deciding: Which of the folders said so; the others only group pictures, by day or by camera.
        trouble: Why it cannot be known, a sentence; "" if it can.
    """

    label: Label | None = None
    split: Split | None = None
    kind: str = ""
    depth: int = 0
    deciding: frozenset[int] = frozenset()
    trouble: str = ""


class Places:
    """Reads the places of one tree; a name may depend on its neighbours.

    Attributes:
        children: The names of the subfolders of each folder.
    """

    def __init__(self, folders: Iterable[Folders]) -> None:
        """Take every folder that holds files."""
        self._holding = set(folders)
        self._all = {names[:depth] for names in self._holding for depth in range(len(names) + 1)}
        self.children = children_of(self._all)
        self._known: dict[Folders, Place] = {}
        self._titles: dict[Folders, bool] = {}

    def of(self, folders: Folders) -> Place:
        """Return what these folders say."""
        if folders not in self._known:
            self._known[folders] = self._read(folders)
        return self._known[folders]

    def above_labels(self, folders: Folders) -> bool:
        """Return whether subfolders of this folder say what their pictures are."""
        return any(
            len(other) > len(folders) and other[: len(folders)] == folders and self._says(sense_of(other[-1]))
            for other in self._all
        )

    def _read(self, folders: Folders) -> Place:
        senses = [self._in_context(folders, index) for index in range(len(folders))]
        masks = [index for index, sense in enumerate(senses) if sense.label is Label.MASK]
        if masks:
            return Place(Label.MASK, None, "", masks[0] + 1, frozenset(masks))
        splits = [index for index, sense in enumerate(senses) if sense.split]
        split = senses[splits[-1]].split if splits else None
        labels = [index for index, sense in enumerate(senses) if sense.label is not None]
        if not labels:
            return self._unlabelled(folders, split, splits)
        deciding = frozenset((labels[-1], *splits[-1:]))
        found = {senses[index].label for index in labels}
        label = Label.DOUBT if Label.DOUBT in found else senses[labels[-1]].label
        trouble = ""
        if found >= {Label.GOOD, Label.DEFECT}:
            names = " and ".join(f"'{folders[index]}'" for index in labels)
            trouble = f"{'/'.join(folders)} lies in {names}: that is good and defective at once."
        kind = kind_of_folder(folders[labels[-1]]) if label is Label.DEFECT else ""
        return Place(label, split, kind, max(deciding) + 1, deciding, trouble)

    def _unlabelled(self, folders: Folders, split: Split | None, splits: list[int]) -> Place:
        """Under `test` every folder is a kind of defect, as in MVTec, unless its name is that of a day or a camera."""
        deciding = frozenset(splits[-1:])
        if split != "test":
            return Place(None, split, "", max(deciding, default=-1) + 1, deciding)
        first = splits[-1] + 1
        kinds = [
            index
            for index in range(first, len(folders))
            if not sense_of(folders[index]).neutral or (index == first and self._is_kind(folders[: first + 1]))
        ]
        if not kinds:
            return Place(None, split, "", len(folders), deciding)
        kind = folders[kinds[0]]
        trouble = ""
        if self._is_learned_from(kind):
            trouble = f"'{kind}' is a folder of pictures to learn from and of pictures to measure with: is it good?"
        return Place(Label.DEFECT, split, kind_of_folder(kind), kinds[0] + 1, deciding | {kinds[0]}, trouble)

    def _is_kind(self, folders: Folders) -> bool:
        """Return whether "line" directly under `test` is a defect, not a production line: it has masks of its own.

        Without masks, it is one beside `good`, because scratches are often called so.
        """
        *above, test, name = folders
        if any(letter.isdecimal() for letter in name) or self.above_labels(folders):
            return False
        marked = any(
            len(other) == len(folders)
            and list(other[: len(above)]) == above
            and sense_of(other[-2]).label is Label.MASK
            and fold(other[-1]) == fold(name)
            for other in self._all
        )
        beside = self.children[(*above, test)] - {name}
        return marked or (fold(name) in _LINES and any(sense_of(other).label is Label.GOOD for other in beside))

    def _is_learned_from(self, kind: str) -> bool:
        """Return whether the same name is also used for pictures to learn from, as for classes of good parts."""
        return any(
            fold(kind) in map(fold, names)
            for above, names in self.children.items()
            if above and sense_of(above[-1]).split == "train"
        )

    def _in_context(self, folders: Folders, index: int) -> Sense:
        """Return what a name says, without a label where it is the title of what is sorted below it."""
        sense = sense_of(folders[index])
        alone = folders[:index] not in self._holding and not self._has_neighbours(folders[:index])
        if sense.label is Label.MASK and not sense.generic and alone:
            return Sense(neutral=True)
        if sense.label is Label.DOUBT and sense.title and self.above_labels(folders[: index + 1]):
            return Sense()
        if sense.label not in (Label.GOOD, Label.DEFECT):
            return sense
        named = folders[: index + 1]
        if named not in self._titles:
            self._titles[named] = self._is_title(named, sense)
        return Sense() if self._titles[named] else sense

    def _has_neighbours(self, above: Folders) -> bool:
        return len(self.children.get(above, ())) > 1

    def _is_title(self, folders: Folders, sense: Sense) -> bool:
        """Return whether this name is that of a product or a data set: "broken glass", "surface_defect_dataset".

        "NG" alone is never one, whatever is in it.
        """
        below = [sense_of(other[-1]) for other in self._all if _is_below(other, folders)]
        good = any(one.label is Label.GOOD for one in below)
        sorted_below = good and any(one.label is Label.DEFECT or one.split for one in below)
        if not sorted_below:
            return False
        return sense.title or not sense.whole or (not sense.generic and any(one.split == "train" for one in below))

    @staticmethod
    def _says(sense: Sense) -> bool:
        return sense.label is not None or sense.split is not None


def _is_below(folders: Folders, above: Folders) -> bool:
    return len(folders) > len(above) and folders[: len(above)] == above
