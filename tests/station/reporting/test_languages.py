"""A table is read by the spreadsheet of its language."""

import pytest

from station.domain.errors import BadInputError
from station.reporting.languages import TableForm, table_form


@pytest.mark.parametrize(
    ("language", "separator", "decimal"),
    [
        ("", ",", "."),
        ("en", ",", "."),
        ("en-GB", ",", "."),
        ("de", ";", ","),
        ("de_AT", ";", ","),
        ("de-CH", ";", "."),
        ("fr", ";", ","),
        ("it", ";", ","),
        ("pl", ";", ","),
        ("pt-BR", ";", ","),
        ("tr", ";", ","),
        ("ja", ",", "."),
        ("zh-Hans-CN", ",", "."),
        ("ar", ";", "."),
        ("es", ";", ","),
        ("es-MX", ",", "."),
    ],
)
def test_that_a_language_has_its_signs(language: str, separator: str, decimal: str) -> None:
    assert table_form(language) == TableForm(separator, decimal)


@pytest.mark.parametrize("language", ["xx", "german", "de;", "d", "de-DE-x-y-z-1", "\0", "../de"])
def test_that_an_unknown_language_is_named(language: str) -> None:
    with pytest.raises(BadInputError, match="There is no language"):
        table_form(language)
