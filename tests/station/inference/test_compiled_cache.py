"""Compiled models on disk: never those of other weights, of another precision, or of a damaged file."""

import logging
import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from station.domain.digest import sha256_hex
from station.domain.recipe import InferenceSettings
from station.inference.compiled_cache import MOST_KEPT, CompiledCache, key_of
from station.inference.model_package import ModelDescription, ModelPackage, write_package
from station.inference.openvino_predictor import OpenVinoPredictor
from station.inference.silent_openvino import ov
from tests.station.inference.test_openvino_predictor import agreed, op, package_around


def raw_score(package: ModelPackage, cache: Path, picture: np.ndarray, precision: str = "f32") -> float:
    predictor = OpenVinoPredictor(package, InferenceSettings(precision=precision), cache)
    try:
        return predictor.predict(picture).raw_score
    finally:
        predictor.close()


def weighted(tiny_package: ModelPackage, folder: Path, weight: float) -> ModelPackage:
    """A package whose graph multiplies by a weight: all such graphs have the same shape."""
    folder.mkdir(parents=True)
    factor = np.full((1, 64, 64, 3), weight, np.float32)
    return package_around(tiny_package, folder, lambda picture: agreed(op.multiply(picture, factor)))


def described_as(package: ModelPackage) -> ModelDescription:
    return ModelDescription.model_validate(
        {name: getattr(package.manifest, name) for name in ModelDescription.model_fields}
    )


@pytest.fixture
def picture(draw_part) -> np.ndarray:
    return np.repeat(draw_part(size=(64, 64), defective=True)[..., None], 3, axis=2)


def test_that_the_cache_does_not_change_a_score(tiny_package, tmp_path, picture):
    scores = {raw_score(tiny_package, tmp_path, picture) for _ in range(3)}
    assert len(scores) == 1
    assert len(list(tmp_path.rglob("*.blob"))) == 1


def test_that_a_compiled_model_is_not_compiled_a_second_time(tiny_package, tmp_path, picture, monkeypatch):
    before = raw_score(tiny_package, tmp_path, picture)
    monkeypatch.setattr("station.inference.openvino_predictor._read", None)
    assert raw_score(tiny_package, tmp_path, picture) == before


