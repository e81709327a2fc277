"""The challenge plan of a recipe: which parts prove that the station sees, and when they must."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

_PLACE = re.compile(r"(?:(?P<view>[^:]*):)?\s*(\d{1,6})\s*,\s*(\d{1,6})\s*,\s*(\d{1,6})\s*,\s*(\d{1,6})")
_LONGEST_NAME = 60
_SEPARATORS = ";=@"
MOST_PARTS = 50


class Known(StrEnum):
    """What a challenge part is, whatever the station says of it."""

    GOOD = "good"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class ExpectedPlace:
    """Where the station must find the defect of a known bad part.

    Attributes:
        view: The view that must find it; "" if there is only one camera.
        x, y, width, height: The rectangle in pixels of the original picture.
    """

    view: str
    x: int
    y: int
    width: int
    height: int

    def __post_init__(self) -> None:
        if min(self.x, self.y) < 0 or min(self.width, self.height) < 1:
            raise ValueError(f"a place is x,y,width,height with a width and a height, not {self.text}")

    @property
    def text(self) -> str:
        """Return the place as a person writes it: "10,20,30,40", "top:10,20,30,40"."""
        begin = f"{self.view}:" if self.view else ""
        return f"{begin}{self.x},{self.y},{self.width},{self.height}"

    @classmethod
    def of_text(cls, text: str) -> Self:
        """Return the place that a person wrote.

        Raises:
            ValueError: It is not a place.
        """
        found = _PLACE.fullmatch(text.strip())
        if found is None:
            raise ValueError(f"'{text[:40]}' is not x,y,width,height in pixels")
        x, y, width, height = (int(found[group]) for group in (2, 3, 4, 5))
        return cls((found["view"] or "").strip(), x, y, width, height)


@dataclass(frozen=True, slots=True)
class ChallengePart:
    """A part that lies beside the station, and of which everybody knows what it is.

    Attributes:
        name: What is written on it: "scratch 1".
        known: Good or bad.
        place: Where a bad part has its defect; None exactly for a good one.
    """

    name: str
    known: Known
    place: ExpectedPlace | None = None

    def __post_init__(self) -> None:
        plain = self.name.isprintable() and not set(_SEPARATORS) & set(self.name)
        if not plain or self.name != self.name.strip() or not 1 <= len(self.name) <= _LONGEST_NAME:
            raise ValueError(
                f"the name of a challenge part has 1 to {_LONGEST_NAME} characters without ';', '=' and '@', "
                f"not '{self.name[:80]}'"
            )
        if (self.place is None) is not (self.known is Known.GOOD):
            raise ValueError(f"'{self.name}': a known bad part has an expected place, and a known good part has none")

    @property
    def text(self) -> str:
        """Return the part as a person writes it: "clean=good", "scratch 1=bad@10,20,30,40"."""
        return f"{self.name}={self.known}" + (f"@{self.place.text}" if self.place else "")

    @property
    def request(self) -> str:
        """Return what the person at the line is asked for."""
        return f"Put '{self.name}' (known {self.known}) under the camera and press the trigger."

    @classmethod
    def of_text(cls, text: str) -> Self:
        """Return the part that a person wrote.

        Raises:
            ValueError: It is not a challenge part.
        """
        name, is_known, rest = text.partition("=")
        known, has_place, place = rest.partition("@")
        if not is_known or known.strip() not in (Known.GOOD, Known.BAD):
            raise ValueError(f"'{text[:40]}' is neither NAME=good nor NAME=bad@x,y,width,height")
        return cls(name.strip(), Known(known.strip()), ExpectedPlace.of_text(place) if has_place else None)


@dataclass(frozen=True, slots=True)
class ChallengePlan:
    """When a check with challenge parts is due, and what it consists of.

    Attributes:
        shift_start: Once in every shift.
        changeover: After another product was inspected.
        after_change: After another revision was released: another model, other limits, other values.
        every_hours: This long after the last good check; 0 for never.
        blocks: Without a check that is due no part is inspected; else an alarm says that it is due.
        review_counts: A known bad part may also be REVIEW; else it must be FAIL.
        tolerance_px: How far outside its place the centre of a found mark may lie, pixels of the original picture.
        parts: What is asked for, in this order.
    """

    shift_start: bool = False
    changeover: bool = False
    after_change: bool = False
    every_hours: float = 0.0
    blocks: bool = False
    review_counts: bool = False
    tolerance_px: int = 20
    parts: tuple[ChallengePart, ...] = ()

    def __post_init__(self) -> None:
        names = {part.name.casefold() for part in self.parts}
        if len(names) < len(self.parts):
            raise ValueError("two challenge parts have the same name")
        if len(self.parts) > MOST_PARTS:
            raise ValueError(f"a plan has at most {MOST_PARTS} challenge parts")
        if not 0 <= self.every_hours <= 10_000 or not 0 <= self.tolerance_px <= 10_000:
            raise ValueError("hours and tolerance of a challenge plan are 0 to 10000")

    @property
    def is_timed(self) -> bool:
        """Return whether a check becomes due by itself: there are parts, and a reason to ask for them."""
        return bool(self.parts) and bool(
            self.shift_start or self.changeover or self.after_change or self.every_hours > 0
        )

    @property
    def in_words(self) -> str:
        """Return when a check is due, for people: "at shift start, after a changeover, every 4 h"."""
        times = [
            words
            for wanted, words in (
                (self.shift_start, "at shift start"),
                (self.changeover, "after a changeover"),
                (self.after_change, "after a change of model or limit"),
                (self.every_hours > 0, f"every {self.every_hours:g} h"),
            )
            if wanted
        ]
        return ", ".join(times) or "only when somebody asks for one"


NO_PLAN = ChallengePlan()
"""Asks for nothing."""


def parts_in_words(parts: tuple[ChallengePart, ...]) -> str:
    """Return challenge parts as a person writes them: "clean=good; scratch 1=bad@10,20,30,40"."""
    return "; ".join(part.text for part in parts)


def parts_of_words(text: str) -> tuple[ChallengePart, ...]:
    """Return the challenge parts that a person wrote; none for an empty text.

    Raises:
        ValueError: One of them is not a challenge part.
    """
    return tuple(ChallengePart.of_text(each) for each in text.split(";") if each.strip())
