"""The certificate of a model package: the exported model says of each picture what the trained detector says."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, JsonValue


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class ComparedPicture(_Value):
    """One picture that both have judged.

    Attributes:
        name: Its name in the dataset version, such as "test/crack/003.jpg".
        sha256: SHA-256 of its file, hex.
        trained: Raw score by the trained detector.
        exported: Raw score by the exported model, as the line judges.
    """

    name: str
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    trained: float
    exported: float


class Parity(_Value):
    """The exported model against the trained detector, on the same pictures.

    Attributes:
        pictures: How many were compared.
        max_difference, mean_difference: Of the normalised scores.
        verdict_flips: Pictures that the two judge differently.
        compared: Each of them; () in packages of format 1.
    """

    pictures: int = Field(ge=0)
    max_difference: float = Field(ge=0)
    mean_difference: float = Field(ge=0)
    verdict_flips: int = Field(ge=0)
    compared: tuple[ComparedPicture, ...] = ()

    def as_json(self) -> dict[str, JsonValue]:
        """Return the figures alone, by the names of the command line's JSON."""
        return self.model_dump(exclude={"compared"})
