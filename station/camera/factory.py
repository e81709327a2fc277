"""Opens a source by its URI, such as "replay:parts?rate=5", and loads only the libraries that this source needs."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar
from urllib.parse import parse_qsl

from station.camera.pictures.listing import PartsOf, every_picture, path_exists
from station.camera.source import FrameSource
from station.domain.errors import BadInputError
from station.domain.names import expanded
from station.domain.source_uri import SourceKind, source_kind
from station.settings import CameraSettings

_T = TypeVar("_T")
_SCHEME = re.compile(r"[A-Za-z][\w+.-]+:(?P<rest>.*)", re.DOTALL)
_WEBCAM = re.compile(r"[0-9]{1,2}")  # OpenCV reads a number from 100 on as the number of a driver
_SHAPES = "simulated:PRODUCT, replay:FOLDER, genicam:SERIAL, webcam:NUMBER, or the path of a folder, picture or video"


def open_source(text: str, settings: CameraSettings, parts_of: PartsOf = every_picture) -> FrameSource:
    """Return the source that the URI names; it is not started yet.

    Args:
        text: `simulated:PRODUCT?seed=1&rate=4`, `replay:FOLDER?rate=5&loop=1`, `genicam:SERIAL`, `webcam:0`, or the
            plain path of a folder, picture or video, which delivers one frame per fetch. A rate of 0 also means one
            frame per fetch. The simulated line also accepts `width`, `height`, `defects` (share of bad parts, 0..1),
            and simulated faults: `lost=3,7`, `incomplete=9`, `disconnect=20` (after that frame), `return=2` (seconds
            later).
        settings: Trigger, GenTL producers and time limits.
        parts_of: Returns the content of a folder without the pictures that show no part.

    Raises:
        BadInputError: The URI names no source, an option is unknown or impossible, or there is no picture.
        CameraError: The camera cannot be used.
    """
    match = _SCHEME.fullmatch(text)
    if match is None or path_exists(Path(text)):
        return _path(text, parts_of)
    kind = source_kind(text)
    if kind is None:
        raise BadInputError(f"'{text}' does not name a source of pictures.", f"Give {_SHAPES}.")
    if kind is SourceKind.REPLAY:
        return _replay(match["rest"], settings, parts_of)
    return _OPENERS[kind](match["rest"], settings)


class _Options:
    """The options behind the question mark of a URI; each option must be read by `take_option`."""

    def __init__(self, rest: str, scheme: str, is_name: Callable[[str], bool] = lambda _: False) -> None:
        """Split name and options; a name that exists may contain question marks itself."""
        self.name, query = _name_and_query(rest, is_name)
        self._scheme = scheme
        self._values = dict(parse_qsl(query, keep_blank_values=True))

    def take_option(self, name: str, read: Callable[[str], _T], default: _T) -> _T:
        """Return the option's value; `read` raises ValueError if the text is not valid."""
        if name not in self._values:
            return default
        text = self._values.pop(name)
        try:
            return read(text)
        except ValueError as error:
            raise BadInputError(f"Option '{name}' of {self._scheme}: cannot be '{text}'.", "Give a number.") from error

    def refuse_unknown(self) -> None:
        """Raise `BadInputError` if an option was not read."""
        if self._values:
            unknown = ", ".join(self._values)
            raise BadInputError(f"{self._scheme}: has no option '{unknown}'.", "Check its spelling.")


def _name_and_query(rest: str, is_name: Callable[[str], bool]) -> tuple[str, str]:
    """Return ("Halle?1", "rate=5") for "Halle?1?rate=5" if that is a name, else what is around the first "?"."""
    places = [len(rest), *(place for place in range(len(rest) - 1, 0, -1) if rest[place] == "?")]
    named = next((place for place in places if is_name(rest[:place])), None)
    if named is None:
        name, _, query = rest.partition("?")
        return name, query
    return rest[:named], rest[named + 1 :]


def _path(text: str, parts_of: PartsOf) -> FrameSource:
    from station.camera.replay import ReplayCamera  # noqa: PLC0415  loads only the library that is needed

    if not text:
        raise BadInputError("No source of pictures was named.", f"Give {_SHAPES}.")
    return ReplayCamera(expanded(Path(text)), parts_of=parts_of)


def _replay(rest: str, settings: CameraSettings, parts_of: PartsOf) -> FrameSource:
    from station.camera.replay import ReplayCamera  # noqa: PLC0415

    options = _Options(rest, "replay", is_name=lambda text: path_exists(expanded(Path(text))))
    rate_hz, loop = options.take_option("rate", float, 0.0), options.take_option("loop", int, 0)
    options.refuse_unknown()
    if not options.name:
        raise BadInputError("replay: needs a folder.", "Write replay:FOLDER.")
    return ReplayCamera(
        expanded(Path(options.name)),
        rate_hz=rate_hz,
        trigger=settings.trigger,
        loop=bool(loop),
        parts_of=parts_of,
    )


def _simulated(rest: str, settings: CameraSettings) -> FrameSource:
    from station.camera.simulated import DEFAULT_RATE_HZ, Faults, SimulatedCamera  # noqa: PLC0415

    options = _Options(rest, "simulated")
    faults = Faults(
        lost=options.take_option("lost", _numbers, frozenset()),
        incomplete=options.take_option("incomplete", _numbers, frozenset()),
        disconnect_after=options.take_option("disconnect", int, None),
        return_after_s=options.take_option("return", float, float("inf")),
    )
    seed, rate_hz = options.take_option("seed", int, 1), options.take_option("rate", float, DEFAULT_RATE_HZ)
    size = options.take_option("width", int, 640), options.take_option("height", int, 480)
    defect_share = options.take_option("defects", float, 0.2)
    options.refuse_unknown()
    return SimulatedCamera(
        options.name or "flange",
        seed=seed,
        rate_hz=rate_hz,
        trigger=settings.trigger,
        size=size,
        defect_share=defect_share,
        faults=faults,
    )


def _genicam(rest: str, settings: CameraSettings) -> FrameSource:
    from station.camera.genicam.camera import GenicamCamera  # noqa: PLC0415

    return GenicamCamera(rest, settings)


def _webcam(rest: str, settings: CameraSettings) -> FrameSource:
    from station.camera.webcam import WebcamCamera  # noqa: PLC0415

    if not _WEBCAM.fullmatch(rest or "0"):
        raise BadInputError(f"'{rest}' is not the number of a webcam.", "Write webcam:0 to webcam:99.")
    return WebcamCamera(int(rest or "0"), trigger=settings.trigger)


def _numbers(text: str) -> frozenset[int]:
    return frozenset(int(number) for number in text.split(","))


_OPENERS: dict[SourceKind, Callable[[str, CameraSettings], FrameSource]] = {
    SourceKind.SIMULATED: _simulated,
    SourceKind.GENICAM: _genicam,
    SourceKind.WEBCAM: _webcam,
}
