"""Writes the support file: discovered cameras, state and features of the connected one, last frames, logs."""

import json
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from io import BytesIO
from pathlib import Path

import station
from station.domain.camera import CameraFeature, DiscoveryResult
from station.domain.disk import reason_of
from station.domain.errors import BadInputError
from station.domain.frame import Frame
from station.domain.preview import PreviewStatus
from station.storage.pictures.encoding import encode_original
from station.workspace import write_atomically


def write_support_bundle(
    path: Path,
    discovered: DiscoveryResult,
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
        archive.writestr("cameras.json", _json({"lineside": station.__version__, **asdict(discovered)}))
        archive.writestr("camera.json", _json({**asdict(status), "last_frames": list(map(_facts, frames))}))
        archive.writestr("features.json", _json([asdict(feature) for feature in features]))
        for frame in frames:
            archive.writestr(_name(frame), encode_original(frame.image), zipfile.ZIP_STORED)
        for log in sorted(logs.glob("*.log*")):
            archive.write(log, f"logs/{log.name}")
    _write(path, content.getvalue())


def _write(path: Path, content: bytes) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, content)
    except OSError as error:
        raise BadInputError(
            f"{path} cannot be written: {reason_of(error)}.",
            f"Check that {path.parent} is a folder that this user may write to and that its disk is not full.",
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
    """Named by time, because frame ids restart at every reconnect."""
    return f"frames/{frame.received_at:%H%M%S.%f} id {frame.frame_id}.png"


def _json(value: object) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False)