def one_bit_turned(content: bytes) -> bytes:
    turned = bytearray(content)
    turned[len(content) // 2] ^= 1
    return bytes(turned)


@pytest.mark.slow
@pytest.mark.parametrize(
    "damage",
    [
        lambda content: b"",
        lambda content: content[:20],
        lambda content: content[:-1],
        one_bit_turned,
        lambda content: b"not a compiled model",
    ],
    ids=["emptied", "digest cut", "last byte cut", "one bit turned", "text"],
)
def test_that_a_damaged_file_is_compiled_again_with_a_line_in_the_log(tiny_package, tmp_path, picture, damage, caplog):
    before = raw_score(tiny_package, tmp_path, picture)
    (blob,) = tmp_path.rglob("*.blob")
    blob.write_bytes(damage(blob.read_bytes()))
    with caplog.at_level(logging.WARNING):
        assert raw_score(tiny_package, tmp_path, picture) == before
    assert "damaged: compiled again" in caplog.text
    kept = blob.read_bytes()
    assert kept[:64].decode() == sha256_hex(kept[64:])
    caplog.clear()
    with caplog.at_level(logging.WARNING):
        assert raw_score(tiny_package, tmp_path, picture) == before
    assert not caplog.text
    assert blob.read_bytes() == kept  # two compilations may differ in length, so this one was taken as it is


def test_that_what_openvino_does_not_take_is_compiled_again(tiny_package, tmp_path, picture, caplog):
    before = raw_score(tiny_package, tmp_path, picture)
    (blob,) = tmp_path.rglob("*.blob")
    other = b"from another program"
    blob.write_bytes(sha256_hex(other).encode() + other)
    with caplog.at_level(logging.WARNING):
        assert raw_score(tiny_package, tmp_path, picture) == before
    assert "OpenVINO does not take the compiled model" in caplog.text


def test_that_other_weights_of_the_same_graph_are_not_taken_from_the_cache(tiny_package, tmp_path):
    """Asked by path, OpenVINO's own cache answers with the old weights."""
    cache, white = tmp_path / "cache", np.full((64, 64, 3), 100, np.uint8)
    once = weighted(tiny_package, tmp_path / "once", 1.0)
    (tmp_path / "half.bin").write_bytes(once.weights().replace(np.float16(1).tobytes(), np.float16(0.5).tobytes()))
    files = {"model.xml": once.folder / "model.xml", "model.bin": tmp_path / "half.bin"}
    half = write_package(tmp_path, "half", described_as(once), files)
    assert half.graph() == once.graph()
    assert [raw_score(package, cache, white) for package in (once, half, once)] == [100.0, 50.0, 100.0]
    assert len(list(cache.rglob("*.blob"))) == 2


def test_that_files_of_another_version_and_of_the_former_cache_are_removed(tiny_package, tmp_path, picture):
    core = ov.Core()
    key = key_of(core, tiny_package, "CPU", "f32")
    before, other = replace(key, made_on="2019.1"), replace(key, model="0" * 64)
    folder = tmp_path / "openvino"
    folder.mkdir()
    for each in (before, other):
        (folder / each.file_name).write_bytes(b"of another version")
    (tmp_path / "f32").mkdir()
    (tmp_path / "f32" / "1234.blob").write_bytes(b"of OpenVINO's own cache")
    raw_score(tiny_package, tmp_path, picture)
    assert {path.name for path in folder.iterdir()} == {key.file_name, other.file_name}
    assert not (tmp_path / "f32").exists()


def test_that_what_was_used_longest_ago_is_removed_first(tiny_package, tmp_path, picture):
    folder = tmp_path / "openvino"
    folder.mkdir()
    for number in range(MOST_KEPT):
        (folder / f"{number}-CPU-f32-0.blob").write_bytes(b"of another model")
        os.utime(folder / f"{number}-CPU-f32-0.blob", (number + 1, number + 1))
    raw_score(tiny_package, tmp_path, picture)
    left = {path.name for path in folder.iterdir()}
    assert len(left) == MOST_KEPT
    assert "0-CPU-f32-0.blob" not in left
    assert "1-CPU-f32-0.blob" in left


def test_that_a_model_is_used_if_its_compiled_form_cannot_be_kept(tiny_package, tmp_path, picture, caplog):
    (tmp_path / "cache").write_text("a file in the place of the folder")
    with caplog.at_level(logging.WARNING):
        kept_nowhere = raw_score(tiny_package, tmp_path / "cache", picture)
    assert kept_nowhere == raw_score(tiny_package, tmp_path / "other", picture)
    assert "cannot be kept" in caplog.text


def test_that_a_model_is_used_if_the_device_does_not_hand_out_its_compiled_form(tiny_package, tmp_path, caplog):
    class OnlyRuns:
        def export_model(self):
            raise RuntimeError("not implemented\nin some file")

    core, compiled = ov.Core(), OnlyRuns()
    key = key_of(core, tiny_package, "CPU", "f32")
    with caplog.at_level(logging.WARNING):
        assert CompiledCache(tmp_path).get_or_compile(core, key, {}, lambda: compiled) is compiled
    assert "does not hand out the compiled model (not implemented)" in caplog.text


def test_that_the_key_names_weights_device_precision_and_versions(tiny_package):
    key = key_of(ov.Core(), tiny_package, "CPU", "f32")
    others = [replace(key, **{field: "other"}) for field in ("model", "device", "precision", "made_on")]
    assert len({each.file_name for each in (key, *others)}) == 5
    assert ov.get_version() in key.made_on
