"""Which labelled pictures become the parts of a study: at random, no two of one part, none that a model has learned."""

from collections.abc import Collection, Sequence
from itertools import chain, zip_longest

from station.domain.dataset import DatasetItem, Label
from station.domain.digest import sha256_hex
from station.domain.errors import BadInputError
from station.domain.study.study import Answer, StudyPart, StudyPlan
from station.domain.synthetic import is_synthetic

_REFERENCES = {Label.GOOD: Answer.GOOD, Label.DEFECT: Answer.DEFECT}


def choose_parts(
    items: Sequence[DatasetItem], plan: StudyPlan, seed: int, learned: Collection[str] = ()
) -> tuple[StudyPart, ...]:
    """Return the parts of a study, numbered at random. The same items and the same seed give the same parts.

    Of near-repeats and of pictures of one part only one is chosen, and a synthetic defect never is. Defects are taken
    from each kind in turn, so that a rare kind is among them.

    Args:
        items: The working set.
        plan: How many of each are wanted.
        seed: Decides the lot.
        learned: SHA-256 of pictures that a model of the study has learned; what looks as one of them is left out too.

    Raises:
        BadInputError: Fewer can be had.
    """
    known = {each.group for each in items if each.picture_sha256 in set(learned)}
    drawn = sorted((each for each in items if each.group not in known), key=lambda each: _lot(seed, each))
    kinds: dict[str, list[DatasetItem]] = {}
    for each in _one_of_each_group([each for each in drawn if each.label is not Label.UNLABELLED]):
        kinds.setdefault(each.kind, []).append(each)
    good = kinds.pop("", [])
    real = [found for kind, found in kinds.items() if not is_synthetic(kind)]
    defects = list(filter(None, chain.from_iterable(zip_longest(*real))))
    _require(plan.good, good, "good parts", plan, learned)
    _require(plan.defects, defects, "defects", plan, learned)
    chosen = sorted(good[: plan.good] + defects[: plan.defects], key=lambda each: _lot(seed + 1, each))
    return tuple(_part(number, each) for number, each in enumerate(chosen, 1))


def _one_of_each_group(items: Sequence[DatasetItem]) -> tuple[DatasetItem, ...]:
    return tuple({each.group: each for each in reversed(items)}.values())[::-1]


def _require(
    wanted: int, found: Sequence[DatasetItem], what: str, plan: StudyPlan, learned: Collection[str]
) -> None:  # fmt: skip
    if len(found) < wanted:
        but = "; pictures that a model of the study has learned do not count" if learned else ""
        raise BadInputError(
            f"{wanted} {what} of '{plan.product}' are wanted, and {len(found)} different ones are labelled{but}.",
            "Label more pictures on the Datasets page, or choose fewer.",
        )


def _part(number: int, item: DatasetItem) -> StudyPart:
    by = f"label of the dataset by {item.labelled_by}" if item.labelled_by else "label of the dataset"
    return StudyPart(number, item.item_id, item.picture_sha256, _REFERENCES[item.label], item.kind, by)


def _lot(seed: int, item: DatasetItem) -> str:
    return sha256_hex(f"{seed}/{item.item_id}".encode())
