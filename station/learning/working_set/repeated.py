"""What an import says of pictures that the working set has already."""

from datetime import datetime

from station.domain.dataset import Label, LabelChange
from station.domain.formatting import counted, one_or_many
from station.domain.names import few_of
from station.storage.learning.dataset_items import DatasetItems, NewItem

_NAMED_AT_MOST = 5


class Repeated:
    """Settles pictures that came before: a label that nobody gave yet is taken, and one that contradicts is named.

    What a person said of a picture stays, also "unlabelled". A picture that one import calls good and a defect is
    unlabelled: it must not be learned as good.
    """

    def __init__(self, items: DatasetItems, person: str, at: datetime) -> None:
        self._items = items
        self._person, self._at = person, at
        self._added: set[int] = set()
        self._labelled = 0
        self._contradicting: list[str] = []

    def note_added(self, item_id: int) -> None:
        """Note a picture that this import added."""
        self._added.add(item_id)

    def settle(self, again: NewItem) -> None:
        """Record what this import says of a picture that is there already.

        Raises:
            StorageError: The disk refused it.
        """
        item_id = self._items.find_picture(again.product, again.view, again.picture_sha256)
        if item_id is None or again.label is Label.UNLABELLED:
            return
        present = self._items.labels_of([item_id]).get(item_id)
        if present is None:
            self._say(item_id, again.label, again.kind, again.mask_sha256)
            self._labelled += 1
        elif present.label is Label.UNLABELLED:
            return
        elif present.label is not again.label:
            self._contradict(item_id, present, again)
        elif again.mask_sha256 and not present.mask_sha256 and present.kind == again.kind:
            self._say(item_id, again.label, again.kind, again.mask_sha256)

    @property
    def notes(self) -> tuple[str, ...]:
        """Return what became of them, a sentence each."""
        was, has = one_or_many(self._labelled, "was", "were"), one_or_many(self._labelled, "has", "have")
        labelled = f"{counted(self._labelled, 'picture')} that {was} there already {has} a label now"
        named = f"left out, labels that contradict: {few_of(self._contradicting, _NAMED_AT_MOST)}"
        return (*((labelled,) if self._labelled else ()), *((named,) if self._contradicting else ()))

    def _contradict(self, item_id: int, present: LabelChange, again: NewItem) -> None:
        words = f"{again.name} is {present.kind or present.label} already, and {again.kind or again.label} here"
        if item_id in self._added:
            self._say(item_id, Label.UNLABELLED, "", "")
            words = f"{again.name} is among the good parts and among the defects, and stays unlabelled"
        self._contradicting.append(words)

    def _say(self, item_id: int, label: Label, kind: str, mask_sha256: str) -> None:
        self._items.add_labels([LabelChange(item_id, label, kind, mask_sha256, self._person, self._at)])
