"""Whatever is done to the table behind the program's back is found and its place named; an honest trail is never
blamed, wherever a crash cut it off."""

import random
import sqlite3
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import StaticPool, create_engine

from station.domain.audit import AuditAction, AuditFact, AuditFilter
from station.domain.audit_chain import entry_hash
from station.storage.engine.database import Database
from station.storage.people import audit_head
from station.storage.people.audit_head import AuditHead
from station.storage.people.audit_log import AuditLog

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
TEXTS = ("person", "station", "action", "subject", "old", "new", "reason", "previous_hash", "hash")
WORDS = ("", "Ada", "Bo", "tile@3", "0.5", "0.55", "dust", "Ä\u202e", "x" * 60, "'; --", "\n", "🙂")
MOST = 12
FEW = 400


class Memory:
    """A database in memory, and the copy that each trial changes."""

    def __init__(self, folder: Path) -> None:
        Database.open(folder / "station.db").close()
        self._empty = sqlite3.connect(":memory:")
        with sqlite3.connect(folder / "station.db") as file:
            file.backup(self._empty)
        file.close()
        self._kept = sqlite3.connect(":memory:")
        self.plain = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
        engine = create_engine("sqlite://", creator=lambda: self.plain, poolclass=StaticPool)
        self.database = Database(engine, folder / "station.db")
        self.log = AuditLog(self.database, AuditHead(folder / "audit.head"), "Station 1")
        self.begin()

    def begin(self) -> None:
        """Go back to a trail without entries; the guards of the table are not there."""
        self._empty.backup(self.plain)
        for (name,) in self.plain.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            self.plain.execute(f"DROP TRIGGER {name}")

    def keep(self) -> None:
        """Keep the trail as it is now."""
        self.plain.backup(self._kept)

    def bring_back(self) -> None:
        """Go back to what was kept."""
        self._kept.backup(self.plain)

    def close(self) -> None:
        self.database.close()
        for connection in (self._empty, self._kept, self.plain):
            connection.close()


@pytest.fixture
def memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Memory]:
    monkeypatch.setattr(audit_head, "write_atomically", _written_at_once)
    made = Memory(tmp_path)
    yield made
    made.close()


def _written_at_once(path: Path, content: bytes) -> None:
    path.write_bytes(content)


def _append(log: AuditLog, chance: random.Random) -> None:
    texts = [chance.choice(WORDS) for _ in range(5)]
    person, subject, old, new, reason = texts
    action = chance.choice([action for action in AuditAction if action is not AuditAction.CHAIN_BROKEN])
    log.append(AuditFact(NOON + timedelta(seconds=chance.randint(0, 9)), person, action, subject, old, new, reason))


def _rows(plain: sqlite3.Connection) -> list[tuple[object, ...]]:
    return plain.execute(f"SELECT number, at, {', '.join(TEXTS)} FROM audit_log ORDER BY number").fetchall()


def _edit(plain: sqlite3.Connection, chance: random.Random, count: int) -> int:
    number, column = chance.randint(1, count), chance.choice(TEXTS)
    (before,) = plain.execute(f"SELECT {column} FROM audit_log WHERE number = ?", (number,)).fetchone()
    after = chance.choice([*WORDS, before + "x", before[1:], before.upper(), before[::-1], "0" * 64])
    if after == before:
        after = f"{before}."
    plain.execute(f"UPDATE audit_log SET {column} = ? WHERE number = ?", (after, number))
    return number


def _edit_bytes(plain: sqlite3.Connection, chance: random.Random, count: int) -> int:
    number = chance.randint(1, count)
    value = chance.choice(["CAST(X'ff' AS TEXT)", "reason || X'00'", "CAST(X'00' AS TEXT)"])
    plain.execute(f"UPDATE audit_log SET reason = {value} WHERE number = ?", (number,))
    return number


