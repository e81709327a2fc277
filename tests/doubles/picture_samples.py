"""Real files of every format and depth that is read, each of the same picture, written by other libraries."""

import io
from collections.abc import Callable

import cv2
import imagecodecs
import numpy as np
import tifffile
from PIL import Image as Pillow
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian, generate_uid

_BLURRED = cv2.GaussianBlur(np.random.default_rng(5).integers(0, 256, (96, 112, 3)).astype(np.float32), (0, 0), 2)
COLOUR = cv2.normalize(_BLURRED, None, 0, 255, cv2.NORM_MINMAX).astype(np.uint8)
"""RGB."""
GREY = np.ascontiguousarray(COLOUR[..., 0])
TWELVE = GREY.astype(np.uint16) * 16
SIXTEEN = GREY.astype(np.uint16) * 257
DEEP_COLOUR = COLOUR.astype(np.uint16) * 257
BIT = np.where(GREY > 127, np.uint8(255), np.uint8(0))


def opencv(suffix: str, pixels: np.ndarray, *options: int) -> bytes:
    """Encode grey or RGB by OpenCV."""
    ordered = pixels if pixels.ndim == 2 else cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR)
    return cv2.imencode(suffix, ordered, list(options))[1].tobytes()


def tiff(pixels: np.ndarray, **options: object) -> bytes:
    """Encode by tifffile."""
    file = io.BytesIO()
    tifffile.imwrite(file, pixels, **{"metadata": None, **options})
    return file.getvalue()


def pillow(kind: str, pixels: np.ndarray, **options: object) -> bytes:
    """Encode by Pillow."""
    file = io.BytesIO()
    Pillow.fromarray(pixels).save(file, kind, **options)
    return file.getvalue()


def npy(*arrays: np.ndarray) -> bytes:
    """Encode by numpy, all into one file."""
    file = io.BytesIO()
    for array in arrays:
        np.save(file, array)
    return file.getvalue()


def pgm(pixels: np.ndarray, most: int) -> bytes:
    """Return a binary PGM."""
    kind = ">u2" if most > 255 else "u1"
    return f"P5\n{pixels.shape[1]} {pixels.shape[0]}\n{most}\n".encode() + pixels.astype(kind).tobytes()


def dicom(pixels: np.ndarray, bits: int, photometric: str = "MONOCHROME2", frames: int = 1) -> bytes:
    """Return a DICOM file; several frames lie along the first axis."""
    dataset = Dataset()
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    dataset.file_meta.MediaStorageSOPClassUID = dataset.SOPClassUID = CTImageStorage
    dataset.file_meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID = generate_uid()
    sides = pixels.shape[1:] if frames > 1 else pixels.shape
    dataset.Rows, dataset.Columns = sides[:2]
    dataset.SamplesPerPixel = 3 if len(sides) == 3 else 1
    if dataset.SamplesPerPixel == 3:
        dataset.PlanarConfiguration = 0
    dataset.PhotometricInterpretation = photometric
    dataset.BitsAllocated = 8 * pixels.dtype.itemsize
    dataset.BitsStored, dataset.HighBit, dataset.PixelRepresentation = bits, bits - 1, 0
    if frames > 1:
        dataset.NumberOfFrames = frames
    dataset.PixelData = pixels.tobytes()
    file = io.BytesIO()
    dataset.save_as(file, enforce_file_format=True)
    return file.getvalue()


def j2k(pixels: np.ndarray, bits: int, codec: str) -> bytes:
    """Return a lossless JPEG 2000 file."""
    content: bytes = imagecodecs.jpeg2k_encode(pixels, level=0, bitspersample=bits, codecformat=codec, reversible=True)
    return content


PAM_HEADER = b"P7\nWIDTH 112\nHEIGHT 96\nDEPTH 3\nMAXVAL 255\nTUPLTYPE RGB\nENDHDR\n"
PROGRESSIVE = (cv2.IMWRITE_JPEG_PROGRESSIVE, 1)
RESTARTS = (cv2.IMWRITE_JPEG_RST_INTERVAL, 2)

