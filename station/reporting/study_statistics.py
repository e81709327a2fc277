"""The figures of an attribute study, from its answers alone.

Effectiveness, miss rate and false-alarm rate are those of AIAG (Measurement Systems Analysis, 4th edition): a part is
judged effectively if it is judged right in every trial; misses and false alarms are counted by answers. Kappa is
that of Cohen (Educational and Psychological Measurement 20, 1960) for two, and of Fleiss (Psychological Bulletin 76,
1971) for more.
"""

import math
from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from itertools import combinations

from station.domain.rates import Rate, wilson_interval
from station.domain.study.figures import AppraiserFigures, JudgedPart, Kappa, PairFigures, StudyFigures
from station.domain.study.study import Answer, Appraiser, Study, StudyAnswer

Given = Mapping[int, Mapping[int, Answer]]
"""The answers of one appraiser: by the part's number, and in it by the trial."""

_ROUNDING = 1e-12


def figures_of(study: Study, answers: Iterable[StudyAnswer]) -> StudyFigures:
    """Return all figures of a study. The order of the answers does not matter.

    A part counts for repeatability, effectiveness and agreement between appraisers if all its trials were answered;
    an appraiser that has not begun is left out of what is said about all of them.
    """
    given = _by_appraiser(study, answers)
    begun = [each for each in study.appraisers if given[each.number]]
    judged = _judged_by_all(study, begun, given)
    references = [study.part(number).reference for number in judged]
    unanimous = [len(set(said)) == 1 for said in judged.values()]
    right = [set(said) == {reference} for said, reference in zip(judged.values(), references, strict=True)]
    return StudyFigures(
        study,
        tuple(_figures(study, each, given[each.number]) for each in study.appraisers),
        tuple(_pair(study, first, second, given) for first, second in combinations(begun, 2)),
        Rate(sum(unanimous), len(unanimous)) if len(begun) > 1 else Rate(0, 0),
        _fleiss_of(list(judged.values()) if len(begun) > 1 else [], "appraisers"),
        Rate(sum(right), len(right)),
        _disagreements(study, given),
    )


def cohen_kappa(pairs: Sequence[tuple[Hashable, Hashable]], parts: int) -> Kappa:
    """Return Cohen's kappa of pairs of answers for the same parts.

    Args:
        pairs: What the two said; several pairs may be of one part.
        parts: How many parts they are of. The interval rests on these: answers for one part are not independent.
    """
    if not pairs:
        return Kappa(None, undefined="There is nothing to compare yet.")
    first, second = Counter(one for one, _ in pairs), Counter(two for _, two in pairs)
    observed = sum(one == two for one, two in pairs) / len(pairs)
    by_chance = math.fsum(first[each] * second[each] for each in first) / len(pairs) ** 2
    return _beyond_chance(observed, by_chance, parts, _only(first + second))


def fleiss_kappa(judged: Sequence[Sequence[Hashable]]) -> Kappa:
    """Return Fleiss' kappa of several answers for each part.

    Args:
        judged: The answers for each part; every part has as many, at least two.
    """
    if not judged:
        return Kappa(None, undefined="There is nothing to compare yet.")
    raters = len(judged[0])
    counted = [Counter(said) for said in judged]
    pairs = raters * (raters - 1)
    observed = math.fsum(sum(n * (n - 1) for n in each.values()) / pairs for each in counted) / len(judged)
    total = Counter(answer for said in judged for answer in said)
    by_chance = math.fsum((n / total.total()) ** 2 for n in total.values())
    return _beyond_chance(observed, by_chance, len(judged), _only(total))


def _beyond_chance(observed: float, by_chance: float, parts: int, only: Hashable | None) -> Kappa:
    """Return kappa with its interval: Wilson's of the observed agreement of parts, carried through the formula.

    The usual standard error is 0 at perfect agreement, and its interval much too narrow near it (docs/decisions/0023).
    """
    if only is not None:
        sentence = (
            f"Every answer is \u201c{only}\u201d, so that chance alone would agree as well: kappa is not defined."
        )
        return Kappa(None, parts=parts, undefined=sentence)
    low, high = wilson_interval(min(observed, 1.0), parts)
    value, low, high = ((each - by_chance) / (1 - by_chance) for each in (observed, low, high))
    value = 1.0 if observed >= 1 - _ROUNDING else value
    return Kappa(value, max(-1.0, min(low, value)), min(1.0, max(high, value)), parts)


