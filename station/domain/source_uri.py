"""The URI of a source of pictures: "genicam:4711", "replay:parts?rate=5", or the path of a folder or picture."""

import re
from collections.abc import Iterable
from enum import StrEnum
from pathlib import PurePath

from station.domain.inspection import PictureOrigin

_SCHEME = re.compile(r"[A-Za-z][\w+.-]+:")  # two letters at least: "C:" begins a path


class SourceKind(StrEnum):
    """The scheme, before the colon."""

    SIMULATED = "simulated"
    REPLAY = "replay"
    GENICAM = "genicam"
    WEBCAM = "webcam"

    def uri(self, name: str) -> str:
        """Return the URI of the source of this kind and name."""
        return f"{self}:{name}"

    @property
    def is_device(self) -> bool:
        """Return True for a real camera, False for stored and simulated pictures."""
        return self in (SourceKind.GENICAM, SourceKind.WEBCAM)

    @property
    def is_live(self) -> bool:
        """Return True if its pictures are taken now; False for stored ones, which wait to be fetched."""
        return self is not SourceKind.REPLAY


def source_kind(uri: str) -> SourceKind | None:
    """Return the kind of a URI; None for a path or an unknown scheme."""
    kind, colon, _ = uri.partition(":")
    return next((each for each in SourceKind if colon and each == kind.strip()), None)


def is_simulated(text: str) -> bool:
    """Return whether this source, or this origin of a picture ("simulated:flange frame 7"), is drawn, not seen."""
    return source_kind(text) is SourceKind.SIMULATED


def picture_origin(uris: Iterable[str]) -> PictureOrigin:
    """Return where the pictures of these sources come from: SIMULATED before STORED before CAMERA."""
    kinds = {source_kind(uri) for uri in uris}
    if SourceKind.SIMULATED in kinds:
        return PictureOrigin.SIMULATED
    return PictureOrigin.CAMERA if all(kind and kind.is_device for kind in kinds) else PictureOrigin.STORED


def normalised_uri(uri: str) -> tuple[str, ...]:
    """Return a key that is equal for equal sources: blanks around the colon and slashes at the end do not matter.

    "genicam: 4711" and "genicam:4711" have the same key, and so have "parts/" and "parts".
    """
    return tuple(str(PurePath(part.strip())) for part in uri.split(":"))


def typed_source(text: str) -> str:
    """Return the source that a person means by this text: a path becomes a folder whose pictures come again and again.

    "/parts/good" becomes "replay:/parts/good?rate=2&loop=1"; everything with a scheme, such as "genicam:4711", stays.
    """
    given = text.strip()
    if not given or source_kind(given) is not None or _SCHEME.match(given):
        return given
    return folder_source(given)


def folder_source(path: str) -> str:
    """Return the source that shows the pictures of a folder as a camera would: two a second, without end."""
    return f"{SourceKind.REPLAY.uri(path)}?rate=2&loop=1"
