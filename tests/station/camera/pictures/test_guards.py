"""What lost pixels is refused, and nothing else: damage that touches no pixel is a note."""

import struct
import time
import zlib
from contextlib import suppress

import cv2
import numpy as np
import pytest
from picture_samples import (
    COLOUR,
    GREY,
    PROGRESSIVE,
    RESTARTS,
    SIXTEEN,
    j2k,
    npy,
    opencv,
    pgm,
    pillow,
    tiff,
    top_down,
)

from station.camera.pictures.picture import PicturesLeftOutError, UnreadablePictureError
from station.camera.pictures.reading import decode_picture

BMP, PNG, JPEG = opencv(".bmp", COLOUR), opencv(".png", COLOUR), opencv(".jpg", COLOUR)


def longer_by(count: int, bmp: bytes = BMP) -> bytes:
    """Return the BMP with a header that claims more bytes than there are."""
    return bmp[:2] + (int.from_bytes(bmp[2:6], "little") + count).to_bytes(4, "little") + bmp[6:]


def chunk(name: bytes, data: bytes, *, wrong: bool = False) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data) ^ wrong)


def chunks_of(png: bytes) -> list[tuple[bytes, bytes]]:
    place, found = 8, []
    while place < len(png):
        length, name = struct.unpack_from(">I4s", png, place)
        found.append((name, png[place + 8 : place + 8 + length]))
        place += 12 + length
    return found


def rebuilt(png: bytes, *, wrong: bytes = b"", extra: bytes = b"") -> bytes:
    """Return the PNG with wrong checksums in one kind of chunk, and a chunk more in front of the pixels."""
    kept = [chunk(name, data, wrong=name == wrong) for name, data in chunks_of(png)]
    return png[:8] + kept[0] + extra + b"".join(kept[1:])


def with_lengths(content: bytes, change: int) -> bytes:
    """Return the TIFF with another length of its only strip."""
    tag = content.index(struct.pack("<HHI", 279, 4, 1))
    (length,) = struct.unpack_from("<I", content, tag + 8)
    return content[: tag + 8] + struct.pack("<I", length + change) + content[tag + 12 :]


def without_lengths(content: bytes) -> bytes:
    """Return the TIFF with the table of lengths renamed to a private tag, as some old scanners leave it out."""
    tag = content.index(struct.pack("<HHI", 279, 4, 1))
    return content[:tag] + struct.pack("<H", 65000) + content[tag + 2 :]


def rle_bmp() -> bytes:
    """A run-length BMP of 16 x 16 px, each row one run."""
    palette = b"".join(bytes([level, level, level, 0]) for level in range(256))
    rows = b"".join(bytes([16, 10 * row, 0, 0]) for row in range(16)) + b"\0\1"
    header = struct.pack("<IiiHHIIiiII", 40, 16, 16, 1, 8, 1, len(rows), 0, 0, 256, 0)
    return b"BM" + struct.pack("<IHHI", 54 + 1024 + len(rows), 0, 0, 54 + 1024) + header + palette + rows


WHOLE = {
    "bmp that claims 14 bytes more": (longer_by(14), "14 bytes fewer than the header says, all pixels there"),
    "bmp that claims no size": (BMP[:2] + bytes(4) + BMP[6:], ""),
    "bmp from the top that claims more": (longer_by(2, top_down(opencv(".bmp", COLOUR[::-1]))), "2 bytes fewer"),
    "bmp with bytes behind": (BMP + bytes(240), "240 bytes behind the picture ignored"),
    "bmp without size of its pixels": (BMP[:34] + bytes(4) + BMP[38:], ""),
    "png with bytes behind": (PNG + bytes(range(240)), "240 bytes behind the picture ignored"),
    "png with half of its end mark": (PNG[:-3], ""),
    "png with a wrong checksum of its end mark": (rebuilt(PNG, wrong=b"IEND"), ""),
    "png with a wrong checksum of a text": (rebuilt(PNG, extra=chunk(b"tEXt", b"a\0b", wrong=True)), ""),
    "png with a wrong checksum of a date": (rebuilt(PNG, extra=chunk(b"tIME", bytes(7), wrong=True)), ""),
    "png with a wrong checksum around its pixels": (rebuilt(PNG, wrong=b"IDAT"), "wrong checksum ignored"),
    "png with an unknown chunk": (rebuilt(PNG, extra=chunk(b"caBX", bytes(500))), ""),
    "bigtiff": (tiff(COLOUR, photometric="rgb", bigtiff=True), ""),
    "big-endian bigtiff": (tiff(COLOUR, photometric="rgb", bigtiff=True, byteorder=">"), ""),
    "tiff with a strip too long": (with_lengths(tiff(COLOUR, photometric="rgb"), 5000), "wrong lengths in the header"),
    "tiff with a strip too short": (with_lengths(tiff(COLOUR, photometric="rgb"), -500), "wrong lengths"),
    "tiff without lengths": (without_lengths(tiff(COLOUR, photometric="rgb")), ""),
    "deflate tiff with a strip too long": (
        with_lengths(tiff(COLOUR, photometric="rgb", compression="zlib"), 5000),
        "",
    ),
    "tiff with bytes behind": (tiff(COLOUR, photometric="rgb") + bytes(99), ""),
    "ppm with bytes behind": (opencv(".ppm", COLOUR) + b"\n\n", ""),
    "ppm with a comment": (opencv(".ppm", COLOUR).replace(b"P6\n", b"P6\n# station 4\n", 1), ""),
    "npy": (npy(COLOUR), ""),
    "webp with bytes behind": (opencv(".webp", COLOUR, cv2.IMWRITE_WEBP_QUALITY, 101) + bytes(9), "9 bytes behind"),
}


