"""What a JSON text says of pictures, as rows of a table: `{"a.png": "ng"}`, `{"bad": ["a.png"]}`, lists of records."""

import json
from collections.abc import Callable, Iterator

JSON_ENDINGS = frozenset({".json", ".jsonl"})
_Record = dict[str, str]
_NAME, _VALUE = "", "value"


def rows_of_json(text: str, is_picture: Callable[[str], bool]) -> list[tuple[str, ...]]:
    """Return a heading and a row for each picture that the text names, the name first; [] if it names none.

    A text about one picture, as labelme writes it, has no rows.

    Args:
        text: JSON, or a JSON value on each line.
        is_picture: Returns whether a word is the name of a picture.
    """
    try:
        records = list(_records(_parsed(text), is_picture))
    except RecursionError:  # thousands of brackets inside each other: no list of pictures
        return []
    columns = tuple(dict.fromkeys(name for record in records for name in record if name != _NAME))
    rows = [(record[_NAME], *(record.get(name, "") for name in columns)) for record in records]
    return [(_NAME, *columns), *rows] if rows else []


def _parsed(text: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        pass
    try:
        return [json.loads(line) for line in text.splitlines() if line.strip()]
    except (ValueError, RecursionError):
        return None


def _records(value: object, is_picture: Callable[[str], bool]) -> Iterator[_Record]:
    if isinstance(value, list):
        for each in value:
            yield from _record(each, is_picture)
    elif isinstance(value, dict):
        for name, each in value.items():
            if is_picture(name):
                yield {_NAME: name, **(_cells(each) if isinstance(each, dict) else {_VALUE: _cell(each)})}
            elif isinstance(each, list):
                yield from ({_NAME: one, _VALUE: name} for one in each if isinstance(one, str) and is_picture(one))
                yield from _records(each, is_picture)
            else:
                yield from _record(each, is_picture)


def _record(value: object, is_picture: Callable[[str], bool]) -> Iterator[_Record]:
    """Yield the record that names a picture in one of its values, else those inside it."""
    cells = _cells(value) if isinstance(value, dict) else {}
    name = next((cell for cell in cells.values() if is_picture(cell)), None)
    if name is not None:
        yield {_NAME: name, **cells}
    else:
        yield from _records(value, is_picture)


def _cells(value: dict[str, object]) -> _Record:
    return {name: _cell(each) for name, each in value.items()}


def _cell(value: object) -> str:
    """Return a text; of a list or of an object the number of its entries, as of the marks in a picture."""
    if isinstance(value, list | dict):
        return str(len(value))
    return "" if value is None else str(value)
