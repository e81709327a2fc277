import io
import struct
from pathlib import Path

import numpy as np
import pytest
import tifffile
from picture_samples import COLOUR, GREY, SIXTEEN, TWELVE, dicom, npy, opencv, pgm, tiff
from PIL import Image as Pillow

from station.camera.pictures.picture import UnreadablePictureError
from station.camera.pictures.reading import PictureFile, decode_picture, page_content, pages_of, read_picture

SECOND = np.ascontiguousarray(GREY[::-1])


def stack(**options: object) -> bytes:
    return tiff(np.stack([GREY, SECOND]), photometric="minisblack", **options)


def different_pages() -> bytes:
    file = io.BytesIO()
    with tifffile.TiffWriter(file) as writer:
        writer.write(GREY, metadata=None)
        writer.write(COLOUR, photometric="rgb", compression="zlib", metadata=None)
        writer.write(SIXTEEN, metadata=None, tile=(32, 32))
    return file.getvalue()


def animation(kind: str) -> bytes:
    file = io.BytesIO()
    Pillow.fromarray(COLOUR).save(file, kind, save_all=True, append_images=[Pillow.fromarray(COLOUR[::-1])], lossless=1)
    return file.getvalue()


def mpo() -> bytes:
    file = io.BytesIO()
    Pillow.fromarray(GREY).save(file, "MPO", save_all=True, append_images=[Pillow.fromarray(SECOND)], quality=95)
    return file.getvalue()


STACKS = {
    "tiff": stack,
    "tiff lzw": lambda: stack(compression="lzw"),
    "tiff big-endian": lambda: stack(byteorder=">", rowsperstrip=7),
    "bigtiff": lambda: stack(bigtiff=True),
    "pgm": lambda: pgm(GREY, 255) + pgm(SECOND, 255),
    "pgm apart": lambda: pgm(GREY, 255) + b"\n" + pgm(SECOND, 255),
    "npy": lambda: npy(np.stack([GREY, SECOND])),
    "npy appended": lambda: npy(GREY, SECOND),
    "npy colour": lambda: npy(np.stack([np.dstack([GREY] * 3), np.dstack([SECOND] * 3)])),
    "dicom": lambda: dicom(np.stack([GREY, SECOND]), 8, frames=2),
}


@pytest.mark.parametrize("name", STACKS)
def test_that_each_page_is_a_picture_of_its_own(tmp_path: Path, name: str) -> None:
    path = tmp_path / "stack"
    path.write_bytes(STACKS[name]())
    assert pages_of(path) == (PictureFile(path, 1), PictureFile(path, 2))
    for page, expected in ((1, GREY), (2, SECOND)):
        read = read_picture(path, page).image
        assert np.array_equal(read if read.ndim == 2 else read[..., 0], expected)
        assert np.array_equal(decode_picture(page_content(path, page), "alone").image, read)


@pytest.mark.parametrize("name", STACKS)
def test_that_a_file_with_several_pages_is_never_read_as_one(tmp_path: Path, name: str) -> None:
    path = tmp_path / "stack"
    path.write_bytes(STACKS[name]())
    with pytest.raises(UnreadablePictureError, match=r"holds (2|several) pictures"):
        read_picture(path)


def test_that_pages_of_different_kinds_are_read_each_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "mixed.tif"
    path.write_bytes(different_pages())
    read = [read_picture(file.path, file.page) for file in pages_of(path)]
    for picture, expected in zip(read, (GREY, COLOUR, SIXTEEN), strict=True):
        assert np.array_equal(picture.image, expected)


def test_that_smaller_copies_and_masks_in_a_tiff_are_no_parts_and_are_said(tmp_path: Path) -> None:
    file = io.BytesIO()
    with tifffile.TiffWriter(file) as writer:
        writer.write(GREY[::4, ::4], subfiletype=1, metadata=None)
        writer.write(GREY, metadata=None)
        writer.write(GREY > 9, subfiletype=4, metadata=None)
    path = tmp_path / "scan.tif"
    path.write_bytes(file.getvalue())
    (only,) = pages_of(path)
    picture = read_picture(only.path, only.page)
    assert np.array_equal(picture.image, GREY)
    assert "2 smaller copies or masks inside ignored" in picture.conversion


def test_that_a_picture_below_its_preview_is_read(tmp_path: Path) -> None:
    file = io.BytesIO()
    with tifffile.TiffWriter(file) as writer:
        writer.write(GREY[::4, ::4], subfiletype=1, subifds=1, metadata=None)
        writer.write(GREY, subfiletype=0, metadata=None)
    assert np.array_equal(decode_picture(file.getvalue(), "scan").image, GREY)


def below(*pictures: np.ndarray, **options: object) -> bytes:
    """Return a TIFF file with the first picture in its chain and the others below it."""
    file = io.BytesIO()
    with tifffile.TiffWriter(file, bigtiff=bool(options.pop("bigtiff", False))) as writer:
        writer.write(pictures[0], subifds=len(pictures) - 1, metadata=None, **options)
        for picture in pictures[1:]:
            writer.write(picture, metadata=None, **options)
    return file.getvalue()


@pytest.mark.parametrize("options", [{}, {"compression": "lzw"}, {"bigtiff": True}, {"tile": (32, 32)}])
def test_that_a_picture_below_another_one_is_a_page(tmp_path: Path, options: dict) -> None:
    path = tmp_path / "two.tif"
    path.write_bytes(below(GREY, SECOND, **options))
    first, second = pages_of(path)
    assert np.array_equal(read_picture(first.path, first.page).image, GREY)
    assert np.array_equal(read_picture(second.path, second.page).image, SECOND)
    with pytest.raises(UnreadablePictureError, match="holds 2 pictures"):
        read_picture(path)


