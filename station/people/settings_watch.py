"""Changes of the settings in the audit trail: also those that somebody made with an editor while nothing ran."""

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress

from pydantic import JsonValue

from station.domain.audit import AuditAction, AuditFilter
from station.people.audit_trail import AuditTrail
from station.settings import Settings

_FILE = "station.toml"
_SECRET = re.compile("passw|secret|token|pin$|key$", re.IGNORECASE)
_HIDDEN = "(hidden)"
Values = Mapping[str, JsonValue]
"""Values that differ from their defaults by their keys, such as "camera.source"."""


def note_settings(trail: AuditTrail, settings: Settings) -> None:
    """Write down which values differ from those that the audit trail knows; nothing if none does.

    Raises:
        StorageError: The disk refused it. The next call finds the difference again.
    """
    known, now = _known(trail), dict(_flat(settings.model_dump(mode="json", exclude_defaults=True)))
    keys = [key for key in sorted(known.keys() | now.keys()) if known.get(key) != now.get(key)]
    if keys:
        old = {key: known[key] for key in keys if key in known}
        new = {key: now.get(key) for key in keys}
        trail.record(AuditAction.SETTINGS_CHANGED, _FILE, _json(old) if old else "", _json(new))


def _known(trail: AuditTrail) -> dict[str, JsonValue]:
    """Return the values after all changes in the audit trail; a key with null has its default again."""
    known: dict[str, JsonValue] = {}
    for entry in trail.find(AuditFilter(action=AuditAction.SETTINGS_CHANGED)):
        with suppress(ValueError, RecursionError):  # somebody changed the entry: the chain says so
            if isinstance(said := json.loads(entry.new), dict):
                known |= said
    return {key: value for key, value in known.items() if value is not None}


def _flat(values: Mapping[str, JsonValue], prefix: str = "") -> Iterator[tuple[str, JsonValue]]:
    for key, value in values.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", _HIDDEN if _SECRET.search(key) else value


def _json(values: Values) -> str:
    return json.dumps(values, ensure_ascii=False, sort_keys=True)
