"""The collection of parts from the line, as a part of the station: made when it is wanted, ended with the station."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from station.concurrency.fan_out import FanOut
from station.domain.clock import utc_now
from station.domain.inspection import PartKey
from station.storage.engine.database import Database
from station.storage.learning.collection_policies import CollectionPolicies
from station.storage.recipes.recipes import Recipes
from station.storage.records.inspections import Inspections
from station.workspace import Workspace

if TYPE_CHECKING:
    from station.learning.working_set.collecting import Collection
    from station.learning.working_set.collector import Collector


class LineCollection:
    """What collects parts. Its modules are loaded with the first policy: most commands never need them."""

    def __init__(
        self,
        workspace: Workspace,
        database: Database,
        inspections: Inspections,
        recipes: Recipes,
        news: FanOut,
        keep_original: Callable[[PartKey], None],
    ) -> None:
        """Start nothing; `keep_original` keeps the original of a part that a person wants, if it still waits."""
        self._keep_original = keep_original
        self._workspace = workspace
        self._database = database
        self._inspections = inspections
        self._recipes = recipes
        self._news = news
        self._collector: Collector | None = None

    def start_if_wanted(self) -> None:
        """Start the collecting thread if the policy of any product collects something."""
        if any(policy.collects for policy in CollectionPolicies(self._database).all().values()):
            self.start()

    def start(self) -> None:
        """Start the collecting thread, if it does not run."""
        from station.learning.working_set.collector import Collector  # noqa: PLC0415 - loads the readers of pictures

        if self._collector is None:
            self._collector = Collector(self._news, self.collection)
        self._collector.start()

    def collection(self) -> "Collection":
        """Return a new collection, for one thread."""
        from station.learning.working_set.collecting import Collection  # noqa: PLC0415 - loads the readers
        from station.learning.working_set.working_sets import WorkingSets  # noqa: PLC0415
        from station.storage.learning.line_parts import LineParts  # noqa: PLC0415

        sets = WorkingSets(self._database, self._workspace.datasets)
        policies = CollectionPolicies(self._database)
        return Collection(
            sets, self._inspections, self._recipes, LineParts(self._database), policies, utc_now, self._keep_original
        )

    def close(self) -> None:
        """End the collecting thread."""
        if self._collector is not None:
            self._collector.close()
