"""Read the code of a part in its region of the picture. No code region costs nothing: the reader is loaded for one."""

from collections.abc import Callable, Iterator, Sequence

import cv2
import numpy as np
import zxingcpp
from numpy.typing import NDArray

from station.domain.frame import Image
from station.domain.geometry import Box
from station.domain.part_code import CodeKind, CodeRule, ReadCode
from station.domain.scanned_code import shown
from station.vision.conversion import as_grey

Grey = NDArray[np.uint8]
_Found = Sequence[zxingcpp.Barcode]

_FORMATS = {
    CodeKind.DATA_MATRIX: (zxingcpp.BarcodeFormat.DataMatrix,),
    CodeKind.QR: (
        zxingcpp.BarcodeFormat.QRCode,
        zxingcpp.BarcodeFormat.MicroQRCode,
        zxingcpp.BarcodeFormat.RMQRCode,
    ),
    # Without ITF: half of such a code, the rest covered or outside, is read as a shorter one without a word.
    CodeKind.LINEAR: (
        zxingcpp.BarcodeFormat.Code128,
        zxingcpp.BarcodeFormat.Code39,
        zxingcpp.BarcodeFormat.Code93,
        zxingcpp.BarcodeFormat.Codabar,
        zxingcpp.BarcodeFormat.EANUPC,
        zxingcpp.BarcodeFormat.DataBar,
    ),
}
_DETECTS_ONLY = "M1"
"""This Micro QR finds errors and corrects none: the reader says 0 of its correction is left, undamaged or not."""
_ENLARGED_PX = 400 * 400
"""A larger region is not enlarged: that would take longer than all other attempts together."""
_NONE = "no code is in its region"
_DAMAGED = "a code is in its region, too damaged to be read"
_OUTSIDE = "the code region is not inside the picture"


class CodeReader:
    """Reads the code that a rule expects. For one thread at a time."""

    def __init__(self, rule: CodeRule) -> None:
        self._rule = rule
        self._formats = zxingcpp.BarcodeFormats([each for kind in rule.kinds for each in _FORMATS[kind]])

    def read(self, image: Image, box: Box | None = None) -> ReadCode:
        """Return what is read in the region of a picture.

        The grey values are stretched first: a code of less than about 24 grey levels cannot be read otherwise. Ways of
        reading are tried in turn, until one finds a code.

        Args:
            image: (H, W) or (H, W, 3), uint8 or uint16.
            box: Where the region lies, x, y, width, height in pixels, if it moved with its part; None if it did not.
        """
        x, y, width, height = box or self._rule.region.box
        if min(width, height) < 1 or x < 0 or y < 0 or x + width > image.shape[1] or y + height > image.shape[0]:
            return ReadCode(problem=_OUTSIDE)
        damaged, number = False, 0
        for number, attempt in enumerate(_attempts(as_grey(image[y : y + height, x : x + width])), 1):
            found = attempt(self._formats)
            if whole := [code for code in found if code.valid]:
                return self._judged(whole, number)
            damaged = damaged or bool(found)
        return ReadCode(attempts=number, problem=_DAMAGED if damaged else _NONE)

    def _judged(self, found: _Found, attempts: int) -> ReadCode:
        texts = {_text_of(code): code for code in found}
        text, code = next(iter(texts.items()))
        if len(texts) > 1:
            both = " and ".join(shown(each)[:40] for each in list(texts)[:2])
            return ReadCode(attempts=attempts, problem=f"different codes are in its region: {both}")
        problem = self._rule.misfit(text)
        serial = "" if problem else self._rule.serial_of(text)
        return ReadCode(text, serial, str(code.format), _unused_correction(code), attempts, problem)


def _text_of(code: zxingcpp.Barcode) -> str:
    """Return what a scanner would type. The reader's own text of a GS1 code has brackets and no separators."""
    if code.content_type is zxingcpp.ContentType.GS1:
        return code.bytes.decode("latin-1")
    return code.text


def _unused_correction(code: zxingcpp.Barcode) -> float | None:
    facts = code.extra
    if not isinstance(facts, dict) or facts.get("Version") == _DETECTS_ONLY or "UEC" not in facts:
        return None
    return float(facts["UEC"])


def _attempts(grey: Image) -> Iterator[Callable[[zxingcpp.BarcodeFormats], _Found]]:
    """Yield ways of reading, the quick and likely ones first. Each is made when it is needed."""
    wide = _stretched(grey, 0.1)
    yield _reading(wide, zxingcpp.Binarizer.LocalAverage)
    yield _reading(_stretched(grey, 2.0), zxingcpp.Binarizer.GlobalHistogram)
    yield _reading(cv2.GaussianBlur(wide, (0, 0), 1.5), zxingcpp.Binarizer.LocalAverage)
    if grey.size <= _ENLARGED_PX:
        yield _reading(
            cv2.resize(wide, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC), zxingcpp.Binarizer.LocalAverage
        )


def _reading(grey: Image, binarizer: zxingcpp.Binarizer) -> Callable[[zxingcpp.BarcodeFormats], _Found]:
    def read(formats: zxingcpp.BarcodeFormats) -> _Found:
        return zxingcpp.read_barcodes(
            np.ascontiguousarray(grey),
            formats=formats,
            binarizer=binarizer,
            text_mode=zxingcpp.TextMode.Plain,
            return_errors=True,
        )

    return read


def _stretched(grey: Image, percent: float) -> Grey:
    """Return the grey values spread over 0 to 255; `percent` of the pixels at each end may be cut off.

    If these are all that differ, nothing is cut off: a small code on an even ground is less than a few in a thousand.
    """
    low, high = np.percentile(grey, (percent, 100 - percent))
    if high - low < 1:
        low, high = float(grey.min()), float(grey.max())
    least = np.asarray(low, grey.dtype)
    spread: Grey = cv2.convertScaleAbs(np.maximum(grey, least) - least, alpha=255 / max(high - low, 1))
    return spread
