"""Folders of pictures that a site brings for methods that learn from more than good parts: recognised by a hash."""

from pathlib import Path

from station.camera.pictures.listing import list_folder
from station.domain.digest import sha256_of_blocks, sha256_of_file

PHOTOGRAPHS = "photographs"
"""Name of the folder with photographs of anything but good parts, in the folder of what the site brought."""
TEXTURES = "textures"
"""Name of the folder with pictures of textures."""
_SHOWN_OF_HASH = 12


def brought_pictures(backbones: Path | None, name: str) -> list[Path]:
    """Return the files with pictures in one of these folders, sorted; none if there is no such folder.

    Args:
        backbones: Folder of what the site brought; None if there is none.
        name: Name of the folder in it.

    Raises:
        BadInputError: It cannot be read.
    """
    if backbones is None or not (backbones / name).is_dir():
        return []
    return list(list_folder(backbones / name).pictures)


def named_with_hash(backbones: Path | None, name: str) -> str:
    """Return the name of such a folder with the beginning of its SHA-256; "without ..." if it holds no picture.

    The hash covers the place and the content of each picture.
    """
    files = brought_pictures(backbones, name)
    if backbones is None or not files:
        return f"without {name}"
    lines = (f"{sha256_of_file(file)} {file.relative_to(backbones).as_posix()}\n".encode() for file in files)
    return f"{name} {sha256_of_blocks(lines)[:_SHOWN_OF_HASH]}"
