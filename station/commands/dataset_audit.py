"""What was done with a dataset, in the words of the audit trail."""

from collections.abc import Sequence
from pathlib import Path

from station.domain.audit import AuditAction
from station.domain.dataset import Added, DatasetItem
from station.people.audit_trail import AuditTrail
from station.people.audit_words import numbers_in_words

MOST_LOOKED_AT = 20
"""Pictures whose labels are named when many are labelled at once."""


class DatasetAudit:
    """Writes into the audit trail; `trail` is the trail itself."""

    def __init__(self, trail: AuditTrail) -> None:
        self.trail = trail

    def pictures(
        self, first: Sequence[DatasetItem], item_ids: Sequence[int], change: tuple[str, str], person: str = ""
    ) -> None:
        """Write down what was changed on pictures of one working set; nothing without a picture.

        Args:
            first: The first of the pictures.
            item_ids: The numbers of all.
            change: Before and afterwards.
            person: Who, if the command names somebody.
        """
        if first:
            subject = f"{place_in_words(first[0].product, first[0].view)}: picture {numbers_in_words(item_ids)}"
            self.trail.record(AuditAction.DATASET_CHANGED, subject, *change, person=person)

    def added(self, action: AuditAction, product: str, view: str, added: Added, origin: str, person: str = "") -> Added:
        """Write down how many pictures came in, and return what was added."""
        said = f"{len(added.item_ids)} pictures{origin}"
        self.trail.note(action, place_in_words(product, view), new=said, person=person)
        return added

    def exported(self, product: str, view: str, count: int, target: Path) -> int:
        """Write down an export, and return the number of its pictures."""
        said = f"{count} pictures to {target}"
        self.trail.note(AuditAction.DATASET_EXPORTED, place_in_words(product, view), new=said)
        return count


def labels_of(items: Sequence[DatasetItem]) -> str:
    """Return the labels of these pictures, each once."""
    return ", ".join(dict.fromkeys(f"{item.label} {item.kind}".strip() for item in items))


def place_in_words(product: str, view: str) -> str:
    """Return which working set it is."""
    return " ".join(filter(None, (product, view)))


def mask_in_words(item: DatasetItem) -> str:
    """Return label and mask of a picture."""
    mask = f"mask {item.mask_sha256[:12]}" if item.mask_sha256 else "no mask"
    return f"{item.label} {item.kind}".strip() + f", {mask}"
