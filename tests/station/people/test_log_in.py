"""Who may log in, and that a wrong name cannot be known from a wrong PIN."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from plant import BADGE, OTHER_PIN, PIN, Plant
from sqlalchemy import Connection, event

from station.domain.audit import EVERYTHING, AuditAction
from station.domain.errors import BadInputError, StationError, StorageError
from station.domain.permissions import Role
from station.domain.person import KnownBy
from station.domain.secret import Secret
from station.people.audit_trail import AuditTrail
from station.people.lock_out import wait_after
from station.people.log_in import DisabledAccountError, LockedOutError, LogInRefusedError
from station.people.pin_hash import DamagedHashError, PinHasher
from station.people.workspace_key import LostKeyError
from station.storage.people.accounts import Change


def test_that_the_right_pin_logs_in_with_the_roles_of_the_account(plant: Plant) -> None:
    person = plant.people.log_in("anna  BERG", Secret(PIN))
    assert (person.name, person.known_by) == ("Anna Berg", KnownBy.PIN)
    assert person.roles == {Role.OPERATOR, Role.SUPERVISOR}
    assert plant.session.person == person


def test_that_a_badge_logs_in(plant: Plant) -> None:
    assert plant.people.log_in_by_badge(Secret(BADGE)).known_by is KnownBy.BADGE
    plant.people.log_out()
    with pytest.raises(LogInRefusedError, match="Nobody has this badge"):
        plant.people.log_in_by_badge(Secret("LSB-0042-7718"))
    assert not plant.session.person.name


@pytest.mark.parametrize(
    ("name", "pin"), [("Anna Berg", OTHER_PIN), ("Nobody", PIN), ("Ben", PIN), ("", PIN), ("Ben", "")]
)
def test_that_a_wrong_name_and_a_wrong_pin_get_the_same_answer(plant: Plant, name: str, pin: str) -> None:
    plant.people.log_in("Ben", Secret(OTHER_PIN))
    with pytest.raises(LogInRefusedError, match="Name or PIN is wrong"):
        plant.people.log_in(name, Secret(pin))
    assert plant.session.person.name == "Ben"


def _work(plant: Plant, monkeypatch: pytest.MonkeyPatch, name: str) -> list[str]:
    """Return what a refused log-in does: each statement of the database without its values, and each check."""
    done: list[str] = []
    verify, keyed = PinHasher.verify, Secret.keyed_hash

    def noted(what: str, do: Callable[..., object]) -> Callable[..., object]:
        def noting(self: object, *args: object) -> object:
            done.append(what if what != "hash" else f"hash with {str(args[0]).split('$')[3]}")
            return do(self, *args)

        return noting

    with monkeypatch.context() as patch:
        patch.setattr(PinHasher, "verify", noted("hash", verify))
        patch.setattr(Secret, "keyed_hash", noted("keyed hash", keyed))
        for engine in (plant.database._reader, plant.database._writer):
            event.listen(engine, "before_cursor_execute", lambda _c, _k, sql, *_: done.append(" ".join(sql.split())))
        with pytest.raises(BadInputError):
            plant.people.log_in(name, Secret("60417293"))
    return done


def test_that_a_wrong_name_costs_the_same_work_as_a_wrong_pin(plant: Plant, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("Anna Berg", "Nobody"):  # the second try of each is compared: the first makes the row of its failures
        with pytest.raises(LogInRefusedError):
            plant.people.log_in(name, Secret("60417293"))
    known = _work(plant, monkeypatch, "Anna Berg")
    unknown = _work(plant, monkeypatch, "Nobody")
    # Listeners stay, so the second list has every statement as often as there are listeners: compare what differs.
    assert list(dict.fromkeys(unknown)) == list(dict.fromkeys(known))
    assert [step for step in unknown if step.startswith("hash")] == [step for step in known if step.startswith("hash")]
    assert len([step for step in known if step.startswith("hash")]) == 1


def _guess(plant: Plant, name: str, tries: int) -> timedelta:
    """Try wrong PINs as fast as the station lets anybody; return how long that took."""
    begin, tried = plant.now, 0
    while tried < tries:
        try:
            plant.people.log_in(name, Secret("60417293"))
        except LockedOutError as locked:
            plant.pass_time(seconds=locked.wait.total_seconds())
        except LogInRefusedError:
            tried += 1
    return plant.now - begin


@pytest.mark.slow
@pytest.mark.parametrize("name", ["Anna Berg", "Nobody"])
def test_that_every_try_waits_as_long_as_is_promised(plant: Plant, name: str) -> None:
    assert _guess(plant, name, 30) == sum((wait_after(failures) for failures in range(30)), timedelta(0))


def test_that_a_thousand_tries_are_promised_to_take_three_days() -> None:
    assert sum((wait_after(failures) for failures in range(1000)), timedelta(0)) > timedelta(days=3)


@pytest.mark.nightly
def test_that_a_thousand_tries_take_three_days(plant: Plant) -> None:
    assert _guess(plant, "Anna Berg", 1000) > timedelta(days=3)
    with pytest.raises(LockedOutError):
        plant.people.log_in("Anna Berg", Secret(PIN))
    plant.pass_time(minutes=5)
    assert plant.people.log_in("Anna Berg", Secret(PIN)).name == "Anna Berg"


def test_that_the_right_pin_is_not_looked_at_while_the_log_in_is_locked(plant: Plant) -> None:
    for _ in range(3):
        with pytest.raises(LogInRefusedError):
            plant.people.log_in("Ben", Secret(PIN))
    with pytest.raises(LockedOutError, match=r"Wait 5 s"):
        plant.people.log_in("Ben", Secret(OTHER_PIN))
    plant.people.log_in("Anna Berg", Secret(PIN))  # a lock-out is that of one account
    plant.pass_time(seconds=5)
    assert plant.people.log_in("Ben", Secret(OTHER_PIN)).name == "Ben"
    assert plant.tries.failures("account 2") == 0


def test_that_guessed_badges_are_slowed_together(plant: Plant) -> None:
    for number in range(3):
        with pytest.raises(LogInRefusedError):
            plant.people.log_in_by_badge(Secret(f"LSB-0042-000{number}"))
    with pytest.raises(LockedOutError):
        plant.people.log_in_by_badge(Secret(BADGE))


@pytest.fixture
def full(plant: Plant, monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """The disk of the plant refuses to write."""

    @contextmanager
    def refuse() -> Iterator[Connection]:
        raise StorageError("The disk is full.")
        yield

    with monkeypatch.context() as patch:
        patch.setattr(plant.database, "writing", refuse)
        yield patch


def test_that_people_log_in_on_a_full_disk_and_the_entry_is_written_later(plant: Plant, full) -> None:
    plant.people.log_in("Anna Berg", Secret(PIN))
    plant.people.log_in_by_badge(Secret(BADGE))
    assert plant.session.person.name == "Anna Berg"
    full.undo()
    plant.audit.record(AuditAction.FAULT, "disk")
    assert [entry.action for entry in plant.audit.find(EVERYTHING)][-3:] == ["logged in", "logged in", "fault"]


def test_that_tries_are_slowed_on_a_full_disk_as_promised_and_afterwards(plant: Plant, full) -> None:
    waits = []
    for _ in range(8):
        with pytest.raises(BadInputError) as refused:
            plant.people.log_in("Ben", Secret(PIN))
        waits.append(round(getattr(refused.value, "wait", timedelta(0)).total_seconds()))
        plant.pass_time(seconds=waits[-1])
    assert waits == [0, 0, 0, 5, 0, 10, 0, 20]
    full.undo()
    plant.pass_time(seconds=-20)
    with pytest.raises(LockedOutError):
        plant.people.log_in("Ben", Secret(OTHER_PIN))
    plant.pass_time(seconds=20)
    assert plant.people.log_in("Ben", Secret(OTHER_PIN)).name == "Ben"
    assert plant.tries.failures("account 2") == 0


def test_that_a_clock_that_is_set_back_locks_nobody_out_for_longer(plant: Plant) -> None:
    for _ in range(3):
        with pytest.raises(LogInRefusedError):
            plant.people.log_in("Ben", Secret(PIN))
    plant.pass_time(days=-400)
    with pytest.raises(LockedOutError) as locked:
        plant.people.log_in("Ben", Secret(OTHER_PIN))
    assert locked.value.wait.total_seconds() == 5
    plant.pass_time(seconds=5)
    assert plant.people.log_in("Ben", Secret(OTHER_PIN)).name == "Ben"


def test_that_nobody_stays_logged_in_because_the_log_out_cannot_be_written_down(
    plant: Plant, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant.people.log_in("Anna Berg", Secret(PIN))
    monkeypatch.setattr(AuditTrail, "note", lambda *_, **__: (_ for _ in ()).throw(OverflowError))
    with pytest.raises(OverflowError):
        plant.people.log_out()
    assert not plant.session.is_open


def test_that_a_try_counts_also_if_the_program_dies_while_it_is_checked(
    plant: Plant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(PinHasher, "verify", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        plant.people.log_in("Ben", Secret(OTHER_PIN))
    assert plant.tries.failures("account 2") == 1


def test_that_a_disabled_account_is_said_to_be_so_to_its_owner_alone(plant: Plant) -> None:
    plant.people.disable("Ben", "left the plant")
    with pytest.raises(LogInRefusedError):
        plant.people.log_in("Ben", Secret(PIN))
    with pytest.raises(DisabledAccountError):
        plant.people.log_in("Ben", Secret(OTHER_PIN))
    plant.people.enable("Ben", "is back")
    assert plant.people.log_in("Ben", Secret(OTHER_PIN)).name == "Ben"


@pytest.mark.parametrize(
    "damaged",
    ["", "x", "$2b$12$abcdefghijklmnopqrstuv", "$argon2id$v=19$m=4294967295,t=3,p=1$c2FsdHNhbHQ$aGFzaA",
     "$argon2i$v=19$m=8,t=1,p=1$c2FsdHNhbHRzYWx0$aGFzaGhhc2hoYXNoaGFzaA"],
)  # fmt: skip
def test_that_a_damaged_hash_lets_nobody_in_and_says_what_to_do(plant: Plant, damaged: str) -> None:
    plant.accounts.set_pin(2, damaged or "$", plant.accounts.proof_of("Ben").key_id, Change("x", "y", plant.now))
    with pytest.raises(DamagedHashError, match="users pin"):
        plant.people.log_in("Ben", Secret(OTHER_PIN))
    assert not plant.session.person.name


def test_that_a_shortened_hash_lets_nobody_in(plant: Plant) -> None:
    proof = plant.accounts.proof_of("Ben")
    plant.accounts.set_pin(2, proof.pin_hash[:-4], proof.key_id, Change("x", "y", plant.now))
    with pytest.raises(StationError):
        plant.people.log_in("Ben", Secret(OTHER_PIN))


def test_that_a_pin_gets_the_parameters_of_today_at_its_next_log_in(plant: Plant) -> None:
    before = plant.accounts.proof_of("Ben").pin_hash
    plant.log_in._hasher = PinHasher(2, 16)
    plant.people.log_in("Ben", Secret(OTHER_PIN))
    after = plant.accounts.proof_of("Ben").pin_hash
    assert "m=8,t=1" in before
    assert "m=16,t=2" in after
    assert plant.people.log_in("Ben", Secret(OTHER_PIN)).name == "Ben"


def test_that_a_lost_key_file_is_named_and_new_pins_help(plant: Plant) -> None:
    (plant.root / "people.key").unlink()
    with pytest.raises(LostKeyError, match="missing"):
        plant.people.log_in("Anna Berg", Secret(PIN))
    plant.people.set_pin("Anna Berg", Secret(PIN), "people.key was lost", "Ida (system user)")
    assert plant.people.log_in("Anna Berg", Secret(PIN)).name == "Anna Berg"
    with pytest.raises(LostKeyError, match="'Ben' got the PIN with"):
        plant.people.log_in("Ben", Secret(OTHER_PIN))
    assert not plant.accounts.find("Anna Berg").has_badge  # the old badge could not be proved any more


def test_that_without_accounts_nobody_logs_in(tmp_path: Path) -> None:
    empty = Plant(tmp_path)
    with pytest.raises(BadInputError, match="no accounts"):
        empty.people.log_in("Anna Berg", Secret(PIN))
    empty.database.close()


def test_that_neither_pin_nor_badge_nor_a_mistyped_name_lies_on_the_disk(plant: Plant) -> None:
    plant.people.log_in("Ben", Secret(OTHER_PIN))
    plant.people.log_in_by_badge(Secret(BADGE))
    with pytest.raises(LogInRefusedError):
        plant.people.log_in("90071353", Secret(PIN))  # somebody typed the PIN as the name
    plant.database.close()
    everything = b"".join(path.read_bytes() for path in plant.root.rglob("*") if path.is_file())
    assert b"Anna Berg" in everything
    assert not [text for text in (PIN, OTHER_PIN, BADGE, "90071353") if text.encode() in everything]
