"""An evaluation with every figure, to be shown and exported."""

from datetime import UTC, datetime

from station.domain.evaluation import Evaluation, Figure, JudgedPicture, KindFigures, ParityFigures
from station.domain.rates import Rate
from station.domain.verdict import Verdict

AT = datetime(2026, 11, 28, 9, 30, tzinfo=UTC)


def evaluation(revision: int = 3, escapes: int = 1, recipe: str = "tile") -> Evaluation:
    """40 defects of two kinds and 100 good parts; one kind has a name that MLflow refuses."""
    judged = [_crack(number, escaped=number < escapes) for number in range(20)]
    judged += [JudgedPicture(f"test/rough @5%/{n:03}.png", "rough @5%", 0.8, Verdict.FAIL) for n in range(20)]
    judged += [JudgedPicture(f"test/good/{n:03}.png", "good", 0.1, Verdict.PASS) for n in range(100)]
    figures = {
        "image_auroc": Figure(0.982, 0.961, 0.994),
        "pixel_auroc": Figure(0.97),
        "aupro": Figure(0.91),
        "spro": Figure(None),
    }
    return Evaluation(
        recipe,
        revision,
        "",
        "21f29c2451269052",
        AT,
        0.5,
        figures,
        Rate(escapes, 40),
        Rate(0, 100),
        {"crack": {"PASS": escapes, "FAIL": 20 - escapes}, "good": {"PASS": 100}, "rough @5%": {"FAIL": 20}},
        (KindFigures("crack", Rate(escapes, 20), figures), KindFigures("rough @5%", Rate(0, 20), figures)),
        36.0,
        9.4,
        ParityFigures(60, 2e-5, 1e-6, 0),
        ("learned from labelled defects: crack",),
        tuple(judged),
    )


def _crack(number: int, *, escaped: bool) -> JudgedPicture:
    score, verdict = (0.3, Verdict.PASS) if escaped else (0.9, Verdict.FAIL)
    return JudgedPicture(f"test/crack/{number:03}.png", "crack", score, verdict)
