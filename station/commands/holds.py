"""Commands for parts on hold: their pictures are never given up until a person releases them."""

from collections.abc import Collection

from station.commands.said import require_said
from station.domain.clock import utc_now
from station.domain.errors import BadInputError
from station.domain.hold import Hold
from station.domain.inspection import PartKey
from station.domain.permissions import Authority, Permission
from station.domain.scanned_code import shown
from station.domain.shift import ShiftWindow
from station.pipeline.recent_originals import RecentOriginals
from station.storage.records.holds import Holds
from station.storage.records.search import numbered_between, of_lot


class HoldCommands:
    """Reading is open to everybody; a hold and its release ask the authority first. Safe from any thread."""

    def __init__(self, authority: Authority, holds: Holds, originals: RecentOriginals) -> None:
        self._authority = authority
        self._holds = holds
        self._originals = originals

    def of(self, keys: Collection[PartKey]) -> dict[PartKey, Hold]:
        """Return the holds of those of these parts that are on hold."""
        return self._holds.of(keys)

    def all(self) -> dict[PartKey, Hold]:
        """Return the holds of all parts that are on hold, in the order of the parts."""
        return self._holds.all()

    def parts_between(self, first: int, last: int, window: ShiftWindow) -> tuple[PartKey, ...]:
        """Return the parts of a shift from one number to another, both included, in their order.

        Raises:
            BadInputError: The shift has no such part.
        """
        found = self._holds.parts_where(numbered_between(first, last, window))
        if not found:
            raise BadInputError(f"This shift has no part from {first:04d} to {last:04d}.", "Choose other numbers.")
        return found

    def parts_of_lot(self, lot: str) -> tuple[PartKey, ...]:
        """Return the parts of production of a lot, in their order.

        Raises:
            BadInputError: No part has this lot.
        """
        found = self._holds.parts_where(of_lot(lot))
        if not found:
            raise BadInputError(f"No part has the lot '{shown(lot)}'.", "Write the lot as it was scanned or typed.")
        return found

    def hold(self, keys: Collection[PartKey], reason: str, person: str = "") -> tuple[PartKey, ...]:
        """Put parts on hold: a few, or the suspects of a challenge, or a whole lot. Return those that were not yet.

        Raises:
            PermissionRefusedError: This role may not put parts on hold.
            BadInputError: No part or no reason is given, or a part has no record. No part was changed.
            StorageError: The disk refused it.
        """
        self._authority.authorise(Permission.HOLD_PARTS)
        wanted = self._wanted(keys, reason)
        held = self._holds.of(wanted)
        changed = self._set([key for key in wanted if key not in held], reason, person, held=True)
        self._originals.keep_all(changed)
        return changed

    def release(self, keys: Collection[PartKey], reason: str, person: str = "") -> tuple[PartKey, ...]:
        """Release parts: their pictures may be given up again as their verdicts say. Return those that were on hold.

        Raises:
            PermissionRefusedError: This role may not release parts.
            BadInputError: No part or no reason is given.
            StorageError: The disk refused it.
        """
        self._authority.authorise(Permission.HOLD_PARTS)
        wanted = self._wanted(keys, reason)
        held = self._holds.of(wanted)
        return self._set([key for key in wanted if key in held], reason, person, held=False)

    def _wanted(self, keys: Collection[PartKey], reason: str) -> list[PartKey]:
        if not keys:
            raise BadInputError("No part was named.", "Choose at least one part.")
        require_said("the hold", reason=reason)
        return sorted(set(keys))

    def _set(self, keys: list[PartKey], reason: str, person: str, *, held: bool) -> tuple[PartKey, ...]:
        if keys:
            who, now = self._authority.signed(person), utc_now()
            self._holds.set([Hold(key, reason.strip(), who, now) for key in keys], held=held)
        return tuple(keys)