def test_that_a_smaller_picture_of_another_form_is_a_page_too(tmp_path: Path) -> None:
    path = tmp_path / "two.tif"
    path.write_bytes(below(GREY, SECOND[: SECOND.shape[0] // 2]))
    assert len(pages_of(path)) == 2


def test_that_smaller_copies_below_a_picture_are_no_parts_even_if_not_marked(tmp_path: Path) -> None:
    path = tmp_path / "pyramid.tif"
    path.write_bytes(below(GREY, GREY[::2, ::2], GREY[::4, ::4]))
    (only,) = pages_of(path)
    picture = read_picture(only.path, only.page)
    assert np.array_equal(picture.image, GREY)
    assert "2 smaller copies or masks inside ignored" in picture.conversion


def test_that_a_picture_that_names_a_picture_of_its_chain_again_does_not_count_it_twice(tmp_path: Path) -> None:
    content = bytearray(below(GREY, SECOND))
    places = [page.offset for page in tifffile.TiffFile(io.BytesIO(content)).pages]
    tag = tifffile.TiffFile(io.BytesIO(content)).pages[0].tags["SubIFDs"]
    struct.pack_into("<I", content, tag.valueoffset, places[0])
    path = tmp_path / "circle.tif"
    path.write_bytes(content)
    assert pages_of(path) == (PictureFile(path),)


def test_that_a_picture_below_that_lies_behind_the_end_of_the_file_is_named() -> None:
    content = bytearray(below(GREY, SECOND))
    tag = tifffile.TiffFile(io.BytesIO(content)).pages[0].tags["SubIFDs"]
    struct.pack_into("<I", content, tag.valueoffset, len(content) + 8)
    with pytest.raises(UnreadablePictureError, match="is cut off"):
        decode_picture(bytes(content), "two.tif")


def test_that_the_pictures_of_an_mpo_file_are_pages(tmp_path: Path) -> None:
    path = tmp_path / "stereo.jpg"
    path.write_bytes(mpo())
    pages = pages_of(path)
    assert [str(page) for page in pages] == [f"{path} page 1", f"{path} page 2"]
    for page, expected in zip(pages, (GREY, SECOND), strict=True):
        assert np.abs(read_picture(page.path, page.page).image.astype(int) - expected).mean() < 3


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_that_an_animation_is_refused_with_its_count(kind: str) -> None:
    with pytest.raises(UnreadablePictureError, match="is an animation of 2 pictures"):
        decode_picture(animation(kind), "moving")


def test_that_two_jpegs_in_a_row_are_not_read_as_one() -> None:
    with pytest.raises(UnreadablePictureError, match="holds a second picture"):
        decode_picture(2 * opencv(".jpg", GREY), "stream.jpg")


@pytest.mark.parametrize("program", [{"imagej": True}, {}], ids=["ImageJ", "tifffile"])
def test_that_a_stack_with_one_entry_is_refused_with_its_count(program: dict) -> None:
    file = io.BytesIO()
    pixels = np.stack([GREY, SECOND, GREY])
    tifffile.imwrite(file, pixels, photometric="minisblack", **({"truncate": True} | program))
    with pytest.raises(UnreadablePictureError, match="holds 3 pictures"):
        decode_picture(file.getvalue(), "stack.tif")


@pytest.mark.parametrize("count", [3, 4])
def test_that_an_array_with_colours_first_is_refused_as_it_may_be_a_stack(count: int) -> None:
    with pytest.raises(UnreadablePictureError, match=f"{count} grey pictures, or one in colour"):
        decode_picture(npy(np.stack([GREY] * count)), "a.npy")


@pytest.mark.parametrize("array", [GREY.astype(np.float32), GREY > 9, GREY.astype(np.int64), np.zeros(9, np.uint8)])
def test_that_an_array_of_another_type_or_shape_is_refused_with_its_type_and_shape(array: np.ndarray) -> None:
    with pytest.raises(UnreadablePictureError, match=rf"(array of {array.dtype}|has the shape \(9\))"):
        decode_picture(npy(array), "a.npy")


def test_that_an_array_of_objects_is_never_unpickled() -> None:
    file = io.BytesIO()
    np.save(file, np.array([{"a": 1}]), allow_pickle=True)
    with pytest.raises(UnreadablePictureError, match="array of object"):
        decode_picture(file.getvalue(), "a.npy")


def test_that_the_shape_of_an_array_is_said() -> None:
    assert decode_picture(npy(COLOUR), "a.npy").conversion == "array of 96 x 112 x 3 taken for RGB, 112 x 96 px"


def test_that_a_page_keeps_its_depth(tmp_path: Path) -> None:
    for name, content in (("a.tif", tiff(np.stack([TWELVE] * 2), bitspersample=12, photometric="minisblack")),):
        (tmp_path / name).write_bytes(content)
        assert read_picture(tmp_path / name, 2).significant_bits == 12


def test_that_a_page_that_is_gone_is_said(tmp_path: Path) -> None:
    path = tmp_path / "stack.tif"
    path.write_bytes(tiff(GREY))
    with pytest.raises(UnreadablePictureError, match="page 2 is not in the file any more"):
        read_picture(path, 2)
