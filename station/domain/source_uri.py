"""The words that a source of pictures is asked for by: "genicam:4711", "replay:parts?rate=5", or the path of one."""

from enum import StrEnum
from pathlib import PurePath


class SourceKind(StrEnum):
    """What stands before the colon."""

    SIMULATED = "simulated"
    REPLAY = "replay"
    GENICAM = "genicam"
    WEBCAM = "webcam"

    def words(self, name: str) -> str:
        """The words for the source of this kind and name."""
        return f"{self}:{name}"

    @property
    def is_device(self) -> bool:
        """A camera, and nothing that stands in for one."""
        return self in (SourceKind.GENICAM, SourceKind.WEBCAM)

    @property
    def is_live(self) -> bool:
        """Its pictures are taken now, when it or its trigger likes."""
        return self is not SourceKind.REPLAY


def source_kind(words: str) -> SourceKind | None:
    """The kind that the words name; None for a path, and for words that name no source."""
    kind, colon, _ = words.partition(":")
    return next((each for each in SourceKind if colon and each == kind.strip()), None)


def normalised_uri(words: str) -> tuple[str, ...]:
    """What tells a source from another: blanks around the colon and slashes at the end make no other one."""
    return tuple(str(PurePath(part.strip())) for part in words.split(":"))
