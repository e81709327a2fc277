"""Which lot and which order are made now: texts that a person scanned or typed, kept with every part."""

from dataclasses import dataclass

from station.domain.errors import BadInputError

MOST_LETTERS = 500
"""The longest lot or order: a code of a plant is far shorter, and a whole book is none."""


@dataclass(frozen=True, slots=True)
class LotOrder:
    """The lot and the order of a part.

    Attributes:
        lot: The batch that the part belongs to; "" if none is set.
        order: What it is made for; "" if none is set.
    """

    lot: str = ""
    order: str = ""

    @property
    def words(self) -> str:
        """Return both for a sentence: "lot 2611-0342, order 4711"; "no lot" if neither is set."""
        named = (("lot", self.lot), ("order", self.order))
        return ", ".join(f"{what} {text}" for what, text in named if text) or "no lot"


NO_LOT = LotOrder()
"""Neither a lot nor an order is set."""


def checked_lot(text: str, what: str = "lot") -> str:
    """Return a lot or an order as it is kept: without blanks around it.

    Raises:
        BadInputError: It is longer than 500 letters.
    """
    text = text.strip()
    if len(text) > MOST_LETTERS:
        raise BadInputError(f"The {what} has {len(text)} letters.", f"Give one of at most {MOST_LETTERS} letters.")
    return text
