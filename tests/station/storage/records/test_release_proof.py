"""`verify` names a release or a signature that no command of the program made, and nothing that one made."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace

import pytest
from plant import PIN
from sqlalchemy import Connection

from station.app import Station
from station.domain.permissions import Role
from station.domain.recipe import Recipe
from station.domain.secret import Secret
from station.domain.signature import Consent, SignatureProof
from station.storage.records import release_proof

STEP = (
    "INSERT INTO recipe_state (name, revision, state, person, reason, at, takes_effect) "
    "SELECT name, 3, 'released', 'Ben', 'why', 0, takes_effect FROM recipe_state WHERE revision = 2 LIMIT 1"
)
SIGNATURE = (
    "INSERT INTO recipe_signature SELECT NULL, name, 3, (SELECT sha256 FROM recipe WHERE revision = 3), "
    "(SELECT max(step) FROM recipe_state WHERE revision = 3), meaning, account_id, account_step, person, roles, "
    "known_by, reason, at FROM recipe_signature WHERE revision = 2 AND account_id IS NOT NULL"
)
NOBODYS = SIGNATURE.replace("account_id, account_step,", "NULL, NULL,", 1).replace("known_by", "'no accounts'", 1)
OTHER = (
    "UPDATE recipe SET sha256 = (SELECT sha256 FROM recipe WHERE revision = 3), "
    "content = (SELECT content FROM recipe WHERE revision = 3) WHERE revision = 2"
)


@pytest.fixture
def signed(station: Station) -> Station:
    """Nobody signed plate@1; Ben signed plate@2 for its release; plate@3 is a draft."""
    station.people.add("Ben", {Role.ENGINEER, Role.SUPERVISOR}, Secret(PIN))
    base = station.recipes.find("plate", 1).recipe
    for revision in (2, 3):
        station.recipes.add(replace(base, revision=revision, author="Ben", reason="why"))
    _release(station, 2)
    return station


def _release(station: Station, revision: int) -> Recipe:
    consent = Consent(SignatureProof(Secret(PIN)))
    return station.recipes.release("plate", revision, "Ben", "fewer rejects", consent=consent).recipe


@pytest.mark.slow
@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((STEP,), "it was released, and nobody who has an account signed that"),
        ((NOBODYS, STEP), "it was released, and nobody who has an account signed that"),
        ((SIGNATURE, STEP), "the audit trail does not know that Ben signed it"),
        ((OTHER,), "it is not what Ben signed on"),
    ],
    ids=["a step alone", "signed by nobody", "a forged signature", "other content"],
)
def test_that_what_was_written_into_the_tables_is_named(signed: Station, words: tuple[str, ...], said: str) -> None:
    with closing(sqlite3.connect(signed.workspace.database)) as plain, plain:
        for word in words:
            plain.execute(word)
    assert any(said in finding.sentence for finding in signed.records.verify())


HONEST: dict[str, Callable[[Station], object]] = {
    "nothing more": lambda _: None,
    "a release": lambda s: _release(s, 3),
    "a roll-back": lambda s: s.recipes.roll_back("plate", "Ben", "worse", consent=Consent(SignatureProof(Secret(PIN)))),
    "a retirement": lambda s: s.recipes.retire("plate", 2, "Ben", "worse", Consent(SignatureProof(Secret(PIN)))),
    "another PIN": lambda s: s.people.set_pin("Ben", Secret("58024617"), "forgotten"),
}


@pytest.mark.slow
@pytest.mark.parametrize("use", HONEST.values(), ids=HONEST)
def test_that_honest_use_is_clean(signed: Station, use: Callable[[Station], object]) -> None:
    use(signed)
    assert signed.records.verify() == ()


def test_that_a_release_while_the_records_are_verified_is_clean(
    signed: Station, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = release_proof._steps

    def release_meanwhile(connection: Connection) -> object:
        _release(signed, 3)
        return read(connection)

    monkeypatch.setattr(release_proof, "_steps", release_meanwhile)
    assert signed.records.verify() == ()


def test_that_an_early_release_without_signature_and_without_entry_is_clean(signed: Station) -> None:
    with closing(sqlite3.connect(signed.workspace.database)) as plain, plain:
        plain.execute("DELETE FROM recipe_signature WHERE revision = 1")
    assert signed.records.verify() == ()
