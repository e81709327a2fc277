"""What a person reads before a release: counts, shares and intervals, and why a figure is not known."""

from dataclasses import replace

from station.cli.figures import rates_in_words, sentences_of
from station.domain.rates import Rate
from station.inference.parity import Parity
from station.learning.figures.estimate import Estimate
from station.learning.figures.report import EvaluationReport, KindReport


def report(missed: Rate, rejected: Rate, **reasons: str) -> EvaluationReport:
    return EvaluationReport(0.98, 0.961, None, None, None, None, missed, rejected, {"crack": {"FAIL": 37}}, None,
                            9.4, reasons=reasons)  # fmt: skip


def test_that_each_rate_is_said_with_count_share_and_interval():
    found, rejected, *_ = sentences_of(report(Rate(3, 40), Rate(0, 9)))
    assert found == "37 of 40 defects found; escapes: 7.5 % (3 of 40; 2.6 to 19.9 %)"
    assert rejected == "0 of 9 good parts rejected; overkill: 0.0 % (0 of 9; at most 29.9 %)"


def test_that_the_reason_is_said_beside_a_figure_that_was_counted_otherwise():
    lines = sentences_of(report(Rate(0, 0), Rate(1, 24), escapes="there is no defect", overkill="each held out once"))
    assert lines[0] == "escapes: not known (there is no defect)"
    assert lines[1].endswith("(1 of 24; 0.74 to 20.2 %) (each held out once)")


def test_that_unknown_figures_of_one_reason_share_a_line_and_reasons_alone_are_no_line():
    lines = sentences_of(report(Rate(0, 1), Rate(0, 1), pixel_auroc="no mask", aupro="no mask", pixel_f1="no mask"))
    assert "not known: pixel_auroc, aupro, pixel_f1 (no mask)" in lines
    assert "not known: image_f1_best, aupro_5, train_s, parity (not measured)" in lines
    assert not [line for line in lines if "reasons" in line]


def test_that_it_is_said_how_many_pictures_were_compared_with_the_trained_model():
    parity = Parity(pictures=60, max_difference=2e-6, mean_difference=1e-7, verdict_flips=0)
    lines = sentences_of(replace(report(Rate(0, 1), Rate(0, 1)), parity=parity))
    said = "60 pictures compared, 0 with another verdict; scores differ by at most 2e-06"
    assert f"exported model against the trained one: {said}" in lines
    assert not [line for line in lines if line.startswith("figures:") and "parity" in line]


def test_that_stored_figures_are_read_and_what_is_none_is_left_out():
    stored = report(Rate(1, 8), Rate(0, 6)).as_json()
    assert rates_in_words(stored) == [
        "7 of 8 defects found; escapes: 12.5 % (1 of 8; 2.2 to 47.1 %)",
        "0 of 6 good parts rejected; overkill: 0.0 % (0 of 6; at most 39.0 %)",
    ]
    assert rates_in_words({"train_s": 4.0}) == []
    assert rates_in_words({"escapes": {"count": 4, "n": 2}, "overkill": None}) == []


def test_that_a_figure_comes_with_its_interval_and_several_kinds_have_a_line_each():
    figures = {"image_auroc": Estimate(0.9), "aupro": Estimate(0.8, 0.7, 0.85), "spro": None}
    kinds = {"crack": KindReport(Rate(3, 40), figures), "dent": KindReport(Rate(0, 9), figures)}
    seen = replace(report(Rate(3, 49), Rate(1, 30)), intervals={"image_auroc": [0.91, 0.998]}, per_kind=kinds)
    lines = sentences_of(seen)
    assert any("image_auroc 0.98 (0.91 to 0.998), " in line for line in lines)
    (crack,) = (line for line in lines if line.startswith("crack: "))
    assert crack.startswith("crack: 37 of 40 defects found; escapes: 7.5 %")
    assert crack.endswith("image_auroc 0.9, aupro 0.8")
    assert not any(
        line.startswith("crack: ") for line in sentences_of(replace(seen, per_kind={"crack": kinds["crack"]}))
    )
