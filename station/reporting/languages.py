"""How spreadsheets of a language read a table: between which signs its cells lie, and how a decimal is written."""

from dataclasses import dataclass

from station.domain.errors import BadInputError


@dataclass(frozen=True, slots=True)
class TableForm:
    """The signs of a table.

    Attributes:
        separator: Between two cells.
        decimal: Between the whole and the rest of a number.
    """

    separator: str = ","
    decimal: str = "."


PLAIN = TableForm()
"""For programs, and for spreadsheets in English."""

_SEMICOLON_LANGUAGES = frozenset({"ar", "fa", "ps", "ur"})
_SEMICOLON_TERRITORIES = frozenset({"CH", "LI"})
"""A decimal point, and all the same a semicolon between cells: Windows is set so for these."""


def table_form(language: str) -> TableForm:
    """Return how a spreadsheet set to this language reads a table: German needs "9,1;2", not "9.1,2".

    A comma cannot be both, so a language with a decimal comma has a semicolon between its cells.

    Args:
        language: A code such as "de", "fr-CA" or "pt_BR"; "" for the plain form.

    Raises:
        BadInputError: There is no such language.
    """
    if not language:
        return PLAIN
    from babel import Locale, UnknownLocaleError  # noqa: PLC0415 - only for a table in a language

    try:
        locale = Locale.parse(language.strip().replace("-", "_"))
    except (UnknownLocaleError, ValueError, TypeError) as error:
        raise BadInputError(
            f"There is no language '{language}'.", "Give a code such as de, fr, it, es, pl or en-GB."
        ) from error
    decimal = str(locale.number_symbols["latn"]["decimal"])
    semicolon = decimal == "," or locale.language in _SEMICOLON_LANGUAGES or locale.territory in _SEMICOLON_TERRITORIES
    return TableForm(";" if semicolon else ",", decimal)
