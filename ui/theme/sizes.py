"""How large things are: in millimetres for fingers, in shares of the window for eyes three metres away."""

from dataclasses import dataclass

_DESIGN = 1280, 800
_UPRIGHT_DESIGN = 1150, 1280
_MM_PER_INCH = 25.4
_MAIN_KEY_MM = 20
_ROOM_FOR_KEYS_PX = 720
"""Height from which larger main keys leave the panels beside them whole."""
_KEY_MM = 15
_GAP_MM = 3
_VERDICT_SHARE = 1 / 8
_LEAST_SCALE = 0.6
"""A full-HD screen at 200 % is 960 x 540 for the window: everything at 0.6 still fits, and is drawn twice as large."""


@dataclass(frozen=True, slots=True)
class Sizes:
    """Pixels for the style sheet and the painted widgets.

    Attributes:
        small, text, large, title, number: Heights of type.
        word: Height of the verdict's capital letters: an eighth of the window's shorter side.
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

    @property
    def hint(self) -> int:
        """Height of the type that names the key on the keyboard, in the corner of a key."""
        return max(9, round(self.small * 0.85))


def sizes_for(width: int, height: int, dots_per_inch: float) -> Sizes:
    """Sizes for a window of `width` x `height` pixels on a screen of this density.

    Keys follow the finger (20 and 15 mm) as far as the window has room for them; type follows the window, upright
    or across.
    """
    design = _UPRIGHT_DESIGN if height > width else _DESIGN
    scale = max(_LEAST_SCALE, min(width / design[0], height / design[1]))

    def scaled(pixels: float) -> int:
        return round(pixels * scale)

    def finger(millimetres: float, least: float, most: float) -> int:
        return round(max(least * scale, min(most * scale, millimetres / _MM_PER_INCH * dots_per_inch)))

    word = round(min(width, height) * _VERDICT_SHARE) + 2
    frame = scaled(8)
    most_main_key = 96 if height >= _ROOM_FOR_KEYS_PX else 84
    return Sizes(
        small=scaled(13), text=scaled(16), large=scaled(19), title=scaled(24), number=scaled(21),
        word=word, band=word + 2 * frame + scaled(12), frame=frame,
        key=finger(_KEY_MM, 50, 60), main_key=finger(_MAIN_KEY_MM, 72, most_main_key),
        gap=finger(_GAP_MM, 9, 12),
        radius=scaled(5), header=scaled(52), side=scaled(356), strip=scaled(104), tile=scaled(98), crop=scaled(104),
        tools=finger(_KEY_MM, 74, 78), banner=scaled(214),
        rail=scaled(96), live_strip=scaled(44),
    )  # fmt: skip
