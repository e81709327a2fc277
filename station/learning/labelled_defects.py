"""What labelled defects taught, as the training reports it: which kinds, and how well they are found unlearned."""

from pathlib import Path

from pydantic import BaseModel, ConfigDict, JsonValue

from station.domain.formatting import counted, one_or_many

FEW_LABELS = 5


class KindLeftOut(BaseModel):
    """How well one kind of defect is found by a head that never saw it, against held-out good parts.

    Attributes:
        kind: The kind of defect.
        labels: Number of labelled defects.
        auroc_by_distance, auroc: Chance that one of them scores above a good part, by the distance from good parts
            alone, and with the labels of the other kinds.
        caught_by_distance, caught: How many of them lie above the limit that 4 % of held-out good parts exceed.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: str
    labels: int
    auroc_by_distance: float
    auroc: float
    caught_by_distance: int
    caught: int


class LabelledDefects(BaseModel):
    """What labelled defects taught.

    Attributes:
        learned: Whether they have a say; if not, they would have found fewer of themselves, left out, than the
            distance from good parts alone, and the model is the same as without them.
        kinds: Number of labelled defects of each kind.
        masked: How many of them have a mask that marks something.
        caught_by_distance, caught: How many of them lie above the limit that 4 % of held-out good parts exceed, each
            by a head made without it: by distance alone, and with the others' labels.
        kinds_left_out: The same for each kind by heads made without the kind; empty if there is only one.
        maps: File of the raw anomaly map of each labelled defect by a head made without it, `numpy` format, float32
            (m, gh, gw).
        inputs: SHA-256 of the model's input of each picture of a labelled defect, by its name. The different ones, in
            the order in which they come first, are in the order of the maps; equal pictures count once.
        added: What the whole part adds to the highest place of each map; empty if it is not checked.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    learned: bool
    kinds: dict[str, int]
    masked: int
    caught_by_distance: int
    caught: int
    kinds_left_out: tuple[KindLeftOut, ...]
    maps: Path
    inputs: dict[str, str]
    added: tuple[float, ...] = ()

    @property
    def count(self) -> int:
        """Return the number of labelled defects."""
        return sum(self.kinds.values())

    def as_json(self) -> dict[str, JsonValue]:
        """Return it by the names of the command line's JSON."""
        return {
            "defects_learned": self.learned,
            "labels": self.count,
            "labels_with_mask": self.masked,
            "labels_caught": self.caught,
            "labels_caught_without": self.caught_by_distance,
            "kinds_learned": dict(self.kinds) if self.learned else {},
            "kinds_left_out": {
                each.kind: {key: value for key, value in each.model_dump().items() if key != "kind"}
                for each in self.kinds_left_out
            },
            "rests_on": self.rests_on,
        }

    @property
    def rests_on(self) -> str:
        """Return what few labels or labels without masks mean, or that none is found; "" if all is well."""
        few = f"only {counted(self.count, 'labelled defect')}"
        without = self.count - self.masked
        if self.count < FEW_LABELS:
            return f"The model rests on {few}: with {FEW_LABELS} or more it finds clearly more."
        if not self.caught:
            return "No labelled defect is found, left out: look whether the labels and the masks are right."
        if not self.caught:
            return "No labelled defect is found, left out: look whether the labels and the masks are right."
        if without:
            share = (
                "no labelled defect has a mask"
                if not self.masked
                else f"{without} of {self.count} {one_or_many(without, 'has', 'have')} no mask"
            )
            return f"Where the defects are was guessed, because {share}: marked places teach more."
        return ""

    def sentences(self) -> list[str]:
        """Return what was learned, in lines for a person who decides whether to release the model."""
        listed = ", ".join(f"{count} {kind}" for kind, count in self.kinds.items())
        verb = one_or_many(self.caught, "is", "are")
        found = f"left out, {self.caught} of {self.count} {verb} found (without labels {self.caught_by_distance})"
        if not self.learned:
            return [
                f"defects not learned: {listed}; {found}, so the model rests on good parts alone",
                *self._of_repeats(),
                *([self.rests_on] if self.count < FEW_LABELS else []),
            ]
        lines = [f"defects learned: {listed}; {found}", *self._of_repeats()]
        lines += [
            f"{each.kind} never labelled: AUROC {each.auroc:.3f} (without labels {each.auroc_by_distance:.3f}), "
            f"{each.caught} of {each.labels} found (without labels {each.caught_by_distance})"
            for each in self.kinds_left_out
        ]
        if len(self.kinds) == 1:
            lines.append(f"only {next(iter(self.kinds))} is labelled: how well other kinds are found then is not known")
        return [*lines, *([self.rests_on] if self.rests_on else [])]

    def _of_repeats(self) -> list[str]:
        repeats = len(self.inputs) - len(set(self.inputs.values()))
        return [f"pictures of labelled defects that are equal to another one and count once: {repeats}"] * bool(repeats)
