"""The methods a product can be taught with, by the names people choose them by."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from station.domain.errors import BadInputError

LimitFrom = Literal["good", "labels"]
"""Where the limit comes from: good parts alone, or labelled defects too."""


class Method(BaseModel):
    """PatchCore: how far each place lies from everything seen on good parts.

    Attributes:
        name: As on the command line.
        stages: Stages of the backbone whose features describe a place; the first gives the map's grid.
        side_px: Side of the square whose area the model's input has; the picture's own aspect is kept.
        components: Principal components kept of the features.
        bank_rows: Features of good places that are remembered.
        smoothing_cells: Sigma of the Gaussian over the map before its maximum is taken, in cells of the grid.
        half_weights: Weights are stored with 16 bits.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    stages: tuple[int, ...] = (2, 4, 6)
    side_px: int = Field(320, ge=64, le=1024)
    components: int = Field(128, ge=8)
    bank_rows: int = Field(3000, ge=100)
    smoothing_cells: float = Field(1.5, gt=0)
    half_weights: bool = False


METHODS = {
    method.name: method
    for method in (
        Method(name="balanced"),
        Method(name="fast", side_px=256, bank_rows=1000),
    )
}


def method_named(name: str) -> Method:
    """The method people call `name`.

    Raises:
        BadInputError: There is none.
    """
    if name not in METHODS:
        raise BadInputError(f"There is no model '{name}'.", f"Choose one of: {', '.join(METHODS)}.")
    return METHODS[name]
