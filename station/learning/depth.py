"""How deep the 16-bit pictures of a teaching are: what white is in files that do not say it."""

from collections.abc import Iterable, Sequence

from station.camera.pictures.picture import Picture
from station.camera.pictures.reading import read_picture
from station.domain.picture_form import DepthFrom, PictureForm, depth_that_holds
from station.learning.layout.labelled import LabelledPicture

_DEEPEST = 14


class DepthSearch:
    """Finds the least depth that holds the values of all pictures that do not state their own.

    Example: 16-bit pictures whose largest value is 3971 are taken for 12 bits.
    """

    def __init__(self) -> None:
        self._largest: int | None = None
        self._stated_bits = 8

    def add(self, picture: Picture) -> None:
        """Look at one picture."""
        if picture.image.itemsize == 1:
            return
        if picture.depth_from is DepthFrom.UNKNOWN:
            self._largest = max(self._largest or 0, int(picture.image.max()))
        else:
            self._stated_bits = max(self._stated_bits, picture.significant_bits)

    def result(self, others: Sequence[LabelledPicture]) -> PictureForm:
        """Return a form that has the depth alone.

        Args:
            others: Pictures of the same set that were not added. They are read only if they can change the result.
        """
        for picture in self._worth_reading(others):
            self.add(read_picture(picture.path, picture.page))
        if self._largest is None:
            return PictureForm(bits=16, stored_bits=16)
        return PictureForm(bits=max(self._stated_bits, depth_that_holds(self._largest)), stored_bits=16)

    def _worth_reading(self, others: Iterable[LabelledPicture]) -> Iterable[LabelledPicture]:
        for picture in others:
            if self._largest is None or self._largest >= 1 << _DEEPEST:
                return
            yield picture
