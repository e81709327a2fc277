"""Each precision is compared with f32, and the same pictures give the same answers in every way."""

import numpy as np
import pytest

from station.domain.errors import ModelError
from station.domain.recipe import InferenceSettings
from station.inference.certificate import MARGIN, Certificate, PrecisionCertificate
from station.inference.model_package import ModelDescription, load_package, write_package
from station.inference.proof import KEPT, differences, prove, repeat
from station.inference.reference import Answers, Reference, read_reference
from station.inference.ways import precisions_here

LOWER = [settings for settings in precisions_here() if settings.precision != "f32"]


def test_that_f32_is_equal_to_the_last_digit_in_every_way(proven, tmp_path):
    f32 = proven.manifest.certificate.of("CPU", "f32")
    assert (f32.equal, f32.turned, f32.repeat_rate, f32.offered, f32.pictures) == (True, 0, 0.0, True, 12)
    results = repeat(proven, read_reference(proven), tmp_path / "empty")
    assert all(result.as_certified for result in results)
    assert [result.way for result in results if result.score_difference == 0][:4] == [
        "f32 with 1 thread", "f32 with 2 threads", "f32 from its compiled form", "f32 with 3 pictures at once",
    ]  # fmt: skip


def test_that_each_precision_of_the_machine_is_certified(proven):
    certificate = proven.manifest.certificate
    assert [(each.device, each.precision) for each in certificate.precisions] == [
        (settings.device, settings.precision) for settings in precisions_here()
    ]
    assert certificate.openvino
    assert certificate.processor_flags


@pytest.mark.skipif(not LOWER, reason="this machine computes in f32 only")
def test_that_the_band_is_a_multiple_of_what_was_measured(proven):
    scale = proven.manifest.normalisation
    each = proven.manifest.certificate.of(LOWER[0].device, LOWER[0].precision)
    band = each.band(scale, whole_part=False)
    assert band.score == MARGIN * each.score_difference / scale.image_scale_raw
    assert band.place == MARGIN * each.place_difference / scale.pixel_scale_raw
    assert each.score_difference > 0


@pytest.mark.skipif(not LOWER, reason="this machine computes in f32 only")
def test_that_places_that_all_lie_far_from_the_limit_have_a_band_too(convolved_package, pictures, tmp_path):
    """A recipe may have another limit; that no place was near says nothing of how exact they are."""
    scale = convolved_package.manifest.normalisation
    far = scale.model_copy(update={"pixel_threshold_raw": scale.pixel_threshold_raw + 1000 * scale.pixel_scale_raw})
    fields = convolved_package.manifest.model_dump(include=set(ModelDescription.model_fields))
    described = ModelDescription.model_validate(fields).model_copy(update={"normalisation": far})
    files = {name: convolved_package.folder / name for name in ("model.xml", "model.bin")}
    package = write_package(tmp_path, "far", described, files)
    certificate, _ = prove(package, pictures, np.zeros(5), tmp_path / "cache")
    found = certificate.of(LOWER[0].device, LOWER[0].precision)
    assert found.score_difference > 0
    assert found.place_difference > 0


def test_that_the_reference_pictures_come_back_as_they_were_kept(proven, pictures):
    kept = read_reference(load_package(proven.folder))
    assert np.array_equal(kept.pictures, np.stack(pictures[:KEPT]))
    assert kept.answers.scores.dtype == kept.answers.maps.dtype == np.float32


def test_that_changed_reference_pictures_are_refused(proven):
    path = proven.folder / "reference.npz"
    path.write_bytes(path.read_bytes()[:-1] + b"!")
    with pytest.raises(ModelError, match=r"reference\.npz.*changed"):
        load_package(proven.folder)


def test_that_lost_reference_pictures_are_named(proven):
    (proven.folder / "reference.npz").unlink()
    with pytest.raises(ModelError, match=r"has no reference\.npz"):
        load_package(proven.folder)


def test_that_a_file_other_than_an_archive_of_pictures_is_refused(proven, tmp_path):
    (tmp_path / "text").write_bytes(b"no pictures")
    files = {name: proven.folder / name for name in ("model.xml", "model.bin")} | {"reference.npz": tmp_path / "text"}
    fields = proven.manifest.model_dump(include=set(ModelDescription.model_fields))
    package = write_package(tmp_path, "odd", ModelDescription.model_validate(fields), files)
    with pytest.raises(ModelError, match="cannot be read"):
        read_reference(package)


def test_that_pictures_of_another_size_are_refused(proven, tmp_path):
    kept = read_reference(proven)
    (tmp_path / "small").write_bytes(Reference(kept.pictures[:, :32], kept.answers).as_bytes())
    files = {name: proven.folder / name for name in ("model.xml", "model.bin")} | {"reference.npz": tmp_path / "small"}
    fields = proven.manifest.model_dump(include=set(ModelDescription.model_fields))
    package = write_package(tmp_path, "odd", ModelDescription.model_validate(fields), files)
    with pytest.raises(ModelError, match="do not fit"):
        read_reference(package)


def test_that_an_answer_that_is_not_a_number_is_infinitely_far(proven):
    exact = read_reference(proven).answers
    broken = Answers(exact.scores + np.float32(np.nan), exact.maps)
    assert differences(broken, exact, proven.manifest.normalisation) == (float("inf"), float("inf"))


@pytest.mark.parametrize(
    ("changes", "offered"),
    [({}, True), ({"repeat_rate": 0.02}, False), ({"turned": 3}, True), ({"turned_with_guard": 1}, False)],
)
def test_that_a_precision_is_offered_as_far_as_its_certificate_goes(changes, offered):
    measured = {"pictures": 9, "score_difference": 0.1, "place_difference": 0.2, "turned": 0, "turned_with_guard": 0}
    values = {"device": "CPU", "precision": "bf16", "repeat_rate": 0.01, "processor": "p", **measured, **changes}
    certificate = Certificate(precisions=(PrecisionCertificate(**values),), openvino="1")
    assert certificate.of("CPU", "bf16").offered == offered
    assert certificate.of("GPU", "bf16") is None
    assert InferenceSettings() == InferenceSettings("CPU", "f32")
