"""Pictures that a person takes with a camera of the line, before the product has a recipe that could judge them."""

from functools import partial

from station.domain.dataset import ItemSource, Label
from station.domain.frame import Frame
from station.domain.guide import ShownPicture
from station.domain.picture_form import DepthFrom
from station.learning.working_set.arriving import Arrivals, Kept, keep_picture
from station.learning.working_set.working_sets import WorkingSets
from station.storage.learning.dataset_items import NewItem
from station.storage.pictures.encoding import encode_original

_ENDING = ".png"


def take_good_part(sets: WorkingSets, product: str, view: str, shown: ShownPicture, person: str) -> int | None:
    """Keep a picture as one of a good part; return its number, None if the working set has it already.

    Args:
        sets: All working sets.
        product: Whose working set.
        view: Its view.
        shown: The picture, and the camera that took it.
        person: Who says that the part is good.

    Raises:
        StorageError: The disk refused.
    """
    files = sets.files_of(product)
    name = f"{shown.frame.received_at:%Y-%m-%dT%H-%M-%S-%f}{_ENDING}"
    kept = keep_picture(files, _png_of(shown.frame), _ENDING, name)
    item = partial(_item, place=(product, view), name=name, shown=shown, person=person)
    return Arrivals(sets.records, files, product, view).add(kept, item)


def _item(
    kept: Kept, signature: str, *, place: tuple[str, str], name: str, shown: ShownPicture, person: str
) -> NewItem:
    taken_at = shown.frame.received_at
    return NewItem(
        *place,
        kept.sha256,
        kept.ending,
        name,
        ItemSource.LINE,
        shown.origin,
        kept.size,
        signature,
        taken_at,
        person,
        taken_at=taken_at,
        label=Label.GOOD,
    )


def _png_of(frame: Frame) -> bytes:
    known = frame.depth_from is not DepthFrom.UNKNOWN
    return encode_original(frame.image, frame.significant_bits if known else 0, frame.coding)
