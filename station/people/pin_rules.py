"""Which PINs and badge codes are accepted."""

from itertools import pairwise

from station.domain.errors import BadInputError
from station.domain.secret import MOST_LETTERS, Secret

LEAST_DIGITS, MOST_DIGITS = 4, 12
LEAST_BADGE_LETTERS = 6
_ZERO, _NINE = ord("0"), ord("9")
_STEPS_OF_A_ROW = {0, 1, -1}


def require_good_pin(pin: Secret) -> None:
    """Refuse a PIN that is not made of digits, or that is among the first that anybody would try.

    Raises:
        BadInputError: It has another length, other signs than digits, or is a row such as 1111, 1234 or 4321.
    """
    codes = list(pin.codes())
    if not LEAST_DIGITS <= len(codes) <= MOST_DIGITS or not all(_ZERO <= code <= _NINE for code in codes):
        raise BadInputError("This is not a PIN.", f"A PIN has {LEAST_DIGITS} to {MOST_DIGITS} digits and nothing else.")
    steps = {after - before for before, after in pairwise(codes)}
    if len(steps) == 1 and steps <= _STEPS_OF_A_ROW:
        raise BadInputError("This PIN is too easy to guess.", "Choose another one than 1111, 1234 or 4321.")


def has_badge_form(code: Secret) -> bool:
    """Return whether a code is as long as that of a badge."""
    return LEAST_BADGE_LETTERS <= len(code) < MOST_LETTERS


def require_good_badge(code: Secret) -> None:
    """Refuse a badge code that is too short to be one.

    Raises:
        BadInputError: It has fewer letters than LEAST_BADGE_LETTERS, or more than can be kept.
    """
    if not has_badge_form(code):
        raise BadInputError(
            f"The code of the badge has {len(code)} letters.",
            f"A badge has {LEAST_BADGE_LETTERS} to {MOST_LETTERS - 1} letters. Scan it again.",
        )