def _move_a_letter(plain: sqlite3.Connection, chance: random.Random, count: int) -> int | None:
    """Move the end of one text to the beginning of the next: joined, both are as before."""
    number, place = chance.randint(1, count), chance.randint(0, 5)
    first, second = TEXTS[place], TEXTS[place + 1]
    changed = plain.execute(
        f"UPDATE audit_log SET {first} = substr({first}, 1, length({first}) - 1), "
        f"{second} = substr({first}, length({first})) || {second} WHERE number = ? AND length({first}) > 0",
        (number,),
    ).rowcount
    return number if changed else None


def _edit_time(plain: sqlite3.Connection, chance: random.Random, count: int) -> int:
    number = chance.randint(1, count)
    plain.execute("UPDATE audit_log SET at = at + ? WHERE number = ?", (chance.choice([-1, 1, 10**9]), number))
    return number


def _edit_with_a_right_hash(plain: sqlite3.Connection, chance: random.Random, count: int) -> int:
    number = chance.randint(1, count)
    _, at, *texts, _ = next(row for row in _rows(plain) if row[0] == number)
    texts[6] = f"{texts[6]}!"
    digest = entry_hash(number, at, [text.encode() for text in texts])  # type: ignore[attr-defined, arg-type]
    plain.execute("UPDATE audit_log SET reason = ?, hash = ? WHERE number = ?", (texts[6], digest, number))
    return number


def _renumber(plain: sqlite3.Connection, chance: random.Random, count: int) -> int:
    number, other = chance.randint(1, count), chance.choice([0, -3, count + 1, count + 7])
    plain.execute("UPDATE audit_log SET number = ? WHERE number = ?", (other, number))
    return number


def _delete(plain: sqlite3.Connection, chance: random.Random, count: int) -> int:
    first = chance.randint(1, count)
    last = chance.randint(first, count)
    plain.execute("DELETE FROM audit_log WHERE number BETWEEN ? AND ?", (first, last))
    return first


def _delete_and_close_the_gap(plain: sqlite3.Connection, chance: random.Random, count: int) -> int:
    number = chance.randint(1, count)
    plain.execute("DELETE FROM audit_log WHERE number = ?", (number,))
    for later in range(number + 1, count + 1):
        plain.execute("UPDATE audit_log SET number = ? WHERE number = ?", (later - 1, later))
    return number


def _truncate(plain: sqlite3.Connection, chance: random.Random, count: int) -> int:
    first = chance.randint(1, count)
    plain.execute("DELETE FROM audit_log WHERE number >= ?", (first,))
    return first


def _swap(plain: sqlite3.Connection, chance: random.Random, count: int) -> int | None:
    if count < 2:
        return None
    first, second = sorted(chance.sample(range(1, count + 1), 2))
    for old, new in ((first, -1), (second, first), (-1, second)):
        plain.execute("UPDATE audit_log SET number = ? WHERE number = ?", (new, old))
    return first


Tampering = Callable[[sqlite3.Connection, random.Random, int], int | None]
WAYS: tuple[Tampering, ...] = (
    _edit, _edit_bytes, _move_a_letter, _edit_time, _edit_with_a_right_hash, _renumber, _delete,
    _delete_and_close_the_gap, _truncate, _swap,
)  # fmt: skip


def _tamper(memory: Memory, chance: random.Random, tries: int, ways: tuple[Tampering, ...] = WAYS) -> None:
    count = 0
    for n in range(tries):
        if n % 50 == 0:
            memory.begin()
            Path(memory.log._head._path).unlink(missing_ok=True)
            count = chance.randint(1, MOST)
            for _ in range(count):
                _append(memory.log, chance)
            memory.keep()
        memory.bring_back()
        way = chance.choice(ways)
        place = way(memory.plain, chance, count)
        state = memory.log.verify()
        found = state.broken and state.broken.number
        assert found == place, f"{way.__name__} at {place} of {count}, found {state}"


@pytest.mark.slow
@pytest.mark.parametrize("way", WAYS, ids=[way.__name__.strip("_") for way in WAYS])
def test_that_each_way_to_tamper_is_found_and_its_place_named(memory: Memory, way: Tampering) -> None:
    _tamper(memory, random.Random(way.__name__), 50, (way,))


