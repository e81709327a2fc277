"""Parity: pictures, differences and flips of the exported model against the trained detector."""

import pytest

from station.domain.digest import sha256_hex
from station.domain.errors import FaultError
from station.inference.normalisation import Normalisation
from station.learning.parity import parity_of, require_same_verdicts

FILES = {name: sha256_hex(name.encode()) for name in ("a", "b", "c")}
AT_2 = Normalisation(image_threshold_raw=2, image_scale_raw=0.5, pixel_threshold_raw=2, pixel_scale_raw=0.5)


def test_that_equal_scores_differ_by_nothing():
    parity = parity_of({"a": 1.0, "b": 3.0}, {"b": 3.0, "a": 1.0, "another": 9.0}, FILES, AT_2)
    assert (parity.pictures, parity.max_difference, parity.verdict_flips) == (2, 0, 0)


def test_that_a_verdict_that_flips_is_counted_and_the_largest_difference_kept():
    parity = parity_of({"a": 1.9, "b": 3.0, "c": 1.0}, {"a": 2.1, "b": 3.0, "c": 1.0}, FILES, AT_2)
    assert parity.verdict_flips == 1
    assert parity.max_difference == pytest.approx(AT_2.pred_score(2.1) - AT_2.pred_score(1.9))
    assert parity.mean_difference == pytest.approx(parity.max_difference / 3)


def test_that_the_certificate_names_each_compared_picture_with_its_file_and_both_scores():
    (compared,) = parity_of({"a": 1.5}, {"a": 1.25, "another": 9.0}, FILES, AT_2).compared
    assert (compared.name, compared.sha256, compared.trained, compared.exported) == ("a", FILES["a"], 1.5, 1.25)


def test_that_a_model_with_one_other_verdict_is_refused_and_the_picture_named():
    turned = parity_of({"a": 1.9, "b": 3.0, "c": 1.0}, {"a": 2.1, "b": 3.0, "c": 1.0}, FILES, AT_2)
    with pytest.raises(FaultError, match="1 of 3 compared pictures another verdict than the trained one: a") as refused:
        require_same_verdicts(turned, AT_2)
    assert refused.value.exit_code == 3


def test_that_scores_that_differ_within_their_verdicts_are_accepted():
    require_same_verdicts(parity_of({"a": 1.9, "b": 3.0}, {"a": 1.8, "b": 3.1}, FILES, AT_2), AT_2)
