"""A model is opened in a low precision only with a certificate, and then knows how to be asked again in f32."""

from pathlib import Path

import numpy as np
import pytest

from station.domain.errors import BadInputError, ModelError
from station.domain.recipe import InferenceSettings
from station.inference.model_package import ModelDescription, ModelPackage, write_package
from station.inference.opening import open_predictor
from station.inference.openvino_predictor import OpenVinoPredictor
from tests.station.inference.test_proof import LOWER

needs_lower = pytest.mark.skipif(not LOWER, reason="this machine computes in f32 only")


def with_certified(package: ModelPackage, folder: Path, **changes: object) -> ModelPackage:
    """The package, with other figures in the certificates of its low precisions."""
    certificate = package.manifest.certificate
    precisions = tuple(
        each if each.precision == "f32" else each.model_copy(update=changes) for each in certificate.precisions
    )
    fields = package.manifest.model_dump(include=set(ModelDescription.model_fields))
    described = ModelDescription.model_validate(fields).model_copy(
        update={"certificate": certificate.model_copy(update={"precisions": precisions})}
    )
    files = {name: package.folder / name for name in package.file_names[1:]}
    return write_package(folder, "changed", described, files)


def test_that_f32_needs_no_certificate_and_has_no_band(tiny_package, tmp_path):
    predictor = open_predictor(tiny_package, InferenceSettings(), tmp_path)
    assert isinstance(predictor, OpenVinoPredictor)
    assert predictor.predict(np.zeros((64, 64, 3), np.uint8)).band is None


@needs_lower
def test_that_a_precision_without_a_certificate_is_refused_with_the_remedy(tiny_package, tmp_path):
    with pytest.raises(BadInputError, match=r"no certificate for .*16 on CPU\. .*f32") as refused:
        open_predictor(tiny_package, LOWER[0], tmp_path)
    assert "teach the product again" in refused.value.advice


def test_that_an_absent_device_is_named(proven, tmp_path):
    with pytest.raises(BadInputError, match=r"no device 'NPU'.*there is CPU"):
        open_predictor(proven, InferenceSettings("NPU"), tmp_path)


@needs_lower
@pytest.mark.parametrize("settings", LOWER, ids=lambda settings: settings.precision)
def test_that_f32_answers_again_what_a_low_precision_answered(proven, tmp_path, pictures, settings):
    predictor = open_predictor(with_certified(proven, tmp_path, repeat_rate=0.0), settings, tmp_path)
    exact = OpenVinoPredictor(proven, InferenceSettings(), tmp_path)
    buffer = pictures[0].copy()
    rough = predictor.predict(buffer)
    buffer[:] = 0
    again = rough.judge_again()
    assert again.raw_score == exact.predict(pictures[0]).raw_score
    assert again.band is None
    steps = abs(rough.raw_score - again.raw_score) / proven.manifest.normalisation.image_scale_raw
    assert steps <= rough.band.score
    predictor.close()
    exact.close()


@needs_lower
def test_that_a_precision_that_repeats_too_many_parts_is_refused_with_the_figure(proven, tmp_path):
    package = with_certified(proven, tmp_path, repeat_rate=0.074)
    with pytest.raises(BadInputError, match=r"would judge 7\.4% of the parts twice, and at most 1% may be"):
        open_predictor(package, LOWER[0], tmp_path)


@needs_lower
def test_that_a_processor_that_is_farther_from_f32_is_refused(proven, tmp_path):
    package = with_certified(proven, tmp_path, repeat_rate=0.0, score_difference=1e-9, place_difference=1e-9)
    with pytest.raises(ModelError, match="farther from f32 than its certificate says"):
        open_predictor(package, LOWER[0], tmp_path)
