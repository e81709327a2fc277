"""The originals of the newest parts that passed: on the disk for a while, in case a person disputes one."""

import re
import threading
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from station.domain.digest import sha256_hex
from station.domain.inspection import PartKey
from station.storage.pictures.encoding import Role
from station.storage.pictures.picture_store import is_temporary, temporary_name

_NAME = re.compile(r"(\d{6,})-(\d{6,})-(\d+)-(original|map)-([0-9a-f]{64})")

Files = Mapping[Role, bytes]
"""The picture files of one view."""


@dataclass(slots=True)
class _Waiting:
    """A part of the ring, with its files and their bytes together."""

    paths: list[Path]
    size: int = 0


class PassedRing:
    """A folder of files, in which each part pushes out the oldest ones. Safe from any thread.

    The database knows nothing of these files, and they are not synced: a power cut may take the newest of them. The
    name of a file says which part it belongs to and what the hash of its content is, so that the folder alone is
    enough after a crash.

    Attributes:
        most_parts: How many parts may be in it; 0 for a ring that is not used.
        keys: The parts, oldest first.
        size: Bytes of all files.
    """

    def __init__(self, folder: Path, most_parts: int, most_bytes: int) -> None:
        """Touch nothing on the disk yet."""
        self.folder = folder
        self.most_parts, self._most_bytes = most_parts, most_bytes
        self._lock = threading.Lock()
        self._waiting: dict[PartKey, _Waiting] = {}
        self.size = 0

    @property
    def keys(self) -> tuple[PartKey, ...]:
        """Return the parts in the ring, oldest first."""
        with self._lock:
            return tuple(self._waiting)

    def on_disk(self) -> set[PartKey]:
        """Return the parts that wait, also those of another program.

        Raises:
            OSError: The folder cannot be read.
        """
        names = (path.name for path in self.folder.iterdir()) if self.folder.is_dir() else ()
        return {PartKey(int(found[1]), int(found[2])) for name in names if (found := _NAME.fullmatch(name))}

    def load(self) -> None:
        """Take over what lies in the folder: half written files are removed, and what is not ours is left alone.

        Raises:
            OSError: The folder cannot be read.
        """
        with self._lock:
            self._waiting.clear()
            self.size = 0
        for path in sorted(self.folder.iterdir()) if self.folder.is_dir() else ():
            if is_temporary(path.name):
                path.unlink(missing_ok=True)
            elif match := _NAME.fullmatch(path.name):
                self._add(PartKey(int(match[1]), int(match[2])), path, path.stat().st_size)

    def put(self, key: PartKey, views: Sequence[Files]) -> None:
        """Add a part. It stays if it is the only one, however large it is.

        Raises:
            OSError: The disk refused. The part is not in the ring.
        """
        self.folder.mkdir(exist_ok=True)
        for place, files in enumerate(views):
            for role, content in files.items():
                path = self.folder / f"{_beginning(key)}{place}-{role.value}-{sha256_hex(content)}"
                self._add(key, path, len(content))
                _write(path, content)

    def beyond(self, held: Container[PartKey] = ()) -> Iterator[PartKey]:
        """Yield the parts to give up, oldest first, without those that are held and never the only one."""
        with self._lock:
            parts, size = len(self._waiting), self.size
            oldest_first = [(key, part.size) for key, part in self._waiting.items() if key not in held]
        for key, of_part in oldest_first:
            if parts <= min(1, self.most_parts) or (parts <= self.most_parts and size <= self._most_bytes):
                return
            yield key
            parts, size = parts - 1, size - of_part

    def contents(self, key: PartKey) -> dict[int, dict[Role, bytes]]:
        """Return the whole and unchanged files of a part by the places of its views; empty if none waits.

        Any thread and any program may ask.

        Raises:
            OSError: The disk failed.
        """
        found: dict[int, dict[Role, bytes]] = {}
        for path in self.folder.glob(f"{_beginning(key)}*"):
            if match := _NAME.fullmatch(path.name):
                content = _read(path)
                if sha256_hex(content) == match[5]:
                    found.setdefault(int(match[3]), {})[Role(match[4])] = content
        return found

    def remove(self, key: PartKey) -> None:
        """Give up the files of a part.

        Raises:
            OSError: The disk failed. The part stays in the ring.
        """
        for path in self.folder.glob(f"{_beginning(key)}*"):
            path.unlink(missing_ok=True)
        with self._lock:
            waiting = self._waiting.pop(key, None)
            self.size -= waiting.size if waiting else 0

    def _add(self, key: PartKey, path: Path, size: int) -> None:
        with self._lock:
            waiting = self._waiting.setdefault(key, _Waiting([]))
            if path not in waiting.paths:
                waiting.paths.append(path)
                waiting.size += size
                self.size += size


def _beginning(key: PartKey) -> str:
    return f"{key.run_id:06d}-{key.part:06d}-"


def _write(path: Path, content: bytes) -> None:
    """Write the file whole or not at all, as long as the power stays on: the disk is not waited for."""
    temporary = temporary_name(path)
    try:
        temporary.write_bytes(content)
        temporary.replace(path)
    except OSError:
        temporary.unlink(missing_ok=True)
        raise


def _read(path: Path) -> bytes:
    """Return the content; nothing if the file was given up in this moment."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return b""
