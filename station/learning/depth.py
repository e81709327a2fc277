"""How deep the 16-bit pictures of a teaching are: what white is in files that do not say it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from station.camera.pictures.picture import Picture
from station.camera.pictures.reading import read_picture
from station.domain.picture_form import DepthFrom, PictureForm, depth_that_holds
from station.learning.layout.labelled import LabelledPicture

_DEEPEST = 14


@dataclass(frozen=True, slots=True)
class Depth:
    """How deep one picture is.

    Attributes:
        stated_bits: Bits that carry light, as it says itself; 8 if it has no more, or does not say it.
        largest: Its largest value if it has more than 8 bits and does not say how many carry light; else None.
    """

    stated_bits: int = 8
    largest: int | None = None

    @classmethod
    def of(cls, picture: Picture) -> "Depth":
        """Return the depth of a picture."""
        if picture.image.itemsize == 1:
            return cls()
        if picture.depth_from is DepthFrom.UNKNOWN:
            return cls(largest=int(picture.image.max()))
        return cls(picture.significant_bits)


class DepthSearch:
    """Finds the least depth that holds the values of all pictures that do not state their own.

    Example: 16-bit pictures whose largest value is 3971 are taken for 12 bits.
    """

    def __init__(self) -> None:
        self._largest: int | None = None
        self._stated_bits = 8

    def add(self, depth: Depth) -> None:
        """Look at one picture."""
        self._stated_bits = max(self._stated_bits, depth.stated_bits)
        if depth.largest is not None:
            self._largest = max(self._largest or 0, depth.largest)

    def result(
        self, others: Sequence[LabelledPicture], known: Mapping[str, Depth] = MappingProxyType({})
    ) -> PictureForm:
        """Return a form that has the depth alone.

        Args:
            others: Pictures of the same set that were not added. They are read only if they can change the result.
            known: The depths of some of them, by their names: these need not be read.
        """
        for picture in self._worth_reading(others):
            self.add(known.get(picture.name) or Depth.of(read_picture(picture.path, picture.page)))
        if self._largest is None:
            return PictureForm(bits=16, stored_bits=16)
        return PictureForm(bits=max(self._stated_bits, depth_that_holds(self._largest)), stored_bits=16)

    def _worth_reading(self, others: Iterable[LabelledPicture]) -> Iterable[LabelledPicture]:
        for picture in others:
            if self._largest is None or self._largest >= 1 << _DEEPEST:
                return
            yield picture
