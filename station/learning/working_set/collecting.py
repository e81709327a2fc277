"""Brings recorded parts into working sets: the whole unchanged picture, with the part that it came from."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from functools import partial
from pathlib import PurePosixPath

from station.domain.collection import CollectionState
from station.domain.dataset import Added, ItemSource
from station.domain.errors import BadInputError, StationError
from station.domain.inspection import PartKey, ViewInspection
from station.domain.names import few_of
from station.domain.shift import PartRecord
from station.domain.verdict import Verdict
from station.learning.progress import OnProgress, no_progress, with_progress
from station.learning.working_set.arriving import Arrivals, Kept, keep_picture
from station.learning.working_set.choosing import Chooser
from station.learning.working_set.working_sets import WorkingSets
from station.storage.learning.collection_policies import CollectionPolicies
from station.storage.learning.dataset_items import NewItem
from station.storage.learning.line_parts import LinePart, LineParts
from station.storage.recipes.recipes import Recipes
from station.storage.records.inspections import Inspections

_NAMED_AT_MOST = 5
_COLLECTED_BY = "station"
ByWhom = tuple[str, Callable[[], datetime]]


class Collection:
    """Collects parts. One thread at a time."""

    def __init__(
        self,
        sets: WorkingSets,
        inspections: Inspections,
        recipes: Recipes,
        parts: LineParts,
        policies: CollectionPolicies,
        now: Callable[[], datetime],
        keep_original: Callable[[PartKey], None],
    ) -> None:
        self._keep_original = keep_original
        self._sets = sets
        self._inspections = inspections
        self._recipes = recipes
        self.parts = parts
        self.policies = policies
        self._now = now
        self._arrivals: dict[tuple[str, str], Arrivals] = {}
        self._choosers: dict[str, Chooser] = {}
        self._products: dict[tuple[str, int], str] = {}

    def state(self, product: str) -> CollectionState:
        """Return the policy of a product, and how much was collected."""
        return CollectionState(self.policies.of(product), *self._sets.records.collected(product))

    def note_parts(self, keys: Sequence[PartKey]) -> int:
        """Collect those of some newly recorded parts that the policies ask for; return how many pictures came in."""
        policies = {name: policy for name, policy in self.policies.all().items() if policy.collects}
        if not policies:
            return 0
        came = 0
        for part in self.parts.of(keys):
            product = self._product_of(part.recipe)
            policy = policies.get(product)
            if policy is None:
                continue
            chooser = self._choosers.get(product)
            if chooser is None or chooser.policy != policy:
                chooser = self._choosers[product] = Chooser(policy)
            came += self._take(product, part, chooser.reason_for(part)) is not None
        return came

    def collect_stored(self, product: str, on_progress: OnProgress = no_progress) -> Added:
        """Collect by the policy of a product from all recorded parts. What is there already is not added twice.

        Raises:
            BadInputError: The policy of the product collects nothing.
            StorageError: The disk refused. What came in so far is in.
        """
        policy = self.policies.of(product)
        if not policy.collects:
            raise BadInputError(f"No parts of '{product}' are to be collected.", "Set its collection policy first.")
        names = sorted({entry.recipe.name for entry in self._recipes.entries() if entry.recipe.product == product})
        chooser = Chooser(policy)
        chosen = [(part, why) for part in self.parts.of_recipes(names) if (why := chooser.reason_for(part))]
        return self._collect(product, with_progress(chosen, "Collecting parts", on_progress), len(chosen))

    def collect_parts(self, keys: Sequence[PartKey], person: str, on_progress: OnProgress = no_progress) -> Added:
        """Bring these parts into the working sets of their products, whatever the policy says.

        Raises:
            BadInputError: None of them can be used.
            StorageError: The disk refused.
        """
        for key in keys:
            self._keep_original(key)
        parts = self.parts.of(keys)
        usable = [each for each in parts if each.has_original and each.view_verdict is not Verdict.NOT_INSPECTED]
        if not usable:
            raise BadInputError(
                f"{_named(keys)} cannot come into a dataset: not inspected, or the whole picture was not kept.",
                "Keep more pictures: [recording] keep_pass_every in station.toml.",
            )
        ids = [
            self._take(self._product_of(part.recipe), part, f"chosen by {person or 'a person'}", capped=False)
            for part in with_progress(usable, "Collecting parts", on_progress)
        ]
        left = {part.key for part in parts} - {part.key for part in usable}
        notes = (f"left out, without a whole picture: {_named(sorted(left))}",) if left else ()
        added = tuple(item_id for item_id in ids if item_id is not None)
        return Added(added, len(ids) - len(added), notes)

    def _collect(self, product: str, chosen: Iterable[tuple[LinePart, str]], total: int) -> Added:
        ids = [self._take(product, part, why) for part, why in chosen]
        added = tuple(item_id for item_id in ids if item_id is not None)
        full = ("the cap is reached: nothing more is collected",) if self.state(product).full else ()
        return Added(added, total - len(added), full)

    def _take(self, product: str, part: LinePart, why: str, *, capped: bool = True) -> int | None:
        """Bring one view of a part in; return its number, None if it is there, not wanted, or its file was changed."""
        if not why or (capped and self.state(product).full):
            return None
        record = self._inspections.find_part(part.key)
        place = record.view_names.index(part.view)
        original = record.views[place].original
        if original is None:
            return None
        ending = PurePosixPath(original.path).suffix
        name = f"part {part.key.label}"
        try:
            content = self._inspections.pictures.read_bytes(original)
            kept = keep_picture(self._sets.files_of(product), content, ending, name)
        except (BadInputError, StationError):  # missing or changed since: `verify` reports it
            return None
        item = partial(_item, product=product, record=record, seen=record.inspection.views[place], why=why)
        return self._arrivals_of(product, part.view).add(kept, partial(_with_time, item=item, now=self._now))

    def _arrivals_of(self, product: str, view: str) -> Arrivals:
        place = (product, view)
        if place not in self._arrivals:
            self._arrivals[place] = Arrivals(self._sets.records, self._sets.files_of(product), product, view)
        return self._arrivals[place]

    def _product_of(self, recipe: tuple[str, int]) -> str:
        if recipe not in self._products:
            self._products[recipe] = self._recipes.find_revision(*recipe).recipe.product
        return self._products[recipe]


def _with_time(
    kept: Kept, signature: str, item: Callable[[Kept, str, datetime], NewItem], now: Callable[[], datetime]
) -> NewItem:
    return item(kept, signature, now())


def _item(
    kept: Kept, signature: str, at: datetime, *, product: str, record: PartRecord, seen: ViewInspection, why: str
) -> NewItem:
    inspection = record.inspection
    return NewItem(
        product,
        seen.name,
        kept.sha256,
        kept.ending,
        f"part {inspection.key.label}",
        ItemSource.LINE,
        why,
        kept.size,
        signature,
        at,
        _COLLECTED_BY,
        part=inspection.key,
        serial=inspection.serial,
        verdict=seen.verdict,
        score=seen.pred_score,
        limit=seen.image_threshold,
        taken_at=inspection.triggered_at,
    )


def _named(keys: Iterable[PartKey]) -> str:
    return few_of([f"part {key.label}" for key in keys], _NAMED_AT_MOST)