@pytest.mark.slow
def test_that_random_tampering_is_found_and_its_place_named(memory: Memory) -> None:
    _tamper(memory, random.Random(11), FEW)


@pytest.mark.nightly
def test_that_ten_thousand_random_tamperings_are_found_and_their_places_named(memory: Memory) -> None:
    _tamper(memory, random.Random(4711), 10_000)


def test_that_a_trail_rewritten_from_an_entry_on_is_not_that_of_the_head(memory: Memory) -> None:
    chance = random.Random(3)
    for _ in range(9):
        _append(memory.log, chance)
    previous = ""
    for number, at, *texts in _rows(memory.plain):
        if number < 4:  # type: ignore[operator]
            previous = texts[8]  # type: ignore[assignment]
            continue
        texts[6], texts[7] = "rewritten", previous
        previous = entry_hash(number, at, [text.encode() for text in texts[:8]])  # type: ignore[attr-defined, arg-type]
        memory.plain.execute(
            "UPDATE audit_log SET reason = ?, previous_hash = ?, hash = ? WHERE number = ?",
            (texts[6], texts[7], previous, number),
        )
    state = memory.log.verify()
    assert state.broken is not None
    assert state.broken.sentence == "Entry 9 was changed: the head beside the table has another hash."


class Killed(BaseException):
    """The process ends here, at once: nothing behind it is carried out."""


class Kill:
    """Ends the process at one of the next steps to the disk."""

    def __init__(self, chance: random.Random, monkeypatch: pytest.MonkeyPatch) -> None:
        self._left = 0
        self._chance = chance
        monkeypatch.setattr(audit_head, "write_atomically", self._write_head)
        self._advance = AuditHead.advance
        monkeypatch.setattr(AuditHead, "advance", lambda head, newest: (self.step(), self._advance(head, newest)))

    def arm(self) -> None:
        """Kill at one of the next steps."""
        self._left = self._chance.randint(1, 8)

    def disarm(self) -> None:
        self._left = 0

    def step(self) -> None:
        """A step to the disk: the last one of a process that is killed."""
        if self._left:
            self._left -= 1
            if not self._left:
                raise Killed

    def _write_head(self, path: Path, content: bytes) -> None:
        """As `write_atomically`: the temporary, then the rename; it can be cut off before, between and behind."""
        self.step()
        temporary = path.with_name(".head.tmp")
        temporary.write_bytes(content)
        self.step()
        temporary.replace(path)
        self.step()


def _live(memory: Memory, kill: Kill, chance: random.Random, histories: int) -> None:
    for n in range(histories):
        if n % 6 == 0:
            memory.begin()
            Path(memory.log._head._path).unlink(missing_ok=True)
        acknowledged = memory.log.count()
        kill.arm()
        try:
            for _ in range(chance.randint(1, 3)):
                _append(memory.log, chance)
                acknowledged += 1
            if chance.random() < 0.3:
                memory.log.mark_verified(memory.log.verify(whole=False))
        except Killed:
            pass
        kill.disarm()
        for whole in (False, True):
            state = memory.log.verify(whole=whole)
            assert state.broken is None, f"history {n}: {state}"
            assert state.verified.number == state.newest >= acknowledged


@pytest.mark.slow
def test_that_an_honest_trail_is_never_blamed_wherever_it_was_cut_off(
    memory: Memory, monkeypatch: pytest.MonkeyPatch
) -> None:
    chance = random.Random(7)
    _live(memory, Kill(chance, monkeypatch), chance, FEW)
    assert memory.log.count(AuditFilter(action=AuditAction.CHAIN_BROKEN)) == 0


@pytest.mark.nightly
def test_that_ten_thousand_honest_trails_are_not_blamed(memory: Memory, monkeypatch: pytest.MonkeyPatch) -> None:
    chance = random.Random(1)
    _live(memory, Kill(chance, monkeypatch), chance, 10_000)
