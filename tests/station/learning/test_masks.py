"""A mask marks what its painter meant, however it was saved, and what was taken for marked is said."""

import io
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
import tifffile
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from PIL import Image

from station.domain.errors import BadInputError
from station.learning.figures.counted_picture import CountedPicture
from station.learning.figures.marks import Marks, PackedMask, SaturatedMask
from station.learning.figures.pixel_figures import pixel_figures
from station.learning.masks import Mask, read_mask, sentences_on

SIZE = (240, 320)
LINE = np.zeros(SIZE, np.uint8)
cv2.line(LINE, (120, 100), (165, 130), 255, 8)
MARKED = LINE > 0


def jpeg(mask: np.ndarray, quality: int = 75) -> np.ndarray:
    encoded = cv2.imencode(".jpg", mask, [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
    return cv2.imdecode(encoded, cv2.IMREAD_GRAYSCALE)


def png(pixels: np.ndarray) -> bytes:
    return cv2.imencode(".png", pixels)[1].tobytes()


def by_pillow(image: Image.Image, kind: str = "PNG", **options: object) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def tiff(pixels: np.ndarray, **options: object) -> bytes:
    file = io.BytesIO()
    tifffile.imwrite(file, pixels, **options)
    return file.getvalue()


def npy(array: np.ndarray) -> bytes:
    file = io.BytesIO()
    np.save(file, array)
    return file.getvalue()


def layers(*channels: np.ndarray | int) -> np.ndarray:
    return np.stack([np.broadcast_to(np.uint8(channel), SIZE) for channel in channels], axis=-1)


def palette(colours: list[int], numbers: np.ndarray = LINE // 255, **options: object) -> bytes:
    image = Image.fromarray(numbers, "P")
    image.putpalette(colours)
    return by_pillow(image, **options)


def labels(*numbers: int, kind: type = np.uint8) -> np.ndarray:
    """The line, cut into pieces with these numbers from left to right."""
    mask = np.zeros(SIZE, kind)
    pieces = np.array_split(np.arange(110, 176), len(numbers))
    for number, piece in zip(numbers, pieces, strict=True):
        mask[:, piece] = np.where(MARKED[:, piece], number, 0)
    return mask


EXACT: dict[str, Callable[[], bytes]] = {
    "0 and 255": lambda: png(LINE),
    "value 1": lambda: png(LINE // 255),
    "black on transparent": lambda: png(layers(0, 0, 0, LINE)),
    "red on white that is transparent": lambda: png(layers(255 - LINE, 255 - LINE, 255, LINE)),
    "white with transparency": lambda: png(layers(255, 255, 255, LINE)),
    "grey with transparency": lambda: by_pillow(Image.fromarray(layers(255, LINE), "LA")),
    "erased from an opaque layer": lambda: png(layers(255, 255, 255, 255 - LINE)),
    "16-bit transparency": lambda: png(layers(0, 0, 0, LINE).astype(np.uint16) * 257),
    "opaque colour, red on black": lambda: png(layers(0, 0, LINE, 255)),
    "blue on black": lambda: png(layers(LINE, 0, 0)),
    "red on white": lambda: png(layers(255 - LINE, 255 - LINE, 255)),
    "black on white": lambda: png(255 - LINE),
    "two colours on green": lambda: png(np.where(labels(1, 2)[..., None] > 1, 255, layers(LINE, 200, 0))),
    "palette with a dark colour": lambda: palette([0, 0, 0, 1, 0, 0]),
    "palette of dark red": lambda: palette([0, 0, 0, 128, 0, 0]),
    "palette with a transparent ground": lambda: palette([9, 9, 9, 9, 9, 9], transparency=0),
    "1-bit PNG": lambda: by_pillow(Image.fromarray(LINE).convert("1")),
    "1-bit BMP": lambda: by_pillow(Image.fromarray(LINE).convert("1"), "BMP"),
    "1-bit TIFF, packed": lambda: by_pillow(Image.fromarray(LINE).convert("1"), "TIFF", compression="group4"),
    "PBM": cv2.imencode(".pbm", LINE)[1].tobytes,
    "bool TIFF": lambda: tiff(MARKED),
    "16-bit TIFF of 65535": lambda: tiff(LINE.astype(np.uint16) * 257),
    "16-bit PNG, numbers 1 to 3": lambda: png(labels(1, 2, 3, kind=np.uint16)),
    "16-bit TIFF, numbers 1 to 3": lambda: tiff(labels(1, 2, 3, kind=np.uint16)),
    "32-bit TIFF, numbers 1 to 3": lambda: tiff(labels(1, 2, 3, kind=np.int32)),
    "classes 7 and 26": lambda: png(labels(7, 26)),
    "classes and what is undecided": lambda: png(labels(1, 2, 255)),
    "numbers far apart": lambda: png(labels(85, 170, 255)),
    "float TIFF of 0 and 1": lambda: tiff(MARKED.astype(np.float32)),
    "float TIFF of 64 bits": lambda: tiff(MARKED.astype(np.float64) / 2),
    "float TIFF with gaps": lambda: tiff(np.where(MARKED, 1.0, np.nan).astype(np.float32)),
    "WebP without loss": lambda: by_pillow(Image.fromarray(LINE), "WEBP", lossless=True),
    "NumPy, bool": lambda: npy(MARKED),
    "NumPy, numbers": lambda: npy(labels(1, 2, kind=np.int64)),
}  # fmt: skip

SOFT: dict[str, Callable[[], bytes]] = {
    "JPEG saved as PNG": lambda: png(jpeg(LINE)),
    "JPEG": cv2.imencode(".jpg", LINE)[1].tobytes,
    "JPEG of high quality": lambda: png(jpeg(LINE, 97)),
    "inverted JPEG": lambda: png(jpeg(255 - LINE)),
    "JPEG in red": cv2.imencode(".jpg", layers(0, 0, LINE))[1].tobytes,
    "soft brush": lambda: png(cv2.GaussianBlur(LINE, (0, 0), 1.5)),
    "soft brush with transparency": lambda: png(layers(0, 0, 255, cv2.GaussianBlur(LINE, (0, 0), 1.5))),
    "soft brush in 16 bits": lambda: png(cv2.GaussianBlur(LINE.astype(np.uint16) * 257, (0, 0), 1.5)),
    "float TIFF, 0 to 1": lambda: tiff(cv2.GaussianBlur(LINE.astype(np.float32) / 255, (0, 0), 1.5)),
    "half as strong": lambda: png(jpeg(LINE // 2)),
}  # fmt: skip


def mask_of(content: bytes, folder: Path, name: str = "scratch/000_mask.png", size: tuple[int, int] = SIZE) -> Mask:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return read_mask(path, size)


def said_of(mask: Mask) -> str:
    return "; ".join(sentences_on([mask.note(Path("scratch/000_mask.png"))]))


def figures(mask: np.ndarray) -> tuple[float, float]:
    """Pixel AUROC and AUPRO of a map that finds the line, softly."""
    found = cv2.GaussianBlur(LINE.astype(np.float32) / 255, (0, 0), 4)
    noise = np.random.default_rng(0).normal(0.3, 0.02, SIZE)
    scores = np.clip(noise + 0.6 * found, 0.001, 0.999).astype(np.float32)
    packed = PackedMask.of(mask)
    marks = Marks(packed, (SaturatedMask(packed, int(mask.sum())),))
    picture, _ = CountedPicture.of(scores, (0, 0, SIZE[1], SIZE[0]), SIZE, marks)
    measured = pixel_figures({"scratch": [picture]}).together
    return measured["pixel_auroc"].value, measured["aupro"].value


@pytest.mark.parametrize("how", EXACT)
def test_that_every_way_of_saving_marks_the_same_pixels(how, tmp_path):
    np.testing.assert_array_equal(mask_of(EXACT[how](), tmp_path).marked, MARKED)


@pytest.mark.parametrize("how", SOFT)
def test_that_a_soft_edge_is_cut_at_half_and_the_number_of_values_is_said(how, tmp_path):
    mask = mask_of(SOFT[how](), tmp_path)
    wrong = mask.marked ^ MARKED
    assert not (wrong & ~cv2.dilate(LINE, np.ones((5, 5))).astype(bool)).any()
    assert wrong.sum() < 0.15 * MARKED.sum()
    assert "grey values" in said_of(mask) or "of many colours" in said_of(mask)


@pytest.mark.slow
@pytest.mark.parametrize("how", [*EXACT, *SOFT])
def test_that_the_figures_are_those_of_the_plain_mask(how, tmp_path):
    auroc, aupro = figures(mask_of((EXACT | SOFT)[how](), tmp_path).marked)
    plain_auroc, plain_aupro = figures(MARKED)
    assert min(plain_auroc, plain_aupro) > 0.99
    assert auroc == pytest.approx(plain_auroc, abs=0.005)
    assert aupro == pytest.approx(plain_aupro, abs=0.01)


def test_that_what_was_taken_for_marked_is_said_in_one_line_for_all_masks_of_a_kind(tmp_path):
    notes = [mask_of(png(LINE), tmp_path).note(Path(f"scratch/{number:03}_mask.png")) for number in range(8)]
    assert sentences_on(notes) == ("8 masks: everything above 0 is marked",)
    assert said_of(mask_of(EXACT["black on transparent"](), tmp_path)) == "1 mask: what is not transparent is marked"
    assert said_of(mask_of(EXACT["red on white"](), tmp_path)) == (
        "1 mask: every colour but the ground (red 255, green 255, blue 255) is marked (scratch/000_mask.png)"
    )


def test_that_an_inverted_mask_is_turned_round_and_named(tmp_path):
    assert said_of(mask_of(png(255 - LINE), tmp_path)) == (
        "1 mask: inverted, of their two values the rarer one, 0, is marked (scratch/000_mask.png)"
    )


def test_that_the_numbers_of_grey_values_are_said(tmp_path):
    count = len(np.unique(jpeg(LINE)))
    assert said_of(mask_of(png(jpeg(LINE)), tmp_path)) == (
        f"1 mask with {count} grey values: what lies above half of their range is marked (scratch/000_mask.png)"
    )


def test_that_a_mask_that_marks_nothing_or_more_than_half_is_named(tmp_path):
    assert "scratch/000_mask.png marks nothing" in said_of(mask_of(png(LINE * 0), tmp_path))
    assert "scratch/000_mask.png marks 100 % of its picture" in said_of(mask_of(png(LINE * 0 + 255), tmp_path))
    large = np.zeros(SIZE, np.uint8)
    large[10:230, 10:250] = 255
    mask = mask_of(png(large), tmp_path)
    assert "scratch/000_mask.png marks 69 % of its picture" in said_of(mask)
    np.testing.assert_array_equal(mask.marked, large > 0)


def test_that_of_many_doubtful_masks_the_first_few_are_named(tmp_path):
    nothing = mask_of(png(LINE * 0), tmp_path)
    said = sentences_on(nothing.note(Path(f"scratch/{number:03}_mask.png")) for number in range(9))
    assert said[1] == "scratch/000_mask.png marks nothing"
    assert said[-1] == "4 more masks mark nothing, or more than half of their picture"


def test_that_separate_particles_may_have_any_numbers(tmp_path):
    mask = np.zeros(SIZE, np.uint16)
    for number, row in zip((3, 17, 250, 300, 1021, 1500, 1501, 2047, 4000), range(10, 230, 25), strict=True):
        mask[row : row + 9, 40:60] = number
    np.testing.assert_array_equal(mask_of(png(mask), tmp_path).marked, mask > 0)


@pytest.mark.parametrize("painted", [False, True])
def test_that_a_picture_in_the_place_of_a_mask_is_refused(painted, tmp_path):
    part = np.random.default_rng(0).normal(128, 30, (*SIZE, 3)).clip(0, 255).astype(np.uint8)
    part[MARKED & painted] = 0, 0, 255
    for pixels in (part, part[..., 0]):
        with pytest.raises(BadInputError, match=r"000_mask\.png is not a mask: it looks like a picture"):
            mask_of(png(pixels), tmp_path)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no picture",
        png(LINE)[:-60],
        npy(MARKED)[:-60],
        npy(np.zeros((3, 240, 320))),
        tiff(np.stack([LINE, LINE // 2])),
        tiff(np.stack([MARKED, ~MARKED]).astype(np.float32)),
    ],
)
def test_that_a_mask_that_cannot_be_read_whole_is_refused_by_name(content, tmp_path):
    with pytest.raises(BadInputError, match=r"000_mask\.png"):
        mask_of(content, tmp_path)


def test_that_a_mask_of_another_size_is_refused_with_both_sizes(tmp_path):
    with pytest.raises(BadInputError, match="is 320x240 pixels, its picture is 240x320"):
        mask_of(png(LINE), tmp_path, size=(320, 240))


def test_that_reading_a_mask_leaves_no_library_warning_on_stderr(tmp_path, capfd):
    mask_of(png(LINE * 0 + 255), tmp_path)
    with pytest.raises(BadInputError):
        mask_of(png(LINE)[:-60], tmp_path)
    assert capfd.readouterr().err == ""


@settings(max_examples=60, deadline=None)
@given(arrays(np.uint8, (16, 16), elements=st.sampled_from([0, 1])), st.sampled_from([1, 7, 128, 255]))
def test_that_any_two_values_with_the_rarer_one_bright_mark_the_bright_one(tmp_path_factory, ones, value):
    bright = ones if ones.mean() <= 0.5 else 1 - ones
    mask = mask_of(png(bright * np.uint8(value)), tmp_path_factory.mktemp("masks"), size=(16, 16))
    np.testing.assert_array_equal(mask.marked, bright > 0)
