"""Computes the size of a picture in bytes. A file of its own, so that a camera process need not load OpenCV."""


def payload_size(width: int, height: int, bits: int, padding_bytes: int) -> int:
    """Return the bytes of a whole picture.

    Example: 3 x 4 pixels of 12 bits take 12 * 12 / 8 = 18 bytes without padding. With 3 bytes of padding, each line
    of 36 bits begins at a byte: 5 + 3 bytes, so 4 * 8 = 32 bytes.

    Args:
        width: Pixels per line.
        height: Lines.
        bits: Bits per pixel.
        padding_bytes: Bytes at the end of each line that are not pixels. Without padding, packed formats run on from
            line to line; with padding, each line begins at a byte.
    """
    if not padding_bytes:
        return line_bytes(width * height, bits)
    return height * (line_bytes(width, bits) + padding_bytes)


def line_bytes(pixels: int, bits: int) -> int:
    """Return the bytes that this number of adjacent pixels takes, rounded up."""
    return -(-pixels * bits // 8)
