"""The presets of the detector that a product can be taught with, by name."""

from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from station.domain.errors import BadInputError

LimitFrom = Literal["good", "labels"]
"""Source of the limit: good parts alone, or labelled defects as well."""


@dataclass(frozen=True, slots=True)
class UseOfDefects:
    """What labelled defects are used for while a product is taught; they are measured in any case.

    Attributes:
        limit_from: "labels" lets them move the limit.
        learned: The model learns from them.
    """

    limit_from: LimitFrom = "good"
    learned: bool = False


ONLY_MEASURED = UseOfDefects()


class Method(BaseModel):
    """PatchCore: the distance of each place from the features of good parts.

    Attributes:
        name: As on the command line.
        stages: Stages of the backbone whose features are used.
        cell_px: Side of a cell of the map, pixels of the model's input.
        side_px: The model's input has the area of a square with this side; the picture's aspect is kept.
        whole_weight: What the features of stage 6, which see most of a part at once, weigh beside other stages.
        pca_components: Number of principal components of the features that are kept.
        coreset_size: Number of features of good places that are kept.
        smoothing_cells: Sigma of the Gaussian that smooths the map, in cells of the grid.
        fp16_weights: Weights are stored with 16 bits.
        whole_part: The look of the whole part adds to the score: it finds parts that are assembled wrongly from good
            places. It has no place on the map.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    stages: tuple[int, ...] = (2, 4, 6)
    cell_px: Literal[8, 16, 32] = 16
    side_px: int = Field(320, ge=64, le=1024)
    whole_weight: float = Field(0.85, gt=0)
    pca_components: int = Field(128, ge=8)
    coreset_size: int = Field(3000, ge=100)
    smoothing_cells: float = Field(0.75, gt=0)
    fp16_weights: bool = False
    whole_part: bool = False


METHODS = {
    method.name: method
    for method in (
        Method(name="balanced"),
        Method(name="fast", side_px=256, cell_px=8, coreset_size=1000, smoothing_cells=1.5),
    )
}


def method_named(name: str) -> Method:
    """Return the preset called `name`.

    Raises:
        BadInputError: If there is none.
    """
    if name not in METHODS:
        raise BadInputError(f"There is no model '{name}'.", f"Choose one of: {', '.join(METHODS)}.")
    return METHODS[name]
