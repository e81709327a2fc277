"""SHA-256 of contents and files."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.domain.digest import sha256_hex, sha256_of_file


def test_that_a_digest_is_the_published_one() -> None:
    assert sha256_hex(b"abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


@given(content=st.binary(max_size=300))
def test_that_a_file_has_the_digest_of_its_content(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "content"
    path.write_bytes(content)
    assert sha256_of_file(path) == sha256_hex(content)


def test_that_a_missing_file_is_an_error_of_the_system(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        sha256_of_file(tmp_path / "none")
