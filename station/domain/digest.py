"""SHA-256, by which files, recipes, models and reports are recognised."""

import hashlib
from collections.abc import Iterable
from pathlib import Path


def sha256_hex(content: bytes | memoryview) -> str:
    """Return the SHA-256 of the content as 64 hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def sha256_of_file(path: Path) -> str:
    """Return the SHA-256 of a file as 64 hexadecimal digits, read in pieces.

    Raises:
        OSError: The file cannot be read.
    """
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def sha256_of_blocks(blocks: Iterable[bytes]) -> str:
    """Return the digest, in hex, of content that comes block by block."""
    digest = hashlib.sha256()
    for block in blocks:
        digest.update(block)
    return digest.hexdigest()