@pytest.mark.parametrize("name", WHOLE)
def test_that_damage_beside_the_pixels_is_a_note(name: str) -> None:
    content, note = WHOLE[name]
    picture = decode_picture(content, name)
    assert np.array_equal(picture.image, COLOUR)
    assert note in picture.conversion


def with_spare_bytes(content: bytes, spare: bytes, *, only: int | None = None) -> bytes:
    """Return the JPEG with spare bytes in front of each restart mark, or in front of one."""
    kept, begin, number = [], content.index(b"\xff\xda"), 0
    kept.append(content[:begin])
    for place in range(begin, len(content) - 1):
        if content[place] == 0xFF and 0xD0 <= content[place + 1] <= 0xD7:
            kept += [content[begin:place], spare if only in (None, number) else b""]
            begin, number = place, number + 1
    return b"".join([*kept, content[begin:]])


RESTARTED = opencv(".jpg", COLOUR, *RESTARTS)
JPEGS = {
    "spare bytes before each restart mark": (with_spare_bytes(RESTARTED, b"\x3c\x11"), RESTARTED),
    "spare zeros before one restart mark": (with_spare_bytes(RESTARTED, bytes(2), only=3), RESTARTED),
    "fill bytes before each restart mark": (with_spare_bytes(RESTARTED, b"\xff\xff"), RESTARTED),
    "bytes behind the end": (JPEG + b"made by camera 4", JPEG),
    "zeros behind the end": (JPEG + bytes(4096), JPEG),
    "no end mark": (JPEG[:-2], JPEG),
    "half an end mark": (JPEG[:-1], JPEG),
    "a thumbnail behind the end": (JPEG + opencv(".jpg", GREY[::4, ::4]), JPEG),
}


@pytest.mark.parametrize("name", JPEGS)
def test_that_a_jpeg_with_all_its_pixels_is_read(name: str) -> None:
    content, whole = JPEGS[name]
    assert np.array_equal(decode_picture(content, name).image, decode_picture(whole, name).image)


def test_that_what_a_webcam_adds_to_a_jpeg_is_said() -> None:
    content = with_spare_bytes(RESTARTED, b"\x3c\x11")
    assert decode_picture(content, "frame.jpg").conversion == "spare bytes before restart marks ignored"
    assert decode_picture(JPEG[:-2], "frame.jpg").conversion == "end mark missing, all pixels there"
    assert decode_picture(JPEG + b"abc", "frame.jpg").conversion == "3 bytes behind the picture ignored"


def progressive_without_last_pass() -> bytes:
    content = opencv(".jpg", COLOUR, *PROGRESSIVE)
    last = content.rindex(b"\xff\xda")
    return content[:last] + b"\xff\xd9"


