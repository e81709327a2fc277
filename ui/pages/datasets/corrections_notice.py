"""What the page says when corrections have come together, and the one key for the next step."""

from dataclasses import dataclass
from enum import StrEnum

from station.domain.corrections import LearningState
from station.domain.training import RunState


class NextStep(StrEnum):
    """What the key of the notice does."""

    BRING = "Bring in disputed parts"
    TEACH = "Teach with these corrections"
    FOLLOW = "Follow the training"
    TRY = "Try on stored parts"


@dataclass(frozen=True, slots=True)
class Notice:
    """A sentence, and the step that it offers."""

    sentence: str
    step: NextStep


def notice_of(state: LearningState) -> Notice | None:
    """Return what is offered now; None if nothing is."""
    found, run = state.corrections, state.run
    if run is not None:
        doing = "teaches now" if run.state is RunState.RUNNING else "waits for its turn"
        return Notice(
            f"Training run {run.number} {doing}. The line does not use what comes out of it.", NextStep.FOLLOW
        )
    if found is not None and found.enough:
        waiting = len(found.disputed) + found.unlabelled
        more = f" {_parts(waiting)} not labelled yet." if waiting else ""
        return Notice(f"{found.sentence}{more}", NextStep.TEACH)
    if found is not None and found.disputed:
        count = len(found.disputed)
        return Notice(f"{_parts(count)} not in the dataset yet. Bring in and label.", NextStep.BRING)
    if state.draft is not None:
        name, revision = state.draft
        said = state.changed or "See what it would have changed in the last shifts before a person promotes it."
        return Notice(f"{name}@{revision} is taught and decides nothing. {said}", NextStep.TRY)
    return None


def _parts(count: int) -> str:
    return f"{count} disputed part{'s are' if count > 1 else ' is'}"
