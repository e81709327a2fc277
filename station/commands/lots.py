"""Commands for the lot and the order that are made now."""

from station.domain.audit import AuditAction
from station.domain.clock import utc_now
from station.domain.lot_order import LotOrder, checked_lot
from station.domain.permissions import Authority, Permission
from station.people.audit_trail import AuditTrail
from station.pipeline.current_lot import CurrentLot


class LotCommands:
    """Reading is open to everybody. Safe from any thread."""

    def __init__(self, authority: Authority, current: CurrentLot, audit: AuditTrail) -> None:
        self._authority = authority
        self._current = current
        self._audit = audit

    @property
    def now(self) -> LotOrder:
        """Return what the next part gets."""
        return self._current.now

    def refresh(self) -> None:
        """Take over what another program has set; a running line does that by itself. `LotChanged` says it.

        Raises:
            StorageError: The database cannot be read.
        """
        self._current.refresh()

    def set(self, lot: str | None = None, order: str | None = None, person: str = "") -> LotOrder:
        """Set lot and order for the parts that are triggered from now on. Return what is set.

        Args:
            lot: The lot, "" for none; None leaves it as it is.
            order: The order, likewise.
            person: Who sets it; whoever is working now if not given.

        Raises:
            PermissionRefusedError: This role may not set a lot.
            BadInputError: One of them is too long.
            StorageError: The disk refused it; nothing was changed.
        """
        self._authority.authorise(Permission.SET_LOT)
        who = self._authority.signed(person)
        lot = None if lot is None else checked_lot(lot)
        order = None if order is None else checked_lot(order, "order")
        with self._audit.together():  # another program may set the other one of them at this moment
            before = self._current.stored()
            wanted = LotOrder(before.lot if lot is None else lot, before.order if order is None else order)
            if wanted != before:
                self._current.keep(wanted, who, utc_now())
                self._audit.record(AuditAction.LOT_CHANGED, "line", old=before.words, new=wanted.words, person=who)
        self._current.refresh()
        return wanted