def _only(total: Counter[Hashable]) -> Hashable | None:
    """Return the answer that was given if no other was."""
    said = [answer for answer, count in total.items() if count]
    return said[0] if len(said) == 1 else None


def _figures(study: Study, appraiser: Appraiser, given: Given) -> AppraiserFigures:
    whole = {part: list(said.values()) for part, said in given.items() if len(said) == study.trials}
    every = [(answer, study.part(part).reference) for part, said in given.items() for answer in said.values()]
    right = [set(said) == {study.part(part).reference} for part, said in whole.items()]
    of_defects = [answer for answer, reference in every if reference is Answer.DEFECT]
    of_good = [answer for answer, reference in every if reference is Answer.GOOD]
    repeated = [len(set(said)) == 1 for said in whole.values()] if study.trials > 1 else []
    return AppraiserFigures(
        appraiser,
        answered=len(every),
        of=study.answers_each,
        not_inspected=sum(answer is Answer.NOT_INSPECTED for answer, _ in every),
        repeatability=Rate(sum(repeated), len(repeated)),
        effectiveness=Rate(sum(right), len(right)),
        right=Rate(sum(answer is reference for answer, reference in every), len(every)),
        misses=Rate(sum(answer is not Answer.DEFECT for answer in of_defects), len(of_defects)),
        false_alarms=Rate(sum(answer is not Answer.GOOD for answer in of_good), len(of_good)),
        within=_fleiss_of(list(whole.values()) if study.trials > 1 else [], "trials"),
        with_reference=cohen_kappa(every, len(given)),
    )


def _fleiss_of(judged: Sequence[Sequence[Answer]], what: str) -> Kappa:
    if not judged or len(judged[0]) < 2:
        return Kappa(None, undefined=f"It takes two {what} to compare.")
    return fleiss_kappa(judged)


def _pair(study: Study, first: Appraiser, second: Appraiser, given: Mapping[int, Given]) -> PairFigures:
    ones, others = given[first.number], given[second.number]
    both = [
        (part, said[trial], others[part][trial])
        for part, said in ones.items()
        for trial in said
        if trial in others.get(part, {})
    ]
    pairs = [(one, other) for _, one, other in both]
    same = Rate(sum(one is other for one, other in pairs), len(pairs))
    return PairFigures(first, second, same, cohen_kappa(pairs, len({part for part, _, _ in both})))


def _by_appraiser(study: Study, answers: Iterable[StudyAnswer]) -> dict[int, dict[int, dict[int, Answer]]]:
    given: dict[int, dict[int, dict[int, Answer]]] = {each.number: {} for each in study.appraisers}
    for each in sorted(answers, key=lambda one: (one.part, one.trial)):
        given[each.appraiser].setdefault(each.part, {})[each.trial] = each.answer
    return given


def _judged_by_all(
    study: Study, begun: Sequence[Appraiser], given: Mapping[int, Given]
) -> dict[int, tuple[Answer, ...]]:
    """Return all answers for each part that every appraiser who has begun judged in every trial."""
    if not begun:
        return {}
    every = {
        part.number: tuple(answer for each in begun for answer in given[each.number].get(part.number, {}).values())
        for part in study.parts
    }
    return {number: said for number, said in every.items() if len(said) == len(begun) * study.trials}


def _disagreements(study: Study, given: Mapping[int, Given]) -> tuple[JudgedPart, ...]:
    judged = (
        JudgedPart(
            part,
            tuple(
                (each.number, tuple(given[each.number][part.number].values()))
                for each in study.appraisers
                if part.number in given[each.number]
            ),
        )
        for part in study.parts
    )
    return tuple(sorted((each for each in judged if each.wrong), key=lambda each: (-each.wrong, each.part.number)))
