"""The directories of a TIFF file: one for each picture, each a table of tags."""

import io
import struct
from dataclasses import dataclass, replace
from typing import BinaryIO

from station.camera.pictures.picture import UnreadableContentError, cut_off, damaged

WIDTH, HEIGHT, BITS, COMPRESSION, PHOTOMETRIC, DESCRIPTION = 256, 257, 258, 259, 262, 270
STRIP_OFFSETS, SAMPLES, ROWS_PER_STRIP, STRIP_COUNTS, PLANAR = 273, 277, 278, 279, 284
TILE_OFFSETS, TILE_COUNTS, SUB_DIRECTORIES, SAMPLE_FORMAT = 324, 325, 330, 339
_NEW_SUBFILE_TYPE, _SUBFILE_TYPE = 254, 255
_REDUCED, _MASK, _OLD_REDUCED, _PHOTOMETRIC_MASK = 1, 4, 2, 4
_OTHER_PLACES = {SUB_DIRECTORIES, 34665, 34853, 40965}  # their offsets are wrong in another file
_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, 16: 8, 17: 8, 18: 8}
_CODES = {1: "B", 3: "H", 4: "I", 13: "I", 16: "Q", 18: "Q"}
_MOST_PAGES = 65536
_MOST_VALUES = 2**24


@dataclass(frozen=True, slots=True)
class Layout:
    """How the file writes numbers: byte order, and whether it is a BigTIFF with 64-bit places."""

    order: str
    big: bool

    @property
    def place(self) -> str:
        """Return the code of a place in the file."""
        return self.order + ("Q" if self.big else "I")

    @property
    def entry(self) -> str:
        """Return the codes of an entry without its value: tag, type, number of values."""
        return self.order + ("HHQ" if self.big else "HHI")

    @property
    def count(self) -> str:
        """Return the code of the number of entries."""
        return self.order + ("Q" if self.big else "H")


@dataclass(frozen=True, slots=True)
class Directory:
    """One picture inside a TIFF file.

    Attributes:
        layout: How it is written.
        place: Where it lies.
        entries: For each tag its type, its number of values and their bytes.
    """

    layout: Layout
    place: int
    entries: dict[int, tuple[int, int, bytes]]

    def values(self, tag: int) -> tuple[int, ...]:
        """Return the whole numbers of a tag; empty if it is missing or holds something else."""
        kind, count, content = self.entries.get(tag, (0, 0, b""))
        code = _CODES.get(kind)
        return struct.unpack(f"{self.layout.order}{count}{code}", content) if code else ()

    def value(self, tag: int, default: int) -> int:
        """Return the first number of a tag."""
        return next(iter(self.values(tag)), default)

    def text(self, tag: int) -> str:
        """Return the text of a tag."""
        return self.entries.get(tag, (2, 0, b""))[2].decode("utf-8", "replace").rstrip("\0")

    @property
    def is_aid(self) -> bool:
        """Return whether it is a smaller copy or a mask of another picture, and no part."""
        return bool(
            self.value(_NEW_SUBFILE_TYPE, 0) & (_REDUCED | _MASK)
            or self.value(_SUBFILE_TYPE, 1) == _OLD_REDUCED
            or self.value(PHOTOMETRIC, 1) == _PHOTOMETRIC_MASK
        )


def read_pages(file: BinaryIO) -> tuple[list[Directory], int]:
    """Return the directories that are parts, and how many smaller copies and masks there are beside them.

    Raises:
        UnreadableContentError: A directory lies behind the end of the file, or the chain of directories is damaged.
    """
    everything = _everything(file)
    pages = [directory for directory, is_copy in everything if not (is_copy or directory.is_aid)]
    pages = pages or [everything[0][0]]
    return pages, len(everything) - len(pages)


def as_file(directory: Directory, tiles: list[bytes]) -> bytes:
    """Return a TIFF file with this picture alone.

    Args:
        directory: The picture.
        tiles: The packed content of its strips or tiles, in order.
    """
    layout = directory.layout
    offsets, counts = (
        (TILE_OFFSETS, TILE_COUNTS) if TILE_OFFSETS in directory.entries else (STRIP_OFFSETS, STRIP_COUNTS)
    )
    file = io.BytesIO()
    file.write(_header(layout))
    places = []
    for tile in tiles:
        places.append(file.tell())
        file.write(tile + bytes(len(tile) % 2))
    entries = {tag: entry for tag, entry in directory.entries.items() if tag not in _OTHER_PLACES}
    entries[offsets] = _numbers(layout, places)
    entries[counts] = _numbers(layout, [len(tile) for tile in tiles])
    _write_directory(file, replace(directory, entries=entries))
    return file.getvalue()


def _start(file: BinaryIO) -> tuple[Layout, int]:
    file.seek(0)
    header = file.read(16)
    layout = Layout("<" if header[:2] == b"II" else ">", b"+" in header[2:4])
    place = 8 if layout.big else 4
    if len(header) < place + struct.calcsize(layout.place):
        raise cut_off("TIFF")
    return layout, struct.unpack_from(layout.place, header, place)[0]


def _everything(file: BinaryIO) -> list[tuple[Directory, bool]]:
    """Return every directory, each followed by those below it, and whether it is a copy that is not marked as one.

    Below a picture lie copies of it in smaller sizes, the full picture of a preview, or pictures of any kind.
    """
    layout, place = _start(file)
    seen: set[int] = set()
    found = [(directory, False) for directory in _chain(file, layout, place, seen)]
    if not found:
        raise damaged("TIFF")
    for behind, (above, _) in enumerate(found, start=1):  # also goes through what is put in behind
        places = (place for place in above.values(SUB_DIRECTORIES) if place and place not in seen)
        below = [directory for place in places for directory in _chain(file, layout, place, seen)]
        found[behind:behind] = [(directory, _is_smaller(directory, above)) for directory in below]
    return found


