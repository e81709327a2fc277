"""Which parts of the line are collected into a working set, and why."""

from dataclasses import dataclass

from station.domain.errors import BadInputError

_MOST = 1_000_000


@dataclass(frozen=True, slots=True)
class CollectionPolicy:
    """Which parts are collected; each rule that is 0 or False collects nothing.

    Attributes:
        every_nth_pass: Of the parts that passed, at most one in this number.
        near_limit: Parts whose score is at most this far from the limit, normalised: 0.05.
        disputed: Parts of which a person said that the verdict is wrong.
        reviewed: Parts with the verdict REVIEW that a person answered.
        most_items: No more parts than this are collected.
        most_gb: Nor more than this, 10^9 bytes.
    """

    every_nth_pass: int = 0
    near_limit: float = 0.0
    disputed: bool = False
    reviewed: bool = False
    most_items: int = 2000
    most_gb: float = 20.0

    def __post_init__(self) -> None:
        whole = 0 <= self.every_nth_pass <= _MOST and 1 <= self.most_items <= _MOST
        if not (whole and 0 <= self.near_limit <= 1 and 0 < self.most_gb <= _MOST):
            raise BadInputError(
                f"Parts cannot be collected by {self}.",
                "Give whole numbers from 0, a distance from 0 to 1, and a cap above 0.",
            )

    @property
    def collects(self) -> bool:
        """Return whether any rule is on."""
        return bool(self.every_nth_pass or self.near_limit or self.disputed or self.reviewed)

    def words(self) -> str:
        """Return the rules in words: "1 in 50 that passed, disputed; at most 2000 parts or 20 GB"."""
        rules = [
            f"1 in {self.every_nth_pass} that passed" if self.every_nth_pass else "",
            f"within {self.near_limit:g} of the limit" if self.near_limit else "",
            "disputed" if self.disputed else "",
            "reviewed" if self.reviewed else "",
        ]
        if not self.collects:
            return "nothing is collected from the line"
        return f"{', '.join(filter(None, rules))}; at most {self.most_items} parts or {self.most_gb:g} GB"


@dataclass(frozen=True, slots=True)
class CollectionState:
    """How far the collection of a product has come.

    Attributes:
        policy: The rules in force.
        items: Number of pictures that came from the line.
        bytes_used: Of their files.
    """

    policy: CollectionPolicy
    items: int
    bytes_used: int

    @property
    def full(self) -> bool:
        """Return whether a cap is reached, so that nothing more is collected."""
        return self.items >= self.policy.most_items or self.bytes_used >= self.policy.most_gb * 1e9


NO_POLICY = CollectionPolicy()
