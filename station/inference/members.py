"""The models that were joined to one, as its package names them."""

from collections.abc import Sequence
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from station.domain.names import few_of

_Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
_MOST_NAMED = 4


class Member(BaseModel):
    """One of the models.

    Attributes:
        method: Name of its method.
        backbone: Name of its pretrained network, "" without one.
        normaliser: Divides its raw scores: how far its own limit lies above its median held-out good part.
        sha256: SHA-256 of its weights, as a package of it alone would have them. The names of a graph's nodes differ
            with each teaching.
        size_bytes: Of its weights.
        times: Judging by all takes as many times as long as by this one alone, on the machine that taught.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    method: str
    backbone: str = ""
    normaliser: float = Field(gt=0)
    sha256: _Sha256
    size_bytes: int = Field(ge=0)
    times: float = Field(gt=0)


def cost_of(members: Sequence[Member]) -> str:
    """Return what judging by all costs, in a sentence; "" without members."""
    if not members:
        return ""
    each = few_of([f"{member.times:.1f} x as long as {member.method} alone" for member in members], _MOST_NAMED)
    return f"Judging by all of them takes {each}."
