"""Pictures in other colours and sizes."""

import cv2

from station.domain.frame import Image


def as_rgb(image: Image) -> Image:
    """Return the picture as (H, W, 3) RGB of the same type; grey becomes three equal channels."""
    return cv2.cvtColor(image, cv2.COLOR_GRAY2RGB) if image.ndim == 2 else image


def as_grey(image: Image) -> Image:
    """Return the picture as (H, W) grey of the same type; colours are weighted by their brightness to the eye."""
    return image if image.ndim == 2 else cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)


def enlarged(image: Image, size: tuple[int, int]) -> Image:
    """Return the picture stretched to a larger size (H, W), interpolated smoothly."""
    return cv2.resize(image, size[::-1], interpolation=cv2.INTER_CUBIC)


def colour_spread(image: Image, model_input: Image) -> int:
    """Return the largest difference of red or blue to green, 0..255; 0 for a grey picture.

    Args:
        image: The picture, (H, W) or (H, W, 3).
        model_input: The same picture, small, uint8 (h, w, 3).
    """
    if image.ndim == 2:
        return 0
    red, green, blue = cv2.split(model_input)
    return int(max(cv2.norm(red, green, cv2.NORM_INF), cv2.norm(blue, green, cv2.NORM_INF)))
