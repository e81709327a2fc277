"""How large things are: in millimetres for fingers, in shares of the window for eyes three metres away."""

from dataclasses import dataclass

_DESIGN_WIDTH = 1280
_DESIGN_HEIGHT = 800
_MM_PER_INCH = 25.4
_MAIN_KEY_MM = 20
_KEY_MM = 15
_GAP_MM = 3
_VERDICT_SHARE = 1 / 8


@dataclass(frozen=True, slots=True)
class Sizes:
    """Pixels for the style sheet and the painted widgets.

    Attributes:
        small, text, large, title, number: Heights of type.
        word: Height of the verdict's capital letters: an eighth of the window.
        band: Height of the verdict's whole field.
        frame: Thickness of a FAIL's frame.
        key, main_key: Least height of keys.
        gap: Between keys and panels.
        radius: Of corners.
        header: Height of the header.
        side: Width of the column beside the picture.
        strip: Height of the strip of recent parts.
        tile: Width of one part in the strip.
        crop: Side of the enlarged place beside the reason.
        tools: Width of the keys beside the picture.
        banner: Width of the plate at the picture for what needs a person.
        rail: Width of the navigation at the left of every page but the line's.
        live_strip: Height of the strip that shows the line on every other page.
    """

    small: int
    text: int
    large: int
    title: int
    number: int
    word: int
    band: int
    frame: int
    key: int
    main_key: int
    gap: int
    radius: int
    header: int
    side: int
    strip: int
    tile: int
    crop: int
    tools: int
    banner: int
    rail: int
    live_strip: int


def sizes_for(width: int, height: int, dots_per_inch: float) -> Sizes:
    """Sizes for a window of `width` x `height` pixels on a screen of this density.

    Keys follow the finger (20 and 15 mm) as far as the window has room for them; type follows the window.
    """
    scale = max(0.7, min(width / _DESIGN_WIDTH, height / _DESIGN_HEIGHT))

    def design(pixels: float) -> int:
        return round(pixels * scale)

    def finger(millimetres: float, least: float, most: float) -> int:
        return round(max(least * scale, min(most * scale, millimetres / _MM_PER_INCH * dots_per_inch)))

    word = round(height * _VERDICT_SHARE) + 2
    frame = design(8)
    return Sizes(
        small=design(13), text=design(16), large=design(19), title=design(24), number=design(23),
        word=word, band=word + 2 * frame + design(12), frame=frame,
        key=finger(_KEY_MM, 50, 60), main_key=finger(_MAIN_KEY_MM, 72, 84), gap=finger(_GAP_MM, 9, 12),
        radius=design(5), header=design(52), side=design(356), strip=design(104), tile=design(98), crop=design(112),
        tools=finger(_KEY_MM, 74, 78), banner=design(214),
        rail=design(96), live_strip=design(44),
    )  # fmt: skip
