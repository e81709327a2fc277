"""The backbone that comes with the program: the one that was built, or none."""

import json

import pytest

from station.domain.errors import FaultError
from station.inference.silent_openvino import ov
from station.trainer import backbone
from station.trainer.backbone import NAME, backbones, origin, read_backbone


def test_that_it_takes_pixels_of_any_size_and_gives_three_stages():
    model = read_backbone()
    assert model.input().element_type == ov.Type.u8
    assert [output.any_name for output in model.outputs] == ["blocks.2", "blocks.4", "blocks.6"]
    model.reshape([1, 96, 160, 3])
    assert [tuple(output.shape) for output in model.outputs] == [(1, 40, 12, 20), (1, 112, 6, 10), (1, 320, 3, 5)]


def test_that_its_licence_and_origin_are_beside_it():
    beside = json.loads(backbones().joinpath(f"{NAME}.json").read_text("utf-8"))
    assert origin(backbones()).licence == "Apache-2.0"
    assert {"origin", "package", "version", "weights_sha256"} <= beside.keys()


@pytest.mark.parametrize("ending", [".xml", ".bin"])
def test_that_a_changed_file_is_refused(copied_backbone, ending):
    file = copied_backbone / f"{NAME}{ending}"
    original = file.read_bytes()
    file.write_bytes(original[:-1] + bytes([original[-1] ^ 1]))
    try:
        with pytest.raises(FaultError, match="is not the one that belongs to this program"):
            read_backbone(copied_backbone)
    finally:
        file.write_bytes(original)


@pytest.mark.parametrize("ending", [".xml", ".bin", ".json"])
def test_that_a_missing_file_is_named(copied_backbone, ending):
    file = copied_backbone / f"{NAME}{ending}"
    original = file.read_bytes()
    file.unlink()
    try:
        with pytest.raises(FaultError, match=rf"{NAME}\{ending} in .* cannot be read"):
            backbone.read_backbone(copied_backbone)
    finally:
        file.write_bytes(original)
