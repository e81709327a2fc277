"""Decides which recorded parts are collected, and why. Pure: it reads nothing."""

from station.domain.collection import CollectionPolicy
from station.domain.feedback import Disposition
from station.domain.verdict import Verdict
from station.storage.learning.line_parts import LinePart


class Chooser:
    """Chooses among the parts of one product, which come in their order.

    Of the parts that passed, the first of which the picture was kept is chosen after n of them. So n holds also where
    the line keeps the picture of every tenth part only.
    """

    def __init__(self, policy: CollectionPolicy) -> None:
        self.policy = policy
        self._passed: dict[str, int] = {}

    def reason_for(self, part: LinePart) -> str:
        """Return why this view of a part is collected, in words; "" if it is not.

        A part that was not inspected is never collected, nor one of which the whole picture was not kept.
        """
        if Verdict.NOT_INSPECTED in (part.verdict, part.view_verdict) or not part.in_production:
            return ""
        due = self._is_due(part)
        if not part.has_original:
            return ""
        reason = self._worth(part)
        if due:
            self._passed[part.view] = 0
            reason = reason or f"one in {self.policy.every_nth_pass} that passed"
        return reason

    def _is_due(self, part: LinePart) -> bool:
        if not self.policy.every_nth_pass or part.verdict is not Verdict.PASS:
            return False
        self._passed[part.view] = self._passed.get(part.view, 0) + 1
        return self._passed[part.view] >= self.policy.every_nth_pass

    def _worth(self, part: LinePart) -> str:
        if self.policy.disputed and _is_disputed(part):
            return f"disputed: {part.said}"
        if self.policy.reviewed and part.verdict is Verdict.REVIEW and part.said is not None:
            return f"reviewed: {part.said}"
        if part.score is None or part.limit is None or not self.policy.near_limit:
            return ""
        return "near the limit" if abs(part.score - part.limit) <= self.policy.near_limit else ""


def _is_disputed(part: LinePart) -> bool:
    """Return whether a person said that the verdict is wrong."""
    if part.said is Disposition.GOOD_PART:
        return part.verdict is Verdict.FAIL
    return part.said is Disposition.MISSED_DEFECT
