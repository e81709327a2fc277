"""`defects_config.json` of MVTec LOCO: how much of each defect is enough to have found it."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, Field, TypeAdapter, ValidationError

from station.camera.pictures.mask_file import read_mask_pixels
from station.domain.errors import BadInputError
from station.learning.layout.labelled import LabelledPicture, Reading

CONFIG = "defects_config.json"


class _Defect(BaseModel):
    """One entry of the file; the masks of this defect have its pixel value."""

    defect_name: str
    pixel_value: Annotated[int, Field(ge=1, le=255)]
    saturation_threshold: Annotated[float, Field(gt=0)]
    relative_saturation: bool


_Defects = TypeAdapter[list[_Defect]](list[_Defect])


class Saturation:
    """Says for a mask how many of its pixels are enough.

    Where one of three things is missing from a shelf, the mask marks the shelf, and it is enough to have found a third
    of it. The enough is a number of pixels, or a share of the mask.
    """

    def __init__(self, file: Path, defects: list[_Defect]) -> None:
        self._file = file
        self._by_value = {defect.pixel_value: defect for defect in defects}

    def enough(self, mask: Path, marked: NDArray[np.bool_]) -> int:
        """Return how many pixels are enough, at least 1 and at most all.

        Args:
            mask: The file of the mask.
            marked: Its marked pixels, (H, W); at least one.

        Raises:
            BadInputError: The file does not say it for this mask.
        """
        value, area = int(read_mask_pixels(mask).max()), int(np.count_nonzero(marked))
        if value not in self._by_value:
            raise BadInputError(
                f"{self._file} has no defect with the pixel value {value} of {mask}.",
                f"Unpack the data set again, or move {self._file.name} away to measure without sPRO.",
            )
        defect = self._by_value[value]
        share = area if defect.relative_saturation else 1
        return max(1, min(area, int(defect.saturation_threshold * share)))


def read_saturation(folder: Path) -> Saturation | None:
    """Return what the file in a folder, or beside it, says; None without that file.

    Raises:
        BadInputError: The file is damaged.
    """
    for file in (folder / CONFIG, folder.resolve().parent / CONFIG):
        if file.is_file():
            try:
                return Saturation(file, _Defects.validate_json(file.read_bytes()))
            except (OSError, ValidationError) as error:
                raise BadInputError(
                    f"{file} does not say how much of each defect is enough.",
                    "Unpack the data set again, or move that file away to measure without sPRO.",
                ) from error
    return None


def with_own_masks(pictures: Sequence[LabelledPicture], reading: Reading) -> list[LabelledPicture]:
    """Return pictures of a dataset version with the masks that they were imported with.

    The version keeps several masks of one picture as one; here each of them counts on its own.
    """
    masks = {picture.name: picture.masks for picture in reading.pictures}
    return [replace(picture, masks=masks.get(picture.name, picture.masks)) for picture in pictures]
