"""The certificate of a model package: how far the answers of each device and precision are from those in f32.

The reference is f32 on the CPU with one thread. What was measured gives the guard band of a precision: within it a part
is judged again by the reference.
"""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from station.domain.verdict import GuardBand
from station.inference.normalisation import Normalisation

MARGIN = 2.0
"""The band is as many times the largest difference that was measured. See decision 34."""
MOST_REPEATED = 0.01
"""A precision is offered if no more than this share of the parts is judged twice."""
_Share = Annotated[float, Field(ge=0, le=1)]
_Difference = Annotated[float, Field(ge=0)]


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class PrecisionCertificate(_Value):
    """One precision on one device against the reference, on the same pictures.

    Attributes:
        device, precision: As in a recipe: "CPU", "bf16".
        pictures: How many were compared; those whose scores lie nearest to the model's limit.
        score_difference: The largest difference of a raw score.
        place_difference: The largest difference of a place of the raw maps, of those that are near a limit.
        turned: Pictures that would get another verdict without the guard band.
        turned_with_guard: Pictures that get another verdict with it.
        repeat_rate: Share of all scored pictures that are judged again; good parts were held out.
        processor: Name of the device.
    """

    device: str
    precision: str
    pictures: int = Field(ge=0)
    score_difference: _Difference
    place_difference: _Difference
    turned: int = Field(ge=0)
    turned_with_guard: int = Field(ge=0)
    repeat_rate: _Share
    processor: str

    @property
    def equal(self) -> bool:
        """Return whether not one digit differed, so that nothing has to be judged again."""
        return self.score_difference == self.place_difference == 0

    @property
    def offered(self) -> bool:
        """Return whether a recipe may use it."""
        return self.turned_with_guard == 0 and self.repeat_rate <= MOST_REPEATED

    def band(self, scale: Normalisation, *, whole_part: bool) -> GuardBand:
        """Return the guard band in steps of the normalised scale."""
        same_scale = (scale.image_threshold_raw, scale.image_scale_raw) == (
            scale.pixel_threshold_raw, scale.pixel_scale_raw
        )  # fmt: skip
        return GuardBand(
            score=MARGIN * self.score_difference / scale.image_scale_raw,
            place=MARGIN * self.place_difference / scale.pixel_scale_raw,
            whole_part=whole_part or not same_scale,
        )


class Certificate(_Value):
    """What was compared when the model was exported.

    Attributes:
        precisions: Each device and precision of the machine that exported it.
        openvino: OpenVINO's version.
        processor_flags: Instruction sets of the CPU that change how numbers are computed.
    """

    precisions: tuple[PrecisionCertificate, ...]
    openvino: str
    processor_flags: tuple[str, ...] = ()

    def of(self, device: str, precision: str) -> PrecisionCertificate | None:
        """Return the certificate of one precision on one device; None if it was not compared."""
        found = (each for each in self.precisions if (each.device, each.precision) == (device, precision))
        return next(found, None)
