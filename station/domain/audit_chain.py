"""How the entries of the audit trail are chained by their hashes, and how a broken link is found."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from station.domain.digest import sha256_hex

GENESIS = "0" * 64
"""In place of the hash of the entry before the first one."""


@dataclass(frozen=True, slots=True)
class Link:
    """A place in the chain: the number of an entry and its hash."""

    number: int
    hash: str


_FORM = b"%d,%d," + 8 * b"%d:%b"
START = Link(0, GENESIS)
"""The place before the first entry."""

RawEntry = tuple[int, int, bytes, bytes, bytes, bytes, bytes, bytes, bytes, bytes, bytes]
"""An entry as it is stored: number, UTC microseconds since 1970, person, station, action, subject, old, new, reason,
previous hash, hash; each text in UTF-8."""


@dataclass(frozen=True, slots=True)
class ChainBreak:
    """A place at which the chain is not what was recorded.

    Attributes:
        number: The entry that was changed or is missing.
        sentence: What is wrong, for people.
    """

    number: int
    sentence: str


@dataclass(frozen=True, slots=True)
class ChainState:
    """How much of the chain was verified, and when.

    Attributes:
        verified: The last entry up to which every link holds.
        newest: The number of the newest entry.
        at: When this was found out, UTC.
        broken: The first broken link; None if every verified link holds.
    """

    verified: Link
    newest: int
    at: datetime
    broken: ChainBreak | None = None


def canonical(number: int, at_us: int, texts: Sequence[bytes]) -> bytes:
    r"""Return an entry as the bytes that are hashed: no two entries have the same ones.

    Every text has its length before it, so none can be moved from one field to the next: "7,5,2:ab0:".

    Args:
        number: The entry's number.
        at_us: UTC microseconds since 1970.
        texts: Person, station, action, subject, old, new, reason, previous hash; in UTF-8.
    """
    a, b, c, d, e, f, g, h = texts
    # One format for all of them: a million entries are verified in seconds.
    return _FORM % (
        number, at_us, len(a), a, len(b), b, len(c), c, len(d), d, len(e), e, len(f), f, len(g), g, len(h), h
    )  # fmt: skip


def entry_hash(number: int, at_us: int, texts: Sequence[bytes]) -> str:
    """Return the SHA-256 of an entry, 64 hexadecimal digits; see `canonical`."""
    return sha256_hex(canonical(number, at_us, texts))


class ChainCheck:
    """Follows the chain entry by entry; no entry is read twice.

    Attributes:
        link: The last entry up to which every link holds.
        broken: The first broken link; None as long as every link holds.
    """

    def __init__(self, after: Link = START, known: Link = START) -> None:
        """Start behind a verified entry.

        Args:
            after: The entry behind which to begin.
            known: The newest entry that the head outside the table knows: it must be there, with this hash.
        """
        self.link = after
        self.broken: ChainBreak | None = None
        self._known = known
        if after.number == known.number and after.hash != known.hash:
            self.broken = _unlike_head(known)

    def follow(self, entries: Iterable[RawEntry]) -> bool:
        """Check entries in the order of their numbers, until the first that is wrong. Return whether all are right.

        If `entries` raises, it was followed up to there.
        """
        if self.broken:
            return False
        number, previous = self.link.number, self.link.hash.encode()
        known, known_hash = self._known.number, self._known.hash.encode()
        try:
            for entry in entries:
                self.broken = _problem(entry, number + 1, previous)
                if self.broken is None and number + 1 == known and entry[10] != known_hash:
                    self.broken = _unlike_head(self._known)
                if self.broken:
                    return False
                number, previous = number + 1, entry[10]
        finally:
            self.link = Link(number, previous.decode())
        return True

    def end(self) -> ChainBreak | None:
        """Return what is wrong with the chain after its last entry, or before it."""
        if self.broken is None and self.link.number < self._known.number:
            first = self.link.number + 1
            self.broken = ChainBreak(first, f"{_missing(first, self._known.number)}: the audit trail was cut off.")
        return self.broken


def _problem(entry: RawEntry, number: int, previous: bytes) -> ChainBreak | None:
    """Return what is wrong with an entry, of which the number and the hash of the one before are known."""
    if entry[0] != number:
        return _misnumbered(number, entry[0])
    try:
        right = entry_hash(number, entry[1], entry[2:10]).encode() == entry[10]
    except TypeError:  # a table that was replaced by another one can hold anything
        right = False
    if not right:
        return ChainBreak(number, f"Entry {number} was changed: it does not have its hash.")
    if entry[9] != previous:
        before = max(number - 1, 1)
        return ChainBreak(before, f"Entry {before} was changed: entry {number} follows another one.")
    return None


def _misnumbered(number: int, found: int) -> ChainBreak:
    if found > number:
        return ChainBreak(number, f"{_missing(number, found - 1)}.")
    return ChainBreak(number, f"Entry {number} is missing: another entry {found} is in its place.")


def _missing(first: int, last: int) -> str:
    return f"Entry {first} is missing" if first == last else f"The entries {first} to {last} are missing"


def _unlike_head(known: Link) -> ChainBreak:
    return ChainBreak(known.number, f"Entry {known.number} was changed: the head beside the table has another hash.")
