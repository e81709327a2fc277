"""The items of working sets: pictures with the history of their labels. Rows are only added."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, Row, and_, func, insert, select, tuple_
from sqlalchemy.exc import IntegrityError

from station.concurrency.priority import unhurried
from station.domain.dataset import DatasetItem, ItemSource, Label, LabelChange
from station.domain.errors import BadInputError
from station.domain.inspection import PartKey
from station.domain.verdict import Verdict
from station.storage.engine.database import Database
from station.storage.engine.declared import aliased
from station.storage.learning.dataset_groups import Group, Groups, member
from station.storage.learning.dataset_tables import DatasetItemRow, DatasetLabelRow, DatasetLinkRow

WantedSplit = Literal["any", "train", "test"]
Why = Literal["near-repeat", "same part"]

_ITEM = DatasetItemRow
_LABEL = DatasetLabelRow
_LINK = DatasetLinkRow
_FETCHED = 200
_AT_ONCE = 500
"""Numbers in one statement; a database takes a limited number of them."""


@dataclass(frozen=True, slots=True)
class NewItem:
    """A picture that comes into a working set; its file is already kept.

    Attributes:
        ending: Of the picture's file, with the dot.
        size: Of the picture's file, bytes.
        serial: Of the part; "" if it has none.
        wanted_split: What the folder that it came from said.
        signature: What it looks like in short, as text.
        label, kind, mask_sha256: The first label; UNLABELLED if nobody said anything.

    The others are those of `DatasetItem`.
    """

    product: str
    view: str
    picture_sha256: str
    ending: str
    name: str
    source: ItemSource
    origin: str
    size: int
    signature: str
    added_at: datetime
    added_by: str
    part: PartKey | None = None
    serial: str = ""
    verdict: Verdict | None = None
    score: float | None = None
    limit: float | None = None
    taken_at: datetime | None = None
    wanted_split: WantedSplit = "any"
    label: Label = Label.UNLABELLED
    kind: str = ""
    mask_sha256: str = ""


class DatasetItems:
    """All working sets of a station."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, item: NewItem, links: Sequence[tuple[int, Why]] = ()) -> int | None:
        """Keep a new item with its first label; return its number, None if the working set has the picture already.

        Args:
            item: The item.
            links: Other items that must not be in another split, and why.

        Raises:
            StorageError: The disk refused it.
        """
        try:
            with self._database.writing() as connection:
                item_id: int = connection.execute(insert(_ITEM).returning(_ITEM.item_id), _values(item)).scalar_one()
                if item.label is not Label.UNLABELLED:
                    connection.execute(insert(_LABEL), _label_values(_first_label(item_id, item)))
                if links:
                    rows = [{"item_id": item_id, "other_id": other, "why": why} for other, why in dict(links).items()]
                    connection.execute(insert(_LINK), rows)
                return item_id
        except IntegrityError:
            if self.find_picture(item.product, item.view, item.picture_sha256) is None:
                raise
            return None

    def add_labels(self, changes: Sequence[LabelChange]) -> None:
        """Record what a person said of some items: all of it or nothing.

        Raises:
            BadInputError: There is no such item.
            StorageError: The disk refused it.
        """
        try:
            with self._database.writing() as connection:
                connection.execute(insert(_LABEL), [_label_values(change) for change in changes])
        except IntegrityError as error:
            raise BadInputError("One of these pictures is not in the dataset.", "Look at the dataset again.") from error

    def of(self, product: str, view: str, most: int | None = None) -> tuple[DatasetItem, ...]:
        """Return the items of a working set, in the order in which they came.

        Args:
            product: The product.
            view: Its view.
            most: Only the first few, quickly; their splits may differ from those of the whole. None for all.
        """
        mine = and_(_ITEM.product == product, _ITEM.view == view)
        links = select(_LINK.item_id, _LINK.other_id).join(_ITEM, _ITEM.item_id == _LINK.item_id)
        with self._database.reading() as connection:
            found = connection.execute(_with_label().where(mine).order_by(_ITEM.item_id).limit(most))
            rows = list(unhurried(found.yield_per(_FETCHED)))
            groups = Groups((item_id, other) for item_id, other in connection.execute(links.where(mine)))
        return _items(rows, groups)

    def find(self, item_id: int) -> DatasetItem:
        """Return one item.

        Raises:
            BadInputError: There is none with this number.
        """
        with self._database.reading() as connection:
            together, links = _linked(connection, item_id)
            rows = connection.execute(_with_label().where(_ITEM.item_id.in_(together)).order_by(_ITEM.item_id)).all()
        item = next((each for each in _items(rows, Groups(links)) if each.item_id == item_id), None)
        if item is None:
            raise BadInputError(f"There is no picture {item_id} in the datasets.", "Look at the dataset again.")
        return item

    def find_picture(self, product: str, view: str, picture_sha256: str) -> int | None:
        """Return the number of the item with this picture; None if the working set has it not."""
        mine = and_(_ITEM.product == product, _ITEM.view == view, _ITEM.picture_sha256 == picture_sha256)
        with self._database.reading() as connection:
            return connection.execute(select(_ITEM.item_id).where(mine)).scalar_one_or_none()

    def file_of(self, item_id: int) -> tuple[str, str, str]:
        """Return product, SHA-256 and ending of the file of an item's picture.

        Raises:
            BadInputError: There is no such item.
        """
        columns = select(_ITEM.product, _ITEM.picture_sha256, _ITEM.ending).where(_ITEM.item_id == item_id)
        with self._database.reading() as connection:
            row = connection.execute(columns).first()
        if row is None:
            raise BadInputError(f"There is no picture {item_id} in the datasets.", "Look at the dataset again.")
        return row.product, row.picture_sha256, row.ending

    def labels_of(self, item_ids: Iterable[int]) -> dict[int, LabelChange]:
        """Return the present label of each of these items that was labelled."""
        wanted = tuple(item_ids)
        newest = select(func.max(_LABEL.label_id)).group_by(_LABEL.item_id)
        found: dict[int, LabelChange] = {}
        with self._database.reading() as connection:
            for begin in range(0, len(wanted), _AT_ONCE):
                some = wanted[begin : begin + _AT_ONCE]
                newest_of = newest.where(_LABEL.item_id.in_(some))
                rows = connection.execute(select(_LABEL).where(_LABEL.label_id.in_(newest_of)))
                found.update({row.item_id: _change(row) for row in rows})
        return found

    def history(self, item_id: int) -> tuple[LabelChange, ...]:
        """Return everything that was said of an item, oldest first."""
        rows = select(_LABEL).where(_LABEL.item_id == item_id).order_by(_LABEL.label_id)
        with self._database.reading() as connection:
            return tuple(_change(row) for row in connection.execute(rows))

    def newest(self, product: str, view: str) -> tuple[int, int]:
        """Return numbers that grow with each item and each label of a working set. Quick to ask."""
        mine = select(func.coalesce(func.max(_ITEM.item_id), 0)).where(_ITEM.product == product, _ITEM.view == view)
        labels = select(func.coalesce(func.max(_LABEL.label_id), 0))
        with self._database.reading() as connection:
            return connection.execute(mine).scalar_one(), connection.execute(labels).scalar_one()

    def count(self, product: str, view: str, label: Label) -> int:
        """Return how many items of a working set have this label now, without reading them."""
        said: ColumnElement[bool] = _LABEL.label == label.value
        if label is Label.UNLABELLED:  # nothing was said of an item, or that again
            said = said | _LABEL.label.is_(None)
        mine = and_(_ITEM.product == product, _ITEM.view == view, said)
        with self._database.reading() as connection:
            count: int = connection.execute(_with_label().with_only_columns(func.count()).where(mine)).scalar_one()
        return count

    def places(self) -> tuple[tuple[str, str, int], ...]:
        """Return product, view and number of items of every working set, sorted."""
        counted = select(_ITEM.product, _ITEM.view, func.count()).group_by(_ITEM.product, _ITEM.view)
        with self._database.reading() as connection:
            found = connection.execute(counted.order_by(_ITEM.product, _ITEM.view))
            return tuple((product, view, count) for product, view, count in found)

    def signatures(self, product: str, view: str) -> tuple[tuple[int, str, str], ...]:
        """Return number, SHA-256 and signature of the pictures of a working set, in the order in which they came."""
        columns = select(_ITEM.item_id, _ITEM.picture_sha256, _ITEM.signature)
        mine = and_(_ITEM.product == product, _ITEM.view == view)
        with self._database.reading() as connection:
            found = connection.execute(columns.where(mine).order_by(_ITEM.item_id))
            return tuple((item_id, sha256, signature) for item_id, sha256, signature in found)

    def of_part(self, product: str, key: PartKey, serial: str = "") -> tuple[tuple[int, str], ...]:
        """Return number and view of the items that show a part, also by its serial if it has one."""
        shown = and_(_ITEM.run_id == key.run_id, _ITEM.number == key.part)
        same: ColumnElement[bool] = shown | (_ITEM.serial == serial) if serial else shown
        columns = select(_ITEM.item_id, _ITEM.view).where(_ITEM.product == product, same).order_by(_ITEM.item_id)
        with self._database.reading() as connection:
            return tuple((item_id, view) for item_id, view in connection.execute(columns))

    def of_parts(self, keys: Sequence[PartKey]) -> tuple[int, ...]:
        """Return the numbers of the items that show these recorded parts, in the order of the parts."""
        places = {key: place for place, key in enumerate(keys)}
        columns = select(_ITEM.run_id, _ITEM.number, _ITEM.item_id)
        found: list[tuple[int, int]] = []
        with self._database.reading() as connection:
            for begin in range(0, len(keys), _AT_ONCE):
                some = [(key.run_id, key.part) for key in keys[begin : begin + _AT_ONCE]]
                rows = connection.execute(columns.where(tuple_(_ITEM.run_id, _ITEM.number).in_(some)))
                found += [(places[PartKey(row.run_id, row.number)], row.item_id) for row in rows]
        return tuple(item_id for _, item_id in sorted(found))

    def collected(self, product: str) -> tuple[int, int]:
        """Return the number of inspected parts among the items of a product, and the bytes of their files."""
        columns = select(func.count(), func.coalesce(func.sum(_ITEM.size), 0))
        mine = and_(_ITEM.product == product, _ITEM.run_id.is_not(None))
        with self._database.reading() as connection:
            count, size = connection.execute(columns.where(mine)).one()
        return count, int(size)


