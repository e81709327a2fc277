"""Commands for datasets: working sets of pictures, their labels and masks, and the versions frozen from them."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from station.commands.dataset_audit import MOST_LOOKED_AT, DatasetAudit, labels_of, mask_in_words, place_in_words
from station.commands.line_collection import LineCollection
from station.domain.audit import AuditAction
from station.domain.clock import utc_now
from station.domain.collection import CollectionPolicy, CollectionState
from station.domain.dataset import (
    EVERY_ITEM,
    Added,
    DatasetFilter,
    DatasetItem,
    DefectKind,
    FrozenVersion,
    ItemLabel,
    Label,
    LabelChange,
)
from station.domain.errors import BadInputError
from station.domain.frame import Image
from station.domain.guide import ShownPicture
from station.domain.inspection import PartKey
from station.domain.permissions import Authority, Permission
from station.domain.recipe import checked_name
from station.learning.progress import OnProgress, no_progress
from station.people.audit_trail import AuditTrail
from station.storage.engine.database import Database
from station.storage.learning.collection_policies import CollectionPolicies
from station.storage.learning.frozen_versions import FrozenVersions
from station.workspace import Workspace

if TYPE_CHECKING:
    from station.learning.working_set.exporting import Exporter
    from station.learning.working_set.working_sets import WorkingSets


class DatasetCommands:
    """Working sets: import, label, mask, freeze. Safe from any thread; reading needs no permission."""

    def __init__(
        self,
        authority: Authority,
        workspace: Workspace,
        database: Database,
        collecting: LineCollection,
        audit: AuditTrail,
    ) -> None:
        self._audit = DatasetAudit(audit)
        self._authority = authority
        self._workspace = workspace
        self._database = database
        self._collecting = collecting
        self._policies = CollectionPolicies(database)
        self._versions = FrozenVersions(database)

    def places(self) -> tuple[tuple[str, str, int], ...]:
        """Return product, view and number of pictures of every working set, sorted."""
        return self._sets.records.places()

    def items(self, product: str, view: str = "", wanted: DatasetFilter = EVERY_ITEM) -> tuple[DatasetItem, ...]:
        """Return the pictures of a working set that meet the conditions, in the order in which they came."""
        return self._sets.items(product, view, wanted)

    def count(self, product: str, view: str, label: Label) -> int:
        """Return how many pictures of a working set have this label now. Quick to ask."""
        return self._sets.records.count(product, view, label)

    def first_items(self, product: str, view: str, most: int) -> tuple[DatasetItem, ...]:
        """Return the first few pictures of a working set, quickly, to be shown until all of them have come.

        Near-repeats among the others are not looked at, so a split may differ from that of the whole.
        """
        return self._sets.records.of(product, view, most)

    def item(self, item_id: int) -> DatasetItem:
        """Return one picture of a working set.

        Raises:
            BadInputError: There is none with this number.
        """
        return self._sets.records.find(item_id)

    def items_of_parts(self, keys: Sequence[PartKey]) -> tuple[int, ...]:
        """Return the numbers of the pictures that show these recorded parts, in the order of the parts."""
        return self._sets.records.of_parts(keys)

    def history(self, item_id: int) -> tuple[LabelChange, ...]:
        """Return what was said of a picture, oldest first."""
        return self._sets.records.history(item_id)

    def picture(self, item_id: int) -> Image:
        """Return the whole picture, uint8 (H, W) grey or (H, W, 3) RGB; it fails as `thumbnail` does."""
        return self._sets.picture(item_id)

    def file(self, item_id: int) -> Path:
        """Return the file of a picture, whose content is still what it was.

        Raises:
            BadInputError: There is no such item.
            StorageError: Its file is missing, or was changed.
        """
        sets = self._sets
        product, sha256, ending = sets.records.file_of(item_id)
        return sets.files_of(product).require_unchanged(sha256, ending)

    def newest(self, product: str, view: str = "") -> tuple[int, int]:
        """Return numbers that grow with each picture and each label of a working set. Quick to ask."""
        return self._sets.records.newest(product, view)

    def thumbnail(self, item: DatasetItem) -> Image:
        """Return the picture small, uint8 (h, w) grey or (h, w, 3) RGB, at most 192 pixels on its longer side.

        Raises:
            BadInputError: There is no such item.
            StorageError: Its file is missing, or was changed.
        """
        return self._sets.thumbnail(item)

    def mask(self, item_id: int) -> Image | None:
        """Return the present mask, uint8 (H, W): 0 is good, k is the k-th kind; None without one. Fails likewise."""
        return self._sets.mask(item_id)

    def kinds(self, product: str) -> tuple[DefectKind, ...]:
        """Return the kinds of defects of a product, by their numbers in masks."""
        return self._sets.kinds_of(product)

    def add_kind(self, product: str, name: str) -> DefectKind:
        """Return the kind of defect of this name, added if the product does not have it yet.

        Raises:
            PermissionRefusedError: This role may not change a dataset.
            BadInputError: It cannot be the name of a kind, or there are 255 already.
        """
        self._authority.authorise(Permission.EDIT_DATASET)
        with self._audit.trail.together():
            known = {kind.name for kind in self._sets.kinds_of(product)}
            kind = self._sets.require_kind(checked_name(product, "product"), name, utc_now())
            if kind.name not in known:
                self._audit.trail.record(AuditAction.DATASET_CHANGED, f"{product}: kinds of defects", new=kind.name)
        return kind

    def label(self, item_ids: Sequence[int], label: Label, kind: str = "", person: str = "") -> None:
        """Record what a person says of some pictures: all of it or nothing.

        Args:
            item_ids: The pictures.
            label: Good, defect, or unlabelled again.
            kind: The kind of defect; "" is "defect". A new one is added to the product.
            person: Who says it.

        Raises:
            PermissionRefusedError: This role may not change a dataset.
            BadInputError: One of the pictures does not exist, or the kind cannot be one.
            StorageError: The disk refused it.
        """
        self._authority.authorise(Permission.EDIT_DATASET)
        with self._audit.trail.together():
            before = labels_of(self._first_of(item_ids))
            self._sets.label(item_ids, label, kind, self._named(person), utc_now())
            self._audit.pictures(self._first_of(item_ids), item_ids, (before, f"{label} {kind}".strip()), person)

    def label_without_marks(self, item_id: int) -> ItemLabel:
        """Return what was said of an item last, apart from what was drawn on it; fails as `item` does."""
        return self._sets.label_without_marks(item_id)

    def save_mask(self, item_id: int, mask: Image, person: str = "", said: ItemLabel | None = None) -> DatasetItem:
        """Keep a mask, and return the item as it is now; a power cut can no longer lose it.

        A mask that marks something makes the picture a defect of the kind that it marks most. An empty one removes the
        mask, and what was said before the marks holds again.

        Args:
            item_id: The picture.
            mask: uint8 (H, W) of the picture's size: 0 is good, k is the k-th kind of defect of the product.
            person: Who drew it.
            said: What the person says of the picture as well; None if nothing. What is marked is a defect all the same.

        Raises:
            PermissionRefusedError: This role may not change a dataset.
            BadInputError: There is no such item, or the mask does not fit.
            StorageError: The disk refused it.
        """
        self._authority.authorise(Permission.EDIT_DATASET)
        change = self._sets.kept_mask(item_id, mask, self._named(person), utc_now(), said)
        before = self._sets.records.find(item_id)
        if change is None:
            return before
        with self._audit.trail.together():
            self._sets.records.add_labels([change])
            item = self._sets.records.find(item_id)
            self._audit.pictures((item,), (item_id,), (mask_in_words(before), mask_in_words(item)), person)
        return item

    def read_to_import(self, paths: Sequence[Path]) -> tuple[str, ...]:
        """Return what folders and files are taken for, and what is left out and why; changes nothing.

        Raises:
            BadInputError: One does not exist or holds no picture, or it cannot be known what some pictures are.
        """
        from station.learning.working_set.importing import notes_on, read_paths  # noqa: PLC0415 - loads the readers

        return notes_on(read_paths(paths))

    def import_folder(
        self,
        source: Path | Sequence[Path],
        product: str,
        view: str = "",
        *,
        assumed: Label = Label.UNLABELLED,
        person: str = "",
        progress: OnProgress = no_progress,
    ) -> Added:
        """Add the pictures of folders and files to a working set. What it has already is not added twice.

        Of a picture that is there already, a label and a mask that nobody gave yet are taken; what was said stays, and
        a label that contradicts it is named in the notes.

        Args:
            source: A folder in any layout of the trade, a picture, or several of them.
            product: The product; it need not have a recipe yet.
            view: The camera that took them; "" if the station has one.
            assumed: The label of pictures of which nothing says what they are.
            person: Who imports.
            progress: Called with each step, on this thread.

        Raises:
            PermissionRefusedError: This role may not change a dataset.
            BadInputError: It cannot be known what some pictures are, or none can be used. Nothing was added.
            StorageError: The disk refused. Importing again adds the rest.
        """
        self._authority.authorise(Permission.EDIT_DATASET)
        from station.learning.working_set.importing import Importer, ImportRequest, read_paths  # noqa: PLC0415

        product = checked_name(product, "product")
        if assumed is Label.DEFECT:
            raise BadInputError("Pictures without a label cannot all be taken as defects.", "Sort them by kind first.")
        readings = read_paths((source,) if isinstance(source, Path) else source)
        sets = self._sets
        importer = Importer(sets.records, sets.kinds, sets.files_of(product))
        request = ImportRequest(product, view, assumed, self._named(person), utc_now())
        added = importer.import_readings(readings, request, progress)
        folders = ", ".join(str(reading.folder) for reading in readings)
        return self._audit.added(AuditAction.DATASET_IMPORTED, product, view, added, f" from {folders}", person)

    def keep_taken(self, product: str, view: str, shown: ShownPicture) -> int | None:
        """Keep a picture that a person took of a good part; return its number, None if it is there already.

        Raises:
            PermissionRefusedError: This role may not change a dataset.
            BadInputError: The name cannot be used.
            StorageError: The disk refused.
        """
        self._authority.authorise(Permission.EDIT_DATASET)
        from station.learning.working_set.taking import take_good_part  # noqa: PLC0415 - loads the readers

        product = checked_name(product, "product")
        item_id = take_good_part(self._sets, product, view, shown, self._named(""))
        if item_id is not None:
            subject = f"{place_in_words(product, view)}: picture {item_id}"
            self._audit.trail.note(AuditAction.DATASET_CHANGED, subject, new=f"good part, {shown.origin}")
        return item_id

    def freeze(
        self, product: str, view: str = "", *, person: str = "", progress: OnProgress = no_progress
    ) -> FrozenVersion:
        """Freeze what is labelled now as a version that never changes. The same content has the same version.

        Raises:
            PermissionRefusedError: This role may not change a dataset.
            BadInputError: Nothing is labelled, a file was changed, or one picture has two labels.
            StorageError: The disk refused.
        """
        self._authority.authorise(Permission.EDIT_DATASET)
        from station.learning.working_set.freezing import Freezer  # noqa: PLC0415 - loads the readers of pictures

        freezer = Freezer(self._sets, self._versions, self._workspace.datasets)
        frozen = freezer.freeze(checked_name(product, "product"), view, self._named(person), utc_now(), progress)
        said = f"version {frozen.version}: {frozen.good} good, {frozen.defects} defects"
        self._audit.trail.note(AuditAction.DATASET_FROZEN, place_in_words(product, view), new=said, person=person)
        return frozen

    def versions(self, product: str, view: str = "") -> tuple[FrozenVersion, ...]:
        """Return the frozen versions of a working set, the newest first."""
        return self._versions.of(product, view)

    def export_mvtec(self, product: str, target: Path, view: str = "", progress: OnProgress = no_progress) -> int:
        """Write what is labelled into a new folder in the MVTec layout; return the number of pictures.

        Raises:
            PermissionRefusedError: This role may not change a dataset.
            BadInputError: Nothing is labelled, or the folder is there already or cannot be written.
            StorageError: A file of the dataset is missing or was changed.
        """
        count = self._exporter().export_mvtec(product, view, target, progress)
        return self._audit.exported(product, view, count, target)

    def export_coco(self, product: str, target: Path, view: str = "", progress: OnProgress = no_progress) -> int:
        """Write what is labelled into a new folder as COCO, with masks as run lengths; return the number of pictures.

        Raises:
            PermissionRefusedError, BadInputError, StorageError: As `export_mvtec`.
        """
        count = self._exporter().export_coco(product, view, target, progress)
        return self._audit.exported(product, view, count, target)

    def _exporter(self) -> "Exporter":
        self._authority.authorise(Permission.EDIT_DATASET)
        from station.learning.working_set.exporting import Exporter  # noqa: PLC0415 - loads the readers of pictures

        return Exporter(self._sets)

    def collection(self, product: str) -> CollectionState:
        """Return which parts of a product are collected from the line, and how much of the cap is used."""
        return CollectionState(self._policies.of(product), *self._sets.records.collected(product))

    def set_collection(self, product: str, policy: CollectionPolicy, person: str = "") -> None:
        """Put a policy in force: from the next recorded part on, also while the line runs.

        Raises:
            PermissionRefusedError: This role may not change a dataset.
            StorageError: The disk refused it.
        """
        self._authority.authorise(Permission.EDIT_DATASET)
        with self._audit.trail.together():
            old = self._policies.of(product)
            self._policies.set(checked_name(product, "product"), policy, self._named(person), utc_now())
            self._audit.trail.record(
                AuditAction.DATASET_CHANGED, f"{product}: collection", str(old), str(policy), person=person
            )
        self._collecting.start()

    def collect_stored(self, product: str, progress: OnProgress = no_progress) -> Added:
        """Collect by the policy of a product from all parts that are recorded.

        Raises:
            PermissionRefusedError: This role may not change a dataset.
            BadInputError: The policy collects nothing.
            StorageError: The disk refused. What came in so far is in.
        """
        self._authority.authorise(Permission.EDIT_DATASET)
        added = self._collecting.collection().collect_stored(product, progress)
        return self._audit.added(AuditAction.DATASET_CHANGED, product, "", added, " from recorded parts")

    def collect_parts(self, keys: Sequence[PartKey], person: str = "", progress: OnProgress = no_progress) -> Added:
        """Bring these recorded parts into the working sets of their products, whatever the policy says.

        Raises:
            PermissionRefusedError: This role may not change a dataset.
            BadInputError: None of them has a whole picture, or none was inspected.
            StorageError: The disk refused.
        """
        self._authority.authorise(Permission.EDIT_DATASET)
        added = self._collecting.collection().collect_parts(keys, self._named(person), progress)
        return self._audit.added(AuditAction.DATASET_CHANGED, "recorded parts", "", added, "", person)

    @property
    def _sets(self) -> "WorkingSets":
        from station.learning.working_set.working_sets import WorkingSets  # noqa: PLC0415 - loads the readers

        return WorkingSets(self._database, self._workspace.datasets)

    def _first_of(self, item_ids: Sequence[int]) -> tuple[DatasetItem, ...]:
        return tuple(self._sets.records.find(item_id) for item_id in item_ids[:MOST_LOOKED_AT])

    def _named(self, person: str) -> str:
        return self._authority.signed(person)
