"""The words that a command must be given, because they are recorded with what it does."""

from station.domain.errors import BadInputError


def require_said(what: str, **said: str) -> None:
    """Do nothing if each of these words is given.

    Raises:
        BadInputError: One is missing; the sentence names it.
    """
    for word, text in said.items():
        if not text.strip():
            raise BadInputError(f"No {word} was given for {what}.", f"Give the {word}; it is recorded.")
