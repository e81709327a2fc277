"""The signers of recipe files that a station knows: rows are only added."""

from datetime import datetime

from sqlalchemy import func, insert, select

from station.domain.signer import KnownSigner, Signer, SignerStep
from station.storage.engine.database import Database
from station.storage.recipes.tables import SignerStepRow


class KnownSigners:
    """All signers that a person trusted, and this station itself."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self) -> tuple[KnownSigner, ...]:
        """Return the signers whose files are imported without a question, the first known first."""
        row = SignerStepRow
        newest = select(func.max(row.step)).group_by(row.public_key)
        wanted = select(row.__table__).where(row.step.in_(newest), row.what != SignerStep.REMOVED.value)
        with self._database.reading() as connection:
            rows = connection.execute(wanted.order_by(row.step)).all()
        return tuple(
            KnownSigner(
                Signer(each.public_key, each.station), each.what == SignerStep.OWN, each.person, each.reason, each.at
            )
            for each in rows
        )

    def own(self) -> str:
        """Return the public key that this station used last; "" before the first."""
        row = SignerStepRow
        newest = select(row.public_key).where(row.what == SignerStep.OWN.value).order_by(row.step.desc()).limit(1)
        with self._database.reading() as connection:
            return connection.execute(newest).scalar() or ""

    def add_step(self, signer: Signer, what: SignerStep, person: str, reason: str, at: datetime) -> None:
        """Record what happened to a signer.

        Raises:
            StorageError: The disk refused it.
        """
        values = {
            "public_key": signer.public_key,
            "station": signer.station,
            "what": what.value,
            "person": person,
            "reason": reason,
            "at": at,
        }
        with self._database.writing() as connection:
            connection.execute(insert(SignerStepRow), values)