def _chain(file: BinaryIO, layout: Layout, place: int, seen: set[int]) -> list[Directory]:
    """Return the directory at a place and those behind it; their places are added to `seen`."""
    directories: list[Directory] = []
    while place:
        if place in seen or len(seen) >= _MOST_PAGES:
            raise damaged("TIFF")
        seen.add(place)
        directory, place = _read_directory(file, layout, place)
        directories.append(directory)
    return directories


def _is_smaller(directory: Directory, above: Directory) -> bool:
    """Return whether it has the form of the picture above it in a smaller size, within a pixel."""
    width, height = directory.value(WIDTH, 0), directory.value(HEIGHT, 0)
    full_width, full_height = above.value(WIDTH, 0), above.value(HEIGHT, 0)
    return width < full_width and abs(width * full_height - height * full_width) <= max(full_width, full_height)


def _read_directory(file: BinaryIO, layout: Layout, place: int) -> tuple[Directory, int]:
    """Return the directory at a place, and the place of the next one; 0 behind the last."""
    (count,) = struct.unpack(layout.count, _read(file, place, struct.calcsize(layout.count)))
    size = 20 if layout.big else 12
    start = place + struct.calcsize(layout.count)
    if count > 4096:
        raise damaged("TIFF")
    table = _read(file, start, count * size + struct.calcsize(layout.place))
    entries = dict(_entry(file, layout, table[at : at + size]) for at in range(0, count * size, size))
    return Directory(layout, place, entries), struct.unpack_from(layout.place, table, count * size)[0]


def _entry(file: BinaryIO, layout: Layout, content: bytes) -> tuple[int, tuple[int, int, bytes]]:
    tag, kind, count = struct.unpack_from(layout.entry, content)
    inline = content[struct.calcsize(layout.entry) :]
    size = _SIZES.get(kind, 0) * count
    if size > _MOST_VALUES:
        raise damaged("TIFF")
    if size <= len(inline):
        return tag, (kind, count, inline[:size])
    (place,) = struct.unpack(layout.place, inline)
    return tag, (kind, count, _read(file, place, size))


def read_at(file: BinaryIO, place: int, size: int) -> bytes:
    """Return up to `size` bytes from this place on: fewer, or none, if the file ends before."""
    left = file.seek(0, io.SEEK_END) - place
    if left <= 0:
        return b""
    file.seek(place)
    return file.read(min(size, left))


def _read(file: BinaryIO, place: int, size: int) -> bytes:
    content = read_at(file, place, size)
    if len(content) != size:
        raise cut_off("TIFF")
    return content


def _header(layout: Layout) -> bytes:
    mark = b"II" if layout.order == "<" else b"MM"
    if layout.big:
        return mark + struct.pack(layout.order + "HHHQ", 43, 8, 0, 0)
    return mark + struct.pack(layout.order + "HI", 42, 0)


def _numbers(layout: Layout, numbers: list[int]) -> tuple[int, int, bytes]:
    kind, code = (16, "Q") if layout.big else (4, "I")
    return kind, len(numbers), struct.pack(f"{layout.order}{len(numbers)}{code}", *numbers)


def _write_directory(file: io.BytesIO, directory: Directory) -> None:
    """Write the values that do not fit into the table, then the table, then its place into the header."""
    layout = directory.layout
    room = struct.calcsize(layout.place)
    table = b""
    for tag, (kind, count, content) in sorted(directory.entries.items()):
        value = content.ljust(room, b"\0")
        if len(content) > room:
            value = struct.pack(layout.place, file.tell())
            file.write(content + bytes(len(content) % 2))
        table += struct.pack(layout.entry, tag, kind, count) + value
    place = file.tell()
    file.write(struct.pack(layout.count, len(directory.entries)) + table + bytes(room))
    file.seek(8 if layout.big else 4)
    file.write(struct.pack(layout.place, place))


_READ_PACKINGS = {1, 2, 3, 4, 5, 6, 7, 8, 32771, 32773, 32809, 32946}
_OTHER_PACKINGS = {
    34712: "JPEG 2000",
    50000: "Zstandard",
    50001: "WebP",
    50002: "JPEG XL",
    34925: "LZMA",
    34887: "LERC",
}


def refuse_unread(directory: Directory) -> None:
    """Refuse pixels that are packed in a way that is not read, and those without a meaning here.

    OpenCV gives a black picture for JPEG 2000 and JPEG XL inside TIFF.

    Raises:
        UnreadableContentError: The packing is not read, or the pixels are of floating point, signed, or too wide.
    """
    packing = directory.value(COMPRESSION, 1)
    if packing not in _READ_PACKINGS:
        name = _OTHER_PACKINGS.get(packing, f"packing number {packing}")
        raise UnreadableContentError(
            f"holds its pixels as {name}, which is not read in a TIFF; unpacked, LZW, deflate and JPEG are"
        )
    bits, form = directory.value(BITS, 1), directory.value(SAMPLE_FORMAT, 1)
    if form in (2, 3) or bits > 16:
        kind = {2: "int", 3: "float"}.get(form, "uint")
        raise UnreadableContentError(
            f"has unsupported pixels ({kind}{bits}); 8 or 16 bits, grey or colour, are supported"
        )
