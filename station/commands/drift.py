"""Commands for the drift watch: how far the line has moved from its calibration."""

from station.domain.audit import AuditAction
from station.domain.drift import DriftState
from station.domain.permissions import Authority, Permission
from station.people.audit_trail import AuditTrail
from station.review.drift_watch import DriftWatch


class DriftCommands:
    """Reading is open to everybody. Safe from any thread."""

    def __init__(self, authority: Authority, watch: DriftWatch, audit: AuditTrail) -> None:
        self._authority = authority
        self._audit = audit
        self._watch = watch

    def states(self) -> tuple[DriftState, ...]:
        """Return what is known of each view of the recipe that judged last; empty before the first part."""
        return self._watch.states

    def calibrate_again(self) -> None:
        """Forget what was normal, for example after a new lamp; the next 100 parts that pass are the calibration.

        Raises:
            PermissionRefusedError: This role may not edit a recipe.
        """
        self._authority.authorise(Permission.EDIT_RECIPE)
        self._watch.calibrate_again()
        self._audit.note(AuditAction.DRIFT_CALIBRATED, "drift watch", new="calibrated with the next parts that pass")