def _linked(connection: Connection, item_id: int) -> tuple[set[int], set[tuple[int, int]]]:
    """Return the numbers of a group and its links, from one item of it."""
    together, links, fresh = {item_id}, set[tuple[int, int]](), {item_id}
    while fresh:
        touching = select(_LINK.item_id, _LINK.other_id).where(_LINK.item_id.in_(fresh) | _LINK.other_id.in_(fresh))
        links |= {(first, other) for first, other in connection.execute(touching)}
        fresh = {number for link in links for number in link} - together
        together |= fresh
    return together, links


def _with_label() -> Any:  # noqa: ANN401 - a Select of all columns
    older = aliased(_LABEL)
    newest = select(func.max(older.label_id)).where(older.item_id == _ITEM.item_id).correlate(_ITEM).scalar_subquery()
    present = _LABEL.label_id == newest
    return select(*_COLUMNS).select_from(_ITEM).outerjoin(_LABEL, present)


_COLUMNS = (
    _ITEM.item_id, _ITEM.product, _ITEM.view, _ITEM.picture_sha256, _ITEM.name, _ITEM.source, _ITEM.origin,
    _LABEL.label, _LABEL.kind, _LABEL.mask_sha256, _ITEM.run_id, _ITEM.number, _ITEM.verdict, _ITEM.pred_score,
    _ITEM.image_threshold, _ITEM.taken_at, _ITEM.added_at, _ITEM.added_by, _LABEL.person, _LABEL.at,
    _ITEM.wanted_split,
)  # fmt: skip
_LABELS: dict[str | None, Label] = {None: Label.UNLABELLED, **{label.value: label for label in Label}}
_SOURCES: dict[str, ItemSource] = {source.value: source for source in ItemSource}
_VERDICTS: dict[str | None, Verdict | None] = {None: None, **{verdict.value: verdict for verdict in Verdict}}


