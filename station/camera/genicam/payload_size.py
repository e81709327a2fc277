"""How many bytes a picture takes. By itself, so that a camera process need not load what reads pictures."""


def payload_size(width: int, height: int, bits: int, padding_bytes: int) -> int:
    """Bytes of a whole picture.

    Args:
        width: Pixels of a line.
        height: Lines.
        bits: Bits that one pixel takes.
        padding_bytes: Bytes at the end of each line that are no pixels. Without any, packed formats run on from
            line to line; with some, each line begins at a byte.
    """
    if not padding_bytes:
        return line_bytes(width * height, bits)
    return height * (line_bytes(width, bits) + padding_bytes)


def line_bytes(pixels: int, bits: int) -> int:
    """Bytes that so many pixels in a row take."""
    return -(-pixels * bits // 8)
