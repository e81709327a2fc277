"""Commands for the review of a shift: a person confirms how its parts ended, or overrules it with a reason."""

from station.commands.nearest_good import NearestGood
from station.domain.clock import utc_now
from station.domain.errors import BadInputError
from station.domain.feedback import OperatorFeedback
from station.domain.inspection import PartKey
from station.domain.permissions import Authority, Permission
from station.domain.shift import ShiftWindow
from station.domain.shift_review import Agreement, PartHistory, agreement_of
from station.review.open_rejects import OpenRejects
from station.review.pending_feedback import PendingFeedback
from station.storage.records.histories import Histories
from station.storage.records.inspections import Inspections


class ShiftReviewCommands:
    """Reading is open to everybody; a review asks the authority first. Safe from any thread."""

    def __init__(
        self,
        authority: Authority,
        histories: Histories,
        feedback: PendingFeedback,
        rejects: OpenRejects,
        inspections: Inspections,
        good: NearestGood,
    ) -> None:
        self._inspections = inspections
        self._good = good
        self._authority = authority
        self._histories = histories
        self._feedback = feedback
        self._rejects = rejects

    def parts(self, window: ShiftWindow) -> tuple[PartHistory, ...]:
        """Return the parts of a shift that did not pass or that a person spoke of, in their order."""
        return self._histories.inside(window)

    def agreement(self, window: ShiftWindow) -> Agreement:
        """Return how far people and station agree in a shift."""
        return agreement_of(self.parts(window))

    def part(self, key: PartKey) -> PartHistory:
        """Return what was said of one part.

        Raises:
            BadInputError: The part has no record.
        """
        found = self._histories.find(key)
        if found is None:
            raise BadInputError(f"There is no record of part {key.label} of run {key.run_id}.")
        return found

    def nearest_good(self, key: PartKey, view: str | None = None) -> PartKey | None:
        """Return the good part of the same recipe that looks most like this one in a view; see `NearestGood`.

        Args:
            key: The part.
            view: The name of the view; that which decided the verdict if not given.

        Returns:
            None if no picture of a good part is kept.

        Raises:
            BadInputError: The part has no record, or no such view.
        """
        record = self._inspections.find_part(key)
        view = record.inspection.deciding.name if view is None else view
        if view not in record.view_names:
            raise BadInputError(f"Part {key.label} of run {key.run_id} has no view '{view}'.")
        return self._good.of(key, view, record.views[record.view_names.index(view)].thumbnail)

    def confirm(self, key: PartKey, reason: str = "", person: str = "") -> OperatorFeedback:
        """Confirm how a part left the line. Return what is recorded beside the verdict, which stays.

        Raises:
            PermissionRefusedError: This role may not review parts.
            BadInputError: There is no such part, or it still waits for its answer at the line.
            StorageError: The disk refused it.
        """
        self._authority.authorise(Permission.REVIEW_PARTS)
        return self._record(key, reason, person, confirms=True)

    def overrule(self, key: PartKey, reason: str, person: str = "") -> OperatorFeedback:
        """Say that a part left the line wrongly, and why. Return what is recorded beside the verdict, which stays.

        Raises:
            PermissionRefusedError: This role may not review parts.
            BadInputError: As `confirm`, or no reason is given.
            StorageError: The disk refused it.
        """
        self._authority.authorise(Permission.REVIEW_PARTS)
        if not reason.strip():
            raise BadInputError(
                f"Part {key.label} was not overruled: no reason was given.",
                "Say why; it is recorded beside the verdict.",
            )
        return self._record(key, reason, person, confirms=False)

    def _record(self, key: PartKey, reason: str, person: str, *, confirms: bool) -> OperatorFeedback:
        part = self.part(key)
        if part.ended_good is None:
            raise BadInputError(
                f"Part {key.label} still waits for its answer at the line.", "Review it when it has ended there."
            )
        claim = part.claim(confirms=confirms)
        word = OperatorFeedback(key, claim, reason.strip(), self._authority.signed(person), utc_now(), in_review=True)
        self._feedback.add(word)
        self._rejects.handle(key)
        return word
