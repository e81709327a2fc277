"""Which parts of each product are collected; the history says who decided that, and when."""

import json
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import func, insert, select

from station.domain.collection import NO_POLICY, CollectionPolicy
from station.storage.engine.database import Database
from station.storage.learning.dataset_tables import CollectionPolicyRow


class CollectionPolicies:
    """The policy of each product."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def set(self, product: str, policy: CollectionPolicy, person: str, at: datetime) -> None:
        """Put a policy in force.

        Raises:
            StorageError: The disk refused it.
        """
        row = {"product": product, "content": json.dumps(asdict(policy)), "person": person, "at": at}
        with self._database.writing() as connection:
            connection.execute(insert(CollectionPolicyRow), row)

    def all(self) -> dict[str, CollectionPolicy]:
        """Return the policy in force of each product that has one."""
        newest = select(func.max(CollectionPolicyRow.step)).group_by(CollectionPolicyRow.product)
        rows = select(CollectionPolicyRow.product, CollectionPolicyRow.content).where(
            CollectionPolicyRow.step.in_(newest)
        )
        with self._database.reading() as connection:
            return {row.product: CollectionPolicy(**json.loads(row.content)) for row in connection.execute(rows)}

    def of(self, product: str) -> CollectionPolicy:
        """Return the policy of a product; one that collects nothing if there is none."""
        return self.all().get(product, NO_POLICY)
