"""Commands for candidates: judge beside the line, compare with the released revision, promote."""

from collections.abc import Sequence
from contextlib import closing
from datetime import datetime
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, BinaryIO

from station.commands.promotion_gate import PromotionGate, open_predictor
from station.commands.release_desk import ReleaseDesk
from station.domain.audit import AuditAction
from station.domain.candidate import Disagreement, Gate, Promotion, ShadowFigures, ShadowState
from station.domain.clock import utc_now
from station.domain.errors import BadInputError
from station.domain.inspection import PartKey
from station.domain.permissions import Authority, Permission
from station.domain.recipe import Recipe, RecipeEntry, RecipeState, StateChange, TakesEffect
from station.domain.signature import BY_WORD, Consent
from station.learning.progress import OnProgress, Wanted, always, no_progress, while_wanted, with_progress_of
from station.people.audit_trail import AuditTrail
from station.rescore.shadow import Shadow
from station.storage.learning.candidates import Candidates, ShadowStep
from station.storage.records.inspections import Inspections
from station.workspace import Workspace

if TYPE_CHECKING:
    from station.rescore.revision_judge import RevisionJudge

_RECORDED_TOGETHER = 50


class CandidateCommands:
    """A candidate is a draft with the views of the released revision. Nothing of it reaches the line by itself."""

    def __init__(
        self,
        authority: Authority,
        workspace: Workspace,
        desk: ReleaseDesk,
        inspections: Inspections,
        candidates: Candidates,
        gate: PromotionGate,
        shadow: Shadow,
        audit: AuditTrail,
    ) -> None:
        self._audit = audit
        self._authority = authority
        self._workspace = workspace
        self._desk = desk
        self._recipes = desk.recipes
        self._inspections = inspections
        self._candidates = candidates
        self._gate = gate
        self._shadow = shadow

    def start_shadow(self, name: str, revision: int, person: str = "") -> ShadowState:
        """Let a draft judge every part of the line from now on, in a program of its own at low priority.

        Args:
            name: The recipe.
            revision: The draft; another one that judges now ends.
            person: Who wants it; if not given, the signature of the page.

        Raises:
            PermissionRefusedError: This role may not.
            BadInputError: It is not a draft, nothing is released, or the two have other views.
        """
        self._authority.authorise(Permission.RUN_SHADOW)
        entry = self._candidate(name, revision)
        champion = self._recipes.find_released(name).recipe
        if not entry.recipe.sees(champion.view_names):
            raise BadInputError(
                f"{entry.recipe.label} and the released {champion.label} have other views.",
                "Teach each view of the released revision.",
            )
        step = ShadowStep(name, revision, utc_now(), self._authority.signed(person))
        with self._audit.together():
            self._candidates.start(step)
            self._audit.record(
                AuditAction.CANDIDATE_CHANGED, f"{name}@{revision}", new="judges beside the line", person=step.person
            )
        self._shadow.start(step)
        return ShadowState(name, revision, running=True)

    def stop_shadow(self, person: str = "") -> None:
        """Let no candidate judge any more; what it judged is kept.

        Raises:
            PermissionRefusedError: This role may not.
        """
        self._authority.authorise(Permission.RUN_SHADOW)
        self._shadow.stop()
        current = self._candidates.current()
        if current is not None:
            who, label = self._authority.signed(person), f"{current.name}@{current.revision}"
            with self._audit.together():
                self._candidates.stop(current.name, current.revision, who, utc_now())
                self._audit.record(
                    AuditAction.CANDIDATE_CHANGED, label, "judges beside the line", "stopped", person=who
                )

    def resume_shadow(self) -> None:
        """Let the candidate of last time go on; a program that runs a line calls it once."""
        if (current := self._candidates.current()) is not None:
            self._shadow.start(current)

    def shadow(self) -> ShadowState | None:
        """Return the candidate that judges beside the line; None if there is none."""
        current = self._candidates.current()
        if current is None:
            return None
        return ShadowState(current.name, current.revision, self._shadow.running, self._shadow.problem)

    def figures(self, name: str, revision: int) -> ShadowFigures:
        """Return how a candidate and the present released revision agree; without one, all that judged its parts."""
        released = self._recipes.released_of(name)
        return self._candidates.figures(name, revision, released.recipe.revision if released else None)

    def disagreements(self, name: str, revision: int, most: int = 100) -> tuple[Disagreement, ...]:
        """Return the parts that both judge differently, newest first."""
        return self._candidates.disagreements(name, revision, most)

    def answer_parts(self, name: str, revision: int, parts: BinaryIO, answers: BinaryIO) -> None:
        """Judge the parts that come through a pipe, until it is closed; the candidate's own program calls it.

        Args:
            name: The recipe.
            revision: The candidate.
            parts: Where the parts come from.
            answers: Where the results go.

        Raises:
            BadInputError: There is no such draft.
            StationError: Its model cannot be used.
        """
        from station.rescore.shadow_process import answer_all  # noqa: PLC0415 - not at every start

        with closing(self._judge(self._candidate(name, revision).recipe)) as judge:
            answer_all(judge, parts, answers)

    def try_on_stored(
        self,
        name: str,
        revision: int,
        since: datetime,
        progress: OnProgress = no_progress,
        wanted: Wanted = always,
    ) -> ShadowFigures:
        """Judge the recorded parts since a time by a draft: what would it have changed?

        Parts that it has judged before are not judged again.

        Args:
            name: The recipe.
            revision: The draft.
            since: Parts triggered at or after this time.
            progress: Called with each part.
            wanted: Asked before each part; what was judged of the parts before is kept if it is given up.

        Raises:
            PermissionRefusedError: This role may not.
            BadInputError: There is no such draft.
            GivenUpError: It is not wanted any more.
            StationError: Model or records cannot be used.
        """
        self._authority.authorise(Permission.RUN_SHADOW)
        draft = self._candidate(name, revision).recipe
        keys = self._candidates.waiting(name, revision, since)
        self._judge_again(draft, keys, while_wanted(progress, wanted, _trial(draft)))
        return self.figures(name, revision)

    def try_on_parts(
        self,
        name: str,
        revision: int,
        keys: Sequence[PartKey],
        progress: OnProgress = no_progress,
        wanted: Wanted = always,
    ) -> None:
        """Judge some recorded parts by a draft, and by the released revision where another one judged them on the line.

        What has judged a part before does not judge it again.

        Args:
            name: The recipe.
            revision: The draft.
            keys: The parts.
            progress: Called with each part.
            wanted: As for `try_on_stored`.

        Raises:
            PermissionRefusedError, BadInputError, StationError: As `try_on_stored`; or no revision is released.
        """
        self._authority.authorise(Permission.RUN_SHADOW)
        draft, champion = self._candidate(name, revision).recipe, self._recipes.find_released(name).recipe
        report = while_wanted(progress, wanted, _trial(draft))
        for recipe in (draft, champion):
            if untried := self._candidates.untried(name, recipe.revision, keys):
                self._judge_again(recipe, untried, report)

    def _judge_again(self, recipe: Recipe, keys: Sequence[PartKey], report: OnProgress) -> None:
        from station.rescore.stored_parts import judge_stored  # noqa: PLC0415 - not at every start

        with closing(self._judge(recipe)) as judge:
            judged = judge_stored(keys, self._inspections, judge)
            steps = with_progress_of(judged, len(keys), "Judging recorded parts again", report)
            while results := tuple(islice(steps, _RECORDED_TOGETHER)):
                self._candidates.add_results(recipe.name, recipe.revision, results)

    def gate(self, name: str, revision: int, progress: OnProgress = no_progress, wanted: Wanted = always) -> Gate:
        """Look at every condition for promoting a candidate; takes as long as judging its labelled pictures twice.

        Args:
            name: The recipe.
            revision: The candidate.
            progress: Called with each picture.
            wanted: Asked before each picture; a check that is given up counts as not made.

        Raises:
            PermissionRefusedError: This role may not.
            BadInputError: There is no such draft.
            FaultError: A model failed.
            GivenUpError: It is not wanted any more.
        """
        self._authority.authorise(Permission.EVALUATE)
        candidate, released = self._candidate(name, revision).recipe, self._recipes.released_of(name)
        report = while_wanted(progress, wanted, f"The check of {candidate.label}")
        return self._gate.look(candidate, released.recipe if released else None, report)

    def promote(
        self,
        name: str,
        revision: int,
        person: str,
        reason: str,
        takes_effect: TakesEffect = TakesEffect.NEXT_START,
        consent: Consent = BY_WORD,
    ) -> RecipeEntry:
        """Release a candidate that passed its gate; the record keeps the figures of the gate.

        If two people must sign, the candidate stays one until another person promotes it too.

        Args:
            name: The recipe.
            revision: The candidate, after `gate` looked at it.
            person: Who promotes it.
            reason: Why.
            takes_effect: When a running line uses it.
            consent: PIN or badge of the person, once more; and why it is released without a validation, if it is.

        Raises:
            PermissionRefusedError: This role may not release a recipe.
            BadInputError: A condition does not hold, the gate was not looked at, person or reason are missing, or it
                is not signed by who may.
        """
        signer = self._desk.prove(f"the promotion of {name}@{revision}", person, reason, consent.proof)
        released = self._recipes.released_of(name)
        champion = released.recipe if released else None
        gate = self._gate.seen(self._candidate(name, revision).recipe, champion)
        if not gate.passed:
            raise BadInputError(f"{gate.candidate} cannot be promoted. {gate.refusal}", "Nothing was changed.")
        before = champion.revision if champion else None
        candidate = self._candidate(name, revision).recipe
        why = self._desk.reason_with(candidate, reason, consent)
        change = StateChange(signer.person, why, utc_now(), takes_effect)
        with self._audit.together():
            entry = self._desk.release(AuditAction.RECIPE_RELEASED, candidate, change, signer)
            if entry.state is RecipeState.RELEASED:
                self._candidates.note_promotion(before, entry, gate)
        if entry.state is RecipeState.RELEASED:
            self._end_shadow_of(name, revision, signer.person)
        return entry

    def promotions(self, name: str, most: int = 20) -> tuple[Promotion, ...]:
        """Return who promoted candidates of a recipe, when, why, and what the gates had seen; newest first."""
        return self._candidates.promotions(name, most)

    def _end_shadow_of(self, name: str, revision: int, person: str) -> None:
        current = self._candidates.current()
        if current is not None and (current.name, current.revision) == (name, revision):
            self._shadow.stop()
            self._candidates.stop(name, revision, person, utc_now())

    def _candidate(self, name: str, revision: int) -> RecipeEntry:
        entry = self._recipes.find_revision(name, revision)
        if entry.state not in (RecipeState.DRAFT, RecipeState.VALIDATED):
            raise BadInputError(f"{entry.recipe.label} is {entry.state}, not a draft.", "Choose a draft.")
        return entry

    def _judge(self, recipe: Recipe) -> "RevisionJudge":
        from station.rescore.revision_judge import RevisionJudge  # noqa: PLC0415 - not at every start

        return RevisionJudge(recipe, partial(open_predictor, self._workspace))


def _trial(draft: Recipe) -> str:
    return f"The trial of {draft.label} on stored parts"
