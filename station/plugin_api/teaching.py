"""What a plug-in says of a method that it can teach."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from station.domain.frame import Image
from station.domain.plugin_model import LearnedModel, Lesson
from station.plugin_api.plugin_settings import PluginSettings

Learn = Callable[[Sequence[Image], Any, Lesson], LearnedModel]
"""Learn pictures of good parts, uint8 RGB of one shape, with the method's settings. It is called several times in one
teaching: with all pictures, and with some left out, from which the limit is set."""


@dataclass(frozen=True, slots=True)
class TeachingMethod:
    """A method of a plug-in.

    Attributes:
        name: As on the command line: `linesidectl teach --model NAME`.
        words: What it is good for and what it costs, for people who choose one.
        learn: Learns good parts.
        settings: Class of its settings; each has a default.
        side_px: The model's input has the area of a square with this side, 64 to 1024; the picture's aspect is kept.
        packages: The Python packages that learning imports, besides those of the plain install. If one is missing,
            the method is not offered.
        install: How to install them, as a sentence.
    """

    name: str
    words: str
    learn: Learn
    settings: type[PluginSettings] = PluginSettings
    side_px: int = 256
    packages: tuple[str, ...] = ()
    install: str = "Install them into the environment of the station."
