"""One file for whoever helps from afar: what the station sees of its cameras, and what they last sent."""

import json
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from io import BytesIO
from pathlib import Path

import station
from station.domain.camera import CameraFeature, DiscoveryResult
from station.domain.errors import BadInputError
from station.domain.frame import Frame
from station.domain.preview import PreviewStatus
from station.storage.pictures.picture_store import encode_original
from station.workspace import write_atomically


def write_support_bundle(
    path: Path,
    seen: DiscoveryResult,
    status: PreviewStatus,
    features: Iterable[CameraFeature],
    frames: Sequence[Frame],
    logs: Path,
) -> None:
    """Write `cameras.json`, `camera.json`, `features.json`, `frames/*.png` and the log into one zip.

    Raises:
        BadInputError: The file cannot be written.
    """
    content = BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("cameras.json", _json({"lineside": station.__version__, **asdict(seen)}))
        archive.writestr("camera.json", _json({**asdict(status), "last_frames": list(map(_facts, frames))}))
        archive.writestr("features.json", _json([asdict(feature) for feature in features]))
        for frame in frames:
            archive.writestr(_name(frame), encode_original(frame.image).content, zipfile.ZIP_STORED)
        for log in sorted(logs.glob("*.log*")):
            archive.write(log, f"logs/{log.name}")
    _write(path, content.getvalue())


def _write(path: Path, content: bytes) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, content)
    except OSError as error:
        raise BadInputError(
            f"{path} cannot be written: {error.strerror or error}.",
            f"See that {path.parent} is a folder with room in it, where this user may write.",
        ) from error


def _facts(frame: Frame) -> dict[str, object]:
    return {
        "file": _name(frame),
        "origin": frame.origin,
        "received_at": frame.received_at.isoformat(),
        "timestamp_ns": frame.timestamp_ns,
        "pixel_format": frame.pixel_format,
        "significant_bits": frame.significant_bits,
        "conversion": frame.conversion,
        "chunk": dict(frame.chunk),
    }


def _name(frame: Frame) -> str:
    """By time: ids begin again whenever a camera returns."""
    return f"frames/{frame.received_at:%H%M%S.%f} id {frame.frame_id}.png"


def _json(value: object) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False)
