"""The facades of how parts are judged: recipes, datasets, teaching, studies, challenge parts."""

from functools import cached_property
from typing import TYPE_CHECKING

from station.facades.of_line import LineFacades

if TYPE_CHECKING:
    from station.commands.candidates import CandidateCommands
    from station.commands.challenge import ChallengeCommands
    from station.commands.corrections import CorrectionCommands
    from station.commands.datasets import DatasetCommands
    from station.commands.decided_places import DecidedPlaces
    from station.commands.evaluations import EvaluationCommands
    from station.commands.guide import GuideCommands
    from station.commands.learning import LearningCommands
    from station.commands.limits import LimitCommands
    from station.commands.mask_proposals import MaskProposals
    from station.commands.recipe_exchange import RecipeExchange
    from station.commands.recipes import RecipeCommands
    from station.commands.release_desk import ReleaseDesk
    from station.commands.rescore import RescoreCommands
    from station.commands.revision_flips import RevisionFlipCommands
    from station.commands.studies import StudyCommands
    from station.commands.synthetic import SyntheticCommands
    from station.commands.training import TrainingCommands
    from station.commands.validation import ValidationCommands


class Facades(LineFacades):
    """All of them: besides the line, how parts are judged, and how that is made and proved."""

    @cached_property
    def challenge(self) -> "ChallengeCommands":
        """Checks with challenge parts, and the parts that a failed one makes suspect."""
        from station.commands.challenge import ChallengeCommands

        core = self._core
        return ChallengeCommands(
            self.authority,
            self.workspace,
            self.settings,
            core.check_keeper,
            core.challenge,
            core.database,
            self.recipes,
            self._audit,
        )

    @cached_property
    def recipes(self) -> "RecipeCommands":
        """Find, change, compare, release."""
        from station.commands.recipe_pictures import RecipePictures
        from station.commands.recipes import RecipeCommands

        core = self._core
        return RecipeCommands(
            self.authority, self.workspace, core.recipes,
            RecipePictures(self.workspace.datasets, core.database, core.inspections.pictures), self._desk, self._audit,
        )  # fmt: skip

    @cached_property
    def exchange(self) -> "RecipeExchange":
        """Export and import as one signed file; whose files are believed."""
        from station.commands.recipe_exchange import RecipeExchange

        core = self._core
        return RecipeExchange(self.authority, self.workspace, core.database, self.settings.station.name, self._audit)

    @cached_property
    def validation(self) -> "ValidationCommands":
        """Judge a labelled set by a revision, and accept the verdicts."""
        from station.commands.validation import ValidationCommands

        core = self._core
        return ValidationCommands(
            self.authority, self.workspace, core.recipes, core.database, self._audit, self.settings.report.csv
        )

    @cached_property
    def _decided_places(self) -> "DecidedPlaces":
        from station.commands.decided_places import DecidedPlaces
        from station.storage.learning.places_to_teach import PlacesToTeach

        return DecidedPlaces(self.authority, PlacesToTeach(self._core.database), self._audit)

    @cached_property
    def learning(self) -> "LearningCommands":
        """Teach and evaluate."""
        from station.commands.disputed_parts import DisputedParts
        from station.commands.learning import LearningCommands
        from station.storage.records.feedback import FeedbackRecords

        core = self._core
        return LearningCommands(
            self.authority,
            self.workspace,
            core.recipes,
            self._decided_places,
            DisputedParts(FeedbackRecords(core.database), core.inspections, core.recipes),
            self._audit,
        )

    @cached_property
    def synthetic(self) -> "SyntheticCommands":
        """What would be seen of drawn defects."""
        from station.commands.synthetic import SyntheticCommands

        return SyntheticCommands(self.authority, self.workspace, self._core.recipes)

    @cached_property
    def limits(self) -> "LimitCommands":
        """What other limits would have made of scored pictures."""
        from station.commands.limits import LimitCommands
        from station.storage.learning.part_labels import PartLabels
        from station.storage.learning.rescored_scores import RescoredScores
        from station.storage.records.scores import ScoreRecords

        core = self._core
        scores = ScoreRecords(core.database), RescoredScores(core.database)
        return LimitCommands(
            self.authority, self.workspace, core.recipes, core.inspections, scores, self.records,
            PartLabels(core.database), self._audit,
        )  # fmt: skip

    @cached_property
    def flips(self) -> "RevisionFlipCommands":
        """What another revision would have made of the parts of the last shifts."""
        from station.commands.revision_flips import RevisionFlipCommands

        core = self._core
        return RevisionFlipCommands(
            self.authority, self.workspace, core.recipes, core.inspections, core.database, self.records
        )

    @cached_property
    def datasets(self) -> "DatasetCommands":
        """Pictures to learn from, with labels and masks, and the versions frozen from them."""
        from station.commands.datasets import DatasetCommands

        core = self._core
        return DatasetCommands(self.authority, self.workspace, core.database, core.collecting, self._audit)

    @cached_property
    def proposals(self) -> "MaskProposals":
        """Where the anomaly map and a picture say that a defect is."""
        from station.commands.mask_proposals import MaskProposals

        core = self._core
        return MaskProposals(self.datasets, self.records, core.recipes, core.proposal_model)

    @cached_property
    def candidates(self) -> "CandidateCommands":
        """Drafts that judge beside the line, and their promotion."""
        from station.commands.candidates import CandidateCommands

        core = self._core
        return CandidateCommands(
            self.authority,
            self.workspace,
            self._desk,
            core.inspections,
            core.candidates,
            core.gate,
            core.shadow,
            self._audit,
        )

    @cached_property
    def rescoring(self) -> "RescoreCommands":
        """What another revision would have said of all stored parts."""
        from station.commands.rescore import RescoreCommands

        core = self._core
        return RescoreCommands(
            self.authority, self.workspace, core.recipes, core.database, core.candidates, self._audit
        )

    @cached_property
    def training(self) -> "TrainingCommands":
        """Training runs: queue, follow, cancel."""
        from station.commands.training import TrainingCommands

        core = self._core
        return TrainingCommands(self.authority, self.workspace, core.database, core.recipes, self._audit)

    @cached_property
    def corrections(self) -> "CorrectionCommands":
        """What people corrected since a model was taught, and to teach with it."""
        from station.commands.corrections import CorrectionCommands

        core = self._core
        return CorrectionCommands(
            self.authority, self.workspace.datasets, core.database, core.recipes, self.datasets, self.training,
            self.candidates,
        )  # fmt: skip

    @cached_property
    def evaluations(self) -> "EvaluationCommands":
        """How good a revision is on a dataset version: compare, look at mistakes, export."""
        from station.commands.evaluations import EvaluationCommands

        core = self._core
        return EvaluationCommands(
            self.authority, self.workspace, self.settings, core.database, core.recipes, self._audit
        )

    @cached_property
    def studies(self) -> "StudyCommands":
        """Attribute studies: who judges parts as they are, people and models."""
        from station.commands.studies import StudyCommands
        from station.commands.study_models import StudyModels
        from station.storage.learning.studies import Studies

        core = self._core
        return StudyCommands(
            self.authority, self.workspace, self.settings.station,
            StudyModels(self.workspace, core.recipes, self.datasets), self.datasets, Studies(core.database),
            self._audit,
        )  # fmt: skip

    @cached_property
    def guide(self) -> "GuideCommands":
        """The way of a new product from camera to release."""
        from station.commands.guide import GuideCommands

        core = self._core
        return GuideCommands(
            self.authority,
            core.database,
            core.recipes,
            self.datasets,
            self.training,
            core.line,
            core.preview_slot,
            self._decided_places,
        )

    @cached_property
    def _desk(self) -> "ReleaseDesk":
        from station.commands.release_desk import ReleaseDesk

        core = self._core
        return ReleaseDesk(
            self.authority, core.database, core.log_in, self.settings.release, self._audit, core.line.look_now
        )
