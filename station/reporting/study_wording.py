"""The result of an attribute study in words: one wording for page, paper and command line."""

from collections.abc import Sequence

from station.domain.formatting import UNKNOWN, count_of, counted, interval, rate, share
from station.domain.rates import Rate
from station.domain.study.figures import (
    EFFECTIVENESS,
    FALSE_ALARM_RATE,
    KAPPA,
    MISS_RATE,
    AppraiserFigures,
    Grade,
    JudgedPart,
    Kappa,
    Scale,
    StudyFigures,
)
from station.domain.study.study import Answer, AppraiserKind

HEADINGS = ("Appraiser", "Repeatable", "Effective", "Missed", "False alarms", "Kappa", "Result")
PAIR_HEADINGS = ("Appraisers", "Same answer", "Kappa")
LIMIT_HEADINGS = ("Figure", "Acceptable", "Marginal", "Not acceptable")

NOTES = (
    "Effective: the parts that were judged right in every trial. Repeatable: the parts with the same answer in every "
    "trial.",
    "Missed and false alarms are counted by answers. Several answers for one part are not independent, so that their "
    "true range is somewhat wider than the one given.",
    "Ranges are 95 % intervals (Wilson). That of kappa rests on the number of parts.",
)


def kappa_words(kappa: Kappa) -> str:
    """Return kappa with its interval: "0.86 (0.78 to 0.94)"; "not defined" if every answer is the same."""
    if kappa.value is None:
        return "not defined" if kappa.parts else UNKNOWN
    return f"{kappa.value:.2f} ({kappa.low:.2f} to {kappa.high:.2f})"


def rows(figures: StudyFigures) -> tuple[tuple[str, ...], ...]:
    """Return one row for each appraiser, under HEADINGS."""
    return tuple(_row(each) for each in figures.appraisers)


def figure_rows(each: AppraiserFigures) -> tuple[tuple[str, str, str], ...]:
    """Return the figures of one appraiser, one below the other: name, grade ("" without limits), value."""
    grades = {scale: grade.words for scale, grade in each.grades}
    return (
        ("repeatable", "", _rate(each.repeatability)),
        ("effective", grades[EFFECTIVENESS], _rate(each.effectiveness)),
        ("missed", grades[MISS_RATE], _rate(each.misses)),
        ("false alarms", grades[FALSE_ALARM_RATE], _rate(each.false_alarms)),
        ("kappa to the reference", grades[KAPPA], kappa_words(each.with_reference)),
        ("kappa between trials", "", kappa_words(each.within)),
    )


def pair_rows(figures: StudyFigures) -> tuple[tuple[str, ...], ...]:
    """Return one row for each two appraisers, and one for all of them, under PAIR_HEADINGS."""
    pairs = tuple(
        (f"{each.first.name} and {each.second.name}", _rate(each.same), kappa_words(each.kappa))
        for each in figures.pairs
    )
    if not pairs:
        return ()
    return (*pairs, ("all, in every trial", _rate(figures.between), kappa_words(figures.between_kappa)))


def limit_rows() -> tuple[tuple[str, ...], ...]:
    """Return the limits of AIAG, under LIMIT_HEADINGS."""
    return tuple(
        (scale.name, f"{_bound(scale)} {_figure(scale, scale.acceptable)}",
         f"{_bound(scale)} {_figure(scale, scale.marginal)}", "beyond")
        for scale in (EFFECTIVENESS, MISS_RATE, FALSE_ALARM_RATE, KAPPA)
    )  # fmt: skip


def sentences(figures: StudyFigures) -> tuple[str, ...]:
    """Return what the study says, sentence by sentence: each appraiser, and all together."""
    said = [sentence for each in figures.appraisers for sentence in _of_appraiser(each)]
    if figures.all_right.n:
        said.append(f"Every answer is right for {_of_parts(figures.all_right)}.")
    if figures.between.n:
        said.append(f"All appraisers say the same in every trial of {_of_parts(figures.between)}.")
    return tuple(said)


def disagreement_words(judged: JudgedPart, figures: StudyFigures) -> str:
    """Return what was said of a part: "part 7, defect (scratch): Anna good, defect; cookie@3 defect, defect"."""
    names = {each.number: each.name for each in figures.study.appraisers}
    kind = f" ({judged.part.kind})" if judged.part.kind else ""
    said = "; ".join(f"{names[number]} {', '.join(given)}" for number, given in judged.answers)
    return f"part {judged.part.number}, {judged.part.reference}{kind}: {said}"


def title(figures: StudyFigures) -> str:
    """Return the title: "Attribute study 3: cookie"."""
    study = figures.study
    view = f", {study.view}" if study.view else ""
    return f"Attribute study {study.number}: {study.product}{view}"