def progressive_without_tail() -> bytes:
    content = opencv(".jpg", COLOUR, *PROGRESSIVE)
    return content[: len(content) * 9 // 10] + b"\xff\xd9"


def png_without_rows() -> bytes:
    """A PNG whose pixel data ends early, but whose chunks and checksums are right."""
    packed = zlib.decompress(b"".join(data for name, data in chunks_of(PNG) if name == b"IDAT"))
    chunks = dict(chunks_of(PNG)) | {b"IDAT": zlib.compress(packed[: len(packed) // 2])}
    return PNG[:8] + b"".join(chunk(name, data) for name, data in chunks.items())


LOST = {
    "bmp without its last row": BMP[:-20],
    "bmp whose pixels begin behind the end": BMP[:10] + (len(BMP) - 9).to_bytes(4, "little") + BMP[14:],
    "run-length bmp without its end": rle_bmp()[:-30],
    "png without its end": PNG[:-12],
    "png without its last rows": png_without_rows(),
    "progressive jpeg without its last pass": progressive_without_last_pass(),
    "progressive jpeg without its tail": progressive_without_tail(),
    "tiff without its last strip": tiff(GREY, rowsperstrip=8)[:-40],
    "deflate tiff with a damaged strip": tiff(GREY, compression="zlib")[:-2000] + bytes(2000),
    "jpeg tiff without its tail": tiff(COLOUR, photometric="rgb", compression="jpeg")[:-40],
    "pgm with swapped bytes": b"P5 112 96 4095\n" + (GREY.astype(np.uint16) * 16).astype("<u2").tobytes(),
    "ppm without its last byte": opencv(".ppm", COLOUR)[:-1],
    "npy without its last byte": npy(SIXTEEN)[:-1],
    "jp2 without its last byte": j2k(GREY, 8, "jp2")[:-1],
}


@pytest.mark.parametrize("name", LOST)
def test_that_a_picture_that_lost_pixels_is_refused(name: str) -> None:
    with pytest.raises(UnreadablePictureError, match=r"is cut off|is damaged|are its bytes swapped"):
        decode_picture(LOST[name], name)


def test_that_a_png_with_a_second_picture_behind_it_is_refused() -> None:
    with pytest.raises(PicturesLeftOutError, match="holds a second picture behind the first"):
        decode_picture(PNG + bytes(8) + PNG, "two.png")


@pytest.mark.parametrize(("packing", "name"), [(34712, "JPEG 2000"), (50002, "JPEG XL"), (12345, "number 12345")])
def test_that_a_tiff_packed_in_a_way_that_is_not_read_is_refused_by_its_name(packing: int, name: str) -> None:
    content = tiff(COLOUR, photometric="rgb", compression="jpeg")
    other = content.replace(struct.pack("<HHIH", 259, 3, 1, 7), struct.pack("<HHIH", 259, 3, 1, packing))
    assert other != content
    with pytest.raises(UnreadablePictureError, match=rf"holds its pixels as .*{name}, which is not read in a TIFF"):
        decode_picture(other, "part.tif")


def test_that_a_run_length_bmp_is_read() -> None:
    assert decode_picture(rle_bmp(), "rle.bmp").image.shape[:2] == (16, 16)


def with_claimed_size(jpeg: bytes, frame: bytes) -> bytes:
    place = jpeg.index(frame) + 5
    return jpeg[:place] + struct.pack(">HH", 20000, 20000) + jpeg[place + 4 :]


CLAIMS = {
    "png": PNG[:8] + chunk(b"IHDR", struct.pack(">IIBBBBB", 60000, 60000, 8, 2, 0, 0, 0)) + chunk(b"IEND", b""),
    "bmp": BMP[:18] + struct.pack("<ii", 60000, 60000) + BMP[26:],
    "pgm": b"P5 60000 60000 255\n" + bytes(100),
    "pbm": b"P1 60000 60000\n1 0 1",
    "npy": npy(GREY).replace(b"(96, 112)", b"(60000, 60000)").replace(b"    \n", b"\n"),
    "tiff": tiff(GREY).replace(struct.pack("<HHII", 256, 4, 1, 112), struct.pack("<HHII", 256, 4, 1, 2**30)),
    "jpeg": with_claimed_size(JPEG, b"\xff\xc0"),
    "progressive jpeg": with_claimed_size(opencv(".jpg", COLOUR, *PROGRESSIVE), b"\xff\xc2"),
    "jp2 without most of its tiles": j2k(GREY, 8, "j2k")[:8]
    + struct.pack(">II", 20000, 20000)
    + j2k(GREY, 8, "j2k")[16:],
    "jp2": j2k(GREY, 8, "j2k")[:8] + struct.pack(">II", 60000, 60000) + j2k(GREY, 8, "j2k")[16:],
}


@pytest.mark.parametrize("name", CLAIMS)
def test_that_a_picture_that_claims_to_be_gigantic_is_refused_before_it_takes_memory(name: str) -> None:
    began_s = time.monotonic()
    with pytest.raises(UnreadablePictureError, match=r"claims to be|is cut off|is damaged"):
        decode_picture(CLAIMS[name], name)
    assert time.monotonic() - began_s < 1


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"\0\0\0\x18ftypheic" + bytes(200), "is a HEIC picture, which is not read"),
        (b"GIF89a" + bytes(200), "is a GIF picture"),
        (b"%PDF-1.7" + bytes(200), "is a PDF document"),
        (b"8BPS" + bytes(200), "is a Photoshop picture"),
        (b"\0\0\0\x18ftypavif" + bytes(200), "is an AVIF picture"),
        (pillow("GIF", GREY), "is a GIF picture"),
    ],
)
def test_that_a_picture_of_another_kind_is_refused_by_its_kind_whatever_its_name_is(content: bytes, words: str) -> None:
    with pytest.raises(UnreadablePictureError, match=rf"photo\.jpg {words}"):
        decode_picture(content, "photo.jpg")


def test_that_a_maximum_other_than_a_power_of_two_is_stretched_and_said() -> None:
    picture = decode_picture(pgm(GREY // 3, 85), "a.pgm")
    assert np.array_equal(picture.image, GREY // 3 * 3)
    assert "grey values 0 to 85 stretched to 0 to 255" in picture.conversion


@pytest.mark.parametrize("place", range(40, len(PNG), 797))
def test_that_a_damaged_png_writes_nothing_to_the_terminal(capfd: pytest.CaptureFixture[str], place: int) -> None:
    content = bytearray(PNG)
    content[place] ^= 0x55
    for damaged in (bytes(content), PNG[:place]):
        with suppress(UnreadablePictureError):
            decode_picture(damaged, "part.png")
    assert capfd.readouterr() == ("", "")
