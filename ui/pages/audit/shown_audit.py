"""What the audit page shows, in words; made from what the station knows, without a widget."""

from dataclasses import dataclass, replace

from station.domain.audit import AuditEntry, AuditFilter
from station.domain.audit_chain import ChainState
from station.domain.formatting import counted, day_and_year
from station.domain.shift import ShiftWindow

HEADINGS = ("No.", "At", "Person", "What", "Of", "Old \u2192 new", "Why")
NOT_VERIFIED = "Not verified yet. Verify all follows the chain from its first entry."
_NOTHING = "Nothing was written down yet. Entries come by themselves: a log-in, a start, a changed limit."
_NOTHING_FOUND = "No entry meets these conditions. Choose others above."


@dataclass(frozen=True, slots=True)
class Wanted:
    """The conditions that a person chose.

    Attributes:
        person, action: The whole word; "" for any.
        window: Of which shift; None for any time.
        subject: A part of the subject.
    """

    person: str = ""
    action: str = ""
    window: ShiftWindow | None = None
    subject: str = ""

    @property
    def filter(self) -> AuditFilter:
        """Return the conditions as the station takes them."""
        all_times = AuditFilter(person=self.person, action=self.action, subject=self.subject.strip())
        window = self.window
        return all_times if window is None else replace(all_times, since=window.start, until=window.end)


def cells_of(entry: AuditEntry, zone: str) -> tuple[str, ...]:
    """Return an entry as the cells of one row."""
    at = day_and_year(entry.at, zone)
    return (
        str(entry.number), at, entry.person or "station", entry.action, entry.subject, change_of(entry), entry.reason
    )  # fmt: skip


def change_of(entry: AuditEntry) -> str:
    """Return the old and the new value: "0.5 -> 0.6" with an arrow; one of them alone if there is only one."""
    if entry.old and entry.new:
        return f"{entry.old} \u2192 {entry.new}"
    return entry.new or (f"{entry.old} \u2192 nothing" if entry.old else "")


def chain_in_words(state: ChainState | None, zone: str) -> str:
    """Return how much of the chain was verified and when, or what is broken."""
    if state is None:
        return NOT_VERIFIED
    at = day_and_year(state.at, zone)
    if state.broken is not None:
        return f"Broken: {state.broken.sentence} Verified up to entry {state.verified.number} on {at}."
    rest = state.newest - state.verified.number
    more = f"; {counted(rest, 'entry', 'entries')} behind it not yet" if rest > 0 else ""
    return f"Verified to entry {state.verified.number} on {at}{more}."


def count_in_words(count: int, wanted: Wanted) -> str:
    """Return how many entries are shown; what to do if there is none."""
    if count:
        return counted(count, "entry", "entries")
    return _NOTHING if wanted == Wanted() else _NOTHING_FOUND
