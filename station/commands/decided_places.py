"""Where each view of a product is inspected, as people decided it; the audit trail says who did."""

from station.domain.audit import AuditAction
from station.domain.clock import utc_now
from station.domain.inspected_place import DrawnPlace, InspectedPlace
from station.domain.permissions import Authority
from station.people.audit_trail import AuditTrail
from station.storage.learning.places_to_teach import PlacesToTeach


class DecidedPlaces:
    """Keeps the decisions of one authority."""

    def __init__(self, authority: Authority, places: PlacesToTeach, audit: AuditTrail) -> None:
        self._authority = authority
        self._places = places
        self._audit = audit

    def of(self, product: str, view: str) -> DrawnPlace | None:
        """Return the place that was decided last, outside of recipes; None before the first."""
        return self._places.of(product, view)

    def keep(self, product: str, view: str, place: InspectedPlace) -> None:
        """Keep a place: the view is taught so from now on.

        Raises:
            StorageError: The disk refused it.
        """
        with self._audit.together():
            before = self.of(product, view)
            self._places.set(product, view, place, self._authority.signature, utc_now())
            old = _words(before.place) if before else ""
            subject = f"{product} {view}".strip()
            self._audit.record(AuditAction.DATASET_CHANGED, f"{subject}: region", old, _words(place))


def _words(place: InspectedPlace) -> str:
    return place.words or "the whole picture"