LOSSLESS: dict[str, tuple[Callable[[], bytes], np.ndarray, int]] = {
    "png grey": (lambda: opencv(".png", GREY), GREY, 8),
    "png colour": (lambda: opencv(".png", COLOUR), COLOUR, 8),
    "png 16": (lambda: opencv(".png", SIXTEEN), SIXTEEN, 16),
    "png colour 16": (lambda: opencv(".png", DEEP_COLOUR), DEEP_COLOUR, 16),
    "png 1 bit": (lambda: pillow("PNG", GREY > 127), BIT, 8),
    "bmp grey": (lambda: opencv(".bmp", GREY), GREY, 8),
    "bmp colour": (lambda: opencv(".bmp", COLOUR), COLOUR, 8),
    "bmp top-down": (lambda: top_down(opencv(".bmp", COLOUR[::-1])), COLOUR, 8),
    "tiff plain": (lambda: tiff(GREY), GREY, 8),
    "tiff strips": (lambda: tiff(COLOUR, photometric="rgb", rowsperstrip=10), COLOUR, 8),
    "tiff tiles": (lambda: tiff(COLOUR, photometric="rgb", tile=(32, 32)), COLOUR, 8),
    "tiff small tiles": (lambda: tiff(GREY, tile=(16, 16)), GREY, 8),
    "tiff planar": (lambda: tiff(COLOUR.transpose(2, 0, 1), photometric="rgb", planarconfig="separate"), COLOUR, 8),
    "tiff lzw": (lambda: tiff(COLOUR, photometric="rgb", compression="lzw"), COLOUR, 8),
    "tiff deflate": (lambda: tiff(GREY, compression="zlib", rowsperstrip=16), GREY, 8),
    "tiff deflate differences": (
        lambda: tiff(COLOUR, photometric="rgb", compression="zlib", predictor=True, rowsperstrip=20),
        COLOUR,
        8,
    ),
    "tiff deflate differences 16": (
        lambda: tiff(DEEP_COLOUR, photometric="rgb", compression="zlib", predictor=True, byteorder=">"),
        DEEP_COLOUR,
        16,
    ),
    "tiff deflate tiles": (lambda: tiff(SIXTEEN, compression="zlib", tile=(32, 32), predictor=True), SIXTEEN, 16),
    "tiff lzw differences": (lambda: tiff(SIXTEEN, compression="lzw", predictor=True), SIXTEEN, 16),
    "tiff deflate planar": (
        lambda: tiff(COLOUR.transpose(2, 0, 1), photometric="rgb", planarconfig="separate", compression="zlib"),
        COLOUR,
        8,
    ),
    "tiff packbits": (lambda: tiff(GREY, compression="packbits"), GREY, 8),
    "tiff big-endian": (lambda: tiff(SIXTEEN, byteorder=">"), SIXTEEN, 16),
    "tiff 16": (lambda: tiff(SIXTEEN), SIXTEEN, 16),
    "tiff colour 16": (lambda: tiff(DEEP_COLOUR, photometric="rgb", compression="zlib"), DEEP_COLOUR, 16),
    "tiff 12": (lambda: tiff(TWELVE, bitspersample=12), TWELVE, 12),
    "bigtiff": (lambda: tiff(GREY, bigtiff=True), GREY, 8),
    "jp2 grey": (lambda: j2k(GREY, 8, "jp2"), GREY, 8),
    "jp2 colour": (lambda: j2k(COLOUR, 8, "jp2"), COLOUR, 8),
    "j2k 12": (lambda: j2k(TWELVE, 12, "j2k"), TWELVE, 12),
    "jp2 16": (lambda: j2k(SIXTEEN, 16, "jp2"), SIXTEEN, 16),
    "webp lossless": (lambda: opencv(".webp", COLOUR, cv2.IMWRITE_WEBP_QUALITY, 101), COLOUR, 8),
    "pgm": (lambda: pgm(GREY, 255), GREY, 8),
    "pgm 12": (lambda: pgm(TWELVE, 4095), TWELVE, 12),
    "pgm text": (lambda: opencv(".pgm", GREY, cv2.IMWRITE_PXM_BINARY, 0), GREY, 8),
    "ppm": (lambda: opencv(".ppm", COLOUR), COLOUR, 8),
    "ppm 16": (lambda: opencv(".ppm", DEEP_COLOUR), DEEP_COLOUR, 16),
    "pbm": (lambda: pillow("PPM", GREY > 127), BIT, 8),
    "pam": (lambda: PAM_HEADER + COLOUR.tobytes(), COLOUR, 8),
    "npy": (lambda: npy(GREY), GREY, 8),
    "npy colour": (lambda: npy(COLOUR), COLOUR, 8),
    "npy 16 big-endian": (lambda: npy(SIXTEEN.astype(">u2")), SIXTEEN, 16),
    "npy fortran": (lambda: npy(np.asfortranarray(SIXTEEN)), SIXTEEN, 16),
    "dicom": (lambda: dicom(GREY, 8), GREY, 8),
    "dicom 12": (lambda: dicom(TWELVE, 12), TWELVE, 12),
    "dicom 16": (lambda: dicom(SIXTEEN, 16), SIXTEEN, 16),
    "dicom colour": (lambda: dicom(COLOUR, 8, "RGB"), COLOUR, 8),
    "dicom white is zero": (lambda: dicom(4095 - TWELVE, 12, "MONOCHROME1"), TWELVE, 12),
}
"""How each file is made, and the pixels and significant bits that it has."""

LOSSY: dict[str, Callable[[], bytes]] = {
    "jpeg": lambda: opencv(".jpg", COLOUR),
    "jpeg grey": lambda: opencv(".jpg", GREY),
    "jpeg progressive": lambda: opencv(".jpg", COLOUR, *PROGRESSIVE),
    "jpeg restarts": lambda: opencv(".jpg", COLOUR, *RESTARTS),
    "webp": lambda: opencv(".webp", COLOUR, cv2.IMWRITE_WEBP_QUALITY, 80),
    "tiff jpeg": lambda: tiff(COLOUR, photometric="rgb", compression="jpeg"),
    "jp2 lossy": lambda: opencv(".jp2", COLOUR, cv2.IMWRITE_JPEG2000_COMPRESSION_X1000, 200),
}


def top_down(bmp: bytes) -> bytes:
    """Return the BMP with its rows named from the top."""
    height = int.from_bytes(bmp[22:26], "little")
    return bmp[:22] + (-height).to_bytes(4, "little", signed=True) + bmp[26:]


def every_sample() -> dict[str, bytes]:
    """Return every file by its name."""
    return {name: make() for name, (make, _, _) in LOSSLESS.items()} | {name: make() for name, make in LOSSY.items()}