def _items(rows: Sequence[Sequence[Any]], groups: Groups) -> tuple[DatasetItem, ...]:
    """Return the items of rows of `_COLUMNS`. There may be many thousands: each value is unpacked by its place."""
    parts = [None if row[10] is None else PartKey(row[10], row[11]) for row in rows]
    groups.note(member(row[0], row[3], part, _LABELS[row[7]], row[20]) for row, part in zip(rows, parts, strict=True))
    return tuple(_item(row, part, groups.of(row[0])) for row, part in unhurried(zip(rows, parts, strict=True)))


def _item(row: Sequence[Any], part: PartKey | None, group: Group) -> DatasetItem:
    (item_id, product, view, sha256, name, source, origin, label, kind, mask, _, _, verdict, score, limit, taken_at,
     added_at, added_by, person, at, _) = row  # fmt: skip
    return DatasetItem(
        item_id,
        product,
        view,
        sha256,
        name,
        _SOURCES[source],
        origin,
        _LABELS[label],
        kind or "",
        mask or "",
        part,
        _VERDICTS[verdict],
        score,
        limit,
        taken_at,
        added_at,
        added_by,
        person or "",
        at,
        group.name,
        group.split,
    )


def _values(item: NewItem) -> dict[str, object]:
    return {
        "product": item.product,
        "view": item.view,
        "picture_sha256": item.picture_sha256,
        "ending": item.ending,
        "name": item.name,
        "source": item.source.value,
        "origin": item.origin,
        "run_id": item.part.run_id if item.part else None,
        "number": item.part.part if item.part else None,
        "serial": item.serial,
        "verdict": item.verdict.value if item.verdict else None,
        "pred_score": item.score,
        "image_threshold": item.limit,
        "taken_at": item.taken_at,
        "size": item.size,
        "wanted_split": item.wanted_split,
        "signature": item.signature,
        "added_at": item.added_at,
        "added_by": item.added_by,
    }


def _first_label(item_id: int, item: NewItem) -> LabelChange:
    return LabelChange(item_id, item.label, item.kind, item.mask_sha256, item.added_by, item.added_at)


def _label_values(change: LabelChange) -> dict[str, object]:
    return {
        "item_id": change.item_id,
        "label": change.label.value,
        "kind": change.kind,
        "mask_sha256": change.mask_sha256,
        "person": change.person,
        "at": change.at,
    }


def _change(row: Row[Any]) -> LabelChange:
    return LabelChange(row.item_id, Label(row.label), row.kind, row.mask_sha256, row.person, row.at)
