"""Promotions in the database: who let which candidate judge, and what was seen of it before."""

import json
from dataclasses import asdict

from sqlalchemy import Connection, insert, select

from station.domain.candidate import Gate, GateCheck, Promotion
from station.domain.recipe import StateChange
from station.storage.engine.database import Database
from station.storage.learning.candidate_tables import PromotionRow


def add_promotion(connection: Connection, champion: int | None, candidate: tuple[str, int], gate: Gate,
                  change: StateChange) -> None:  # fmt: skip
    """Record a promotion inside the caller's transaction.

    Args:
        connection: Of the transaction.
        champion: The revision that is released until now; None if none is.
        candidate: Name and revision of the candidate.
        gate: What was seen of it.
        change: Who promotes it, why and when.
    """
    values = {
        "name": candidate[0],
        "revision": candidate[1],
        "champion_revision": champion,
        "person": change.person,
        "reason": change.reason,
        "gate": json.dumps(asdict(gate), ensure_ascii=False, sort_keys=True),
        "at": change.at,
    }
    connection.execute(insert(PromotionRow), values)


def promotions_of(database: Database, name: str, most: int) -> tuple[Promotion, ...]:
    """Return the promotions of a recipe, newest first, at most this many."""
    of_recipe = select(PromotionRow).where(PromotionRow.name == name)
    newest = of_recipe.order_by(PromotionRow.promotion_id.desc()).limit(most)
    with database.reading() as connection:
        return tuple(
            Promotion(row.name, row.revision, row.champion_revision, row.person, row.reason, row.at, _gate_of(row.gate))
            for row in connection.execute(newest)
        )


def _gate_of(text: str) -> Gate:
    known = json.loads(text)
    return Gate(known["candidate"], known["champion"], tuple(GateCheck(**check) for check in known["checks"]))