def setup_words(figures: StudyFigures) -> str:
    """Return how the study is made: "20 good parts, 20 defects, 3 trials, 2 people and 1 model"."""
    study = figures.study
    good = sum(part.reference is Answer.GOOD for part in study.parts)
    people = sum(each.kind is AppraiserKind.PERSON for each in study.appraisers)
    models = len(study.appraisers) - people
    named = ((people, "person", "people"), (models, "model", "models"))
    who = " and ".join(counted(count, one, many) for count, one, many in named if count)
    parts = f"{counted(good, 'good part')}, {counted(len(study.parts) - good, 'defect')}"
    return f"{parts}, {counted(study.trials, 'trial')}, {who}"


def _row(each: AppraiserFigures) -> tuple[str, ...]:
    result = each.grade.words if each.complete else f"{each.answered} of {each.of} answers"
    return (
        each.appraiser.name,
        _rate(each.repeatability),
        _rate(each.effectiveness),
        _rate(each.misses),
        _rate(each.false_alarms),
        kappa_words(each.with_reference),
        result,
    )


def _rate(value: Rate) -> str:
    return rate(value) if value.n else UNKNOWN


def _of_parts(value: Rate) -> str:
    return f"{count_of(value)} parts: {share(value.value)} ({interval(value).partition('; ')[2]})"


def _of_appraiser(each: AppraiserFigures) -> list[str]:
    name = each.appraiser.name
    if not each.complete:
        return [f"{name} has given {each.answered} of {each.of} answers; the result is open."]
    said = [_verdict(each)]
    if doubts := _doubts(each):
        said.append(f"{name}: with this number of parts the 95 % intervals reach into a worse result: {doubts}.")
    if each.with_reference.value is None:
        said.append(f"{name}: {each.with_reference.undefined} Choose parts of which about half are defects.")
    if each.not_inspected:
        said.append(
            f"{name}: NOT INSPECTED was answered {counted(each.not_inspected, 'time')}. Such an answer finds no "
            "defect and passes no good part, so it counts as a miss or as a false alarm."
        )
    return said


def _verdict(each: AppraiserFigures) -> str:
    name, grade = each.appraiser.name, each.grade
    if grade is Grade.ACCEPTABLE:
        return f"{name} is acceptable: every figure keeps the limit of AIAG."
    if grade is Grade.UNKNOWN:
        return f"{name}: what is known keeps the limits of AIAG, but not every figure is known."
    worst = [scale for scale, given in each.grades if given is grade]
    named = ", ".join(f"{scale.name} {_figure(scale, _value(each, scale))} ({_limit(scale, grade)})" for scale in worst)
    return f"{name} is {grade.words}: {named}."


def _limit(scale: Scale, grade: Grade) -> str:
    word = "acceptable" if grade is Grade.MARGINAL else "marginal"
    limit = scale.acceptable if grade is Grade.MARGINAL else scale.marginal
    return f"{_bound(scale)} {_figure(scale, limit)} is {word}"


def _doubts(each: AppraiserFigures) -> str:
    """Return the figures whose interval reaches into a worse grade than their own, with the bound."""
    doubts = []
    for scale, grade in each.grades:
        value, bound = _value(each, scale), _worst_bound(each, scale)
        if value is not None and scale.grade(bound) > grade:
            doubts.append(f"{scale.name} {_figure(scale, bound)}")
    return ", ".join(doubts)


def _value(each: AppraiserFigures, scale: Scale) -> float | None:
    return each.with_reference.value if scale is KAPPA else _rate_of(each, scale).value


def _worst_bound(each: AppraiserFigures, scale: Scale) -> float:
    low, high = (
        (each.with_reference.low, each.with_reference.high) if scale is KAPPA else _rate_of(each, scale).interval
    )
    return low if scale.more_is_better else high


def _rate_of(each: AppraiserFigures, scale: Scale) -> Rate:
    return {EFFECTIVENESS: each.effectiveness, MISS_RATE: each.misses}.get(scale, each.false_alarms)


def _figure(scale: Scale, value: float | None) -> str:
    if value is None:
        return UNKNOWN
    return f"{value:.2f}" if scale is KAPPA else share(value)


def _bound(scale: Scale) -> str:
    return "from" if scale.more_is_better else "up to"


def lines(figures: StudyFigures) -> Sequence[str]:
    """Return the whole result as lines for a terminal."""
    said = [f"{title(figures)}: {setup_words(figures)}"]
    for row in rows(figures):
        said.append("  ".join(f"{name.lower()} {cell}" if place else cell
                              for place, (name, cell) in enumerate(zip(HEADINGS, row, strict=True))))  # fmt: skip
    said += [f"{names}: same answer {same}, kappa {kappa}" for names, same, kappa in pair_rows(figures)]
    said += sentences(figures)
    said += [disagreement_words(each, figures) for each in figures.disagreements]
    return said
