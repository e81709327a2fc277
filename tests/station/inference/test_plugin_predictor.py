"""A plug-in computes a model of its own kind; whatever it does, only a sound answer is one."""

import threading
from pathlib import Path

import numpy as np
import pytest
from contrast_plugin import ContrastPlugin, contrast, install, install_here, plugin_package

from station.domain.errors import BadInputError, FaultError, ModelError
from station.domain.recipe import InferenceSettings, Recipe, View
from station.inference.model_package import (
    Manifest,
    ModelDescription,
    ModelPackage,
    copy_package,
    find_package,
    write_package,
)
from station.inference.opening import map_grid, open_predictor
from station.inference.plugin_predictor import PluginPredictor, data_files, read_data
from station.learning.repeated_ways import repeated_ways
from station.plugin_api import ModelData
from station.recipes.recipe_file import open_recipe_file, take_models, write_recipe_file

PICTURE = np.zeros((64, 64, 3), np.uint8)


@pytest.fixture
def package(tmp_path: Path) -> ModelPackage:
    return plugin_package(tmp_path)


@pytest.fixture
def plugin(tmp_path: Path, monkeypatch) -> ContrastPlugin:
    installed = ContrastPlugin()
    install_here(monkeypatch, tmp_path / "site", installed)
    return installed


def test_that_a_recipe_is_refused_by_the_name_of_a_plug_in_that_is_not_installed(package, tmp_path):
    with pytest.raises(ModelError, match=r"'contrast', which is not installed here.*Install the plug-in 'contrast'"):
        open_predictor(package, InferenceSettings(), tmp_path)


def test_that_a_plug_in_that_cannot_be_loaded_is_named(package, tmp_path, monkeypatch):
    install(tmp_path / "site", "no_such_module:plugin")
    monkeypatch.syspath_prepend(str(tmp_path / "site"))
    with pytest.raises(ModelError, match="'contrast' cannot be loaded: No module named 'no_such_module'"):
        open_predictor(package, InferenceSettings(), tmp_path)


def test_that_a_plug_in_without_models_is_named(package, tmp_path, monkeypatch):
    install_here(monkeypatch, tmp_path / "site", object())
    with pytest.raises(ModelError, match="'contrast' opens no models"):
        open_predictor(package, InferenceSettings(), tmp_path)


def test_that_a_precision_that_no_certificate_proves_is_refused(package, plugin, tmp_path):
    with pytest.raises(BadInputError, match="no certificate for f16 on CPU"):
        open_predictor(package, InferenceSettings(precision="f16"), tmp_path)


def test_that_the_grid_of_the_map_is_known_without_the_plug_in(package):
    assert map_grid(package) == (8, 8)


@pytest.mark.parametrize("score", [float("nan"), float("inf"), float("-inf")])
def test_that_a_score_that_is_not_a_number_is_a_fault(package, plugin, score):
    predictor = PluginPredictor(package)
    plugin.instead = lambda _: np.full((8, 8), score)
    with pytest.raises(FaultError, match="plug-in contrast to this picture is not a number"):
        predictor.predict(PICTURE)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (np.where(np.eye(8), np.nan, 0), "not a number"),
        (np.zeros(8), r"shape \(8,\)"),
        (np.zeros((0, 8)), r"shape \(0, 8\)"),
        (np.zeros((501, 8)), r"shape \(501, 8\)"),
        ("much", "no map of places"),
        (None, r"shape \(\)"),
    ],
)
def test_that_an_unsound_answer_is_a_fault(package, plugin, answer, words):
    predictor = PluginPredictor(package)
    plugin.instead = lambda _: answer
    with pytest.raises(FaultError, match=words):
        predictor.predict(PICTURE)


def test_that_a_map_of_another_shape_than_before_is_a_fault(package, plugin):
    predictor = PluginPredictor(package)
    plugin.instead = lambda _: np.zeros((1, 1))
    with pytest.raises(FaultError, match=r"shape \(1, 1\) after those of shape \(8, 8\)"):
        predictor.predict(PICTURE)


@pytest.mark.parametrize(
    "otherwise",
    [
        lambda picture: contrast(picture) + 1,
        lambda picture: contrast(picture).max(keepdims=True),
        lambda picture: contrast(picture, 16),
    ],
    ids=["other answers", "one place", "finer"],
)
def test_that_a_recipe_is_refused_if_the_installed_plug_in_answers_otherwise_than_when_taught(
    package, plugin, tmp_path, otherwise
):
    open_predictor(package, InferenceSettings(), tmp_path).close()
    plugin.instead = otherwise
    with pytest.raises(ModelError, match=r"'contrast' that is installed here gives other answers.*Install the version"):
        open_predictor(package, InferenceSettings(), tmp_path)


@pytest.mark.parametrize("opened", [None, object()])
def test_that_a_plug_in_that_opens_something_else_is_named(package, tmp_path, monkeypatch, opened):
    class Empty:
        def open_model(self, data):
            return opened

    install_here(monkeypatch, tmp_path / "site", Empty())
    with pytest.raises(FaultError, match="contrast opens a model that knows no places"):
        PluginPredictor(package)


def test_that_a_plug_in_that_raises_is_a_fault_and_answers_again(package, plugin):
    predictor = PluginPredictor(package)
    plugin.instead = lambda picture: picture[64]
    with pytest.raises(FaultError, match=r"contrast failed on this picture: IndexError.*Check the plug-in"):
        predictor.predict(PICTURE)
    plugin.instead = None
    assert predictor.predict(PICTURE).raw_score == 0


def test_that_a_plug_in_that_hangs_is_a_fault_and_is_not_asked_until_it_returns(package, plugin):
    predictor = PluginPredictor(package)
    predictor._give_up_after_s = 0.2  # from here on: a busy machine may need longer for its first answer
    asked, returned, given = threading.Event(), threading.Event(), []

    def hang(picture):
        given.append(picture)
        asked.set()
        returned.wait(30)
        return contrast(picture)

    plugin.instead = hang
    with pytest.raises(FaultError, match="no answer within"):
        predictor.predict(PICTURE)
    assert asked.wait(30)
    with pytest.raises(FaultError, match="still has not answered"):
        predictor.predict(PICTURE)
    assert len(given) == 1
    plugin.instead = None
    returned.set()
    predictor._call.wait(30)
    predictor._give_up_after_s = 30
    assert predictor.predict(PICTURE).raw_score == 0


def test_that_a_plug_in_that_fails_to_open_its_model_is_named(package, tmp_path, monkeypatch):
    class Broken:
        def open_model(self, data):
            raise KeyError("cells")

    install_here(monkeypatch, tmp_path / "site", Broken())
    with pytest.raises(FaultError, match="contrast failed to open the model 'plugged': KeyError: 'cells'"):
        PluginPredictor(package)


def test_that_a_plug_in_cannot_change_the_picture(package, plugin):
    predictor = PluginPredictor(package)

    def paint(picture):
        picture[:] = 255
        return contrast(picture)

    plugin.instead = paint
    with pytest.raises(FaultError, match="read-only"):
        predictor.predict(PICTURE)


def test_that_data_is_read_as_it_was_written(tmp_path):
    arrays = {"rows": np.arange(6.0).reshape(2, 3), "kept": np.array([True, False]), "count": np.array(3)}
    package = plugin_package(tmp_path, data=ModelData(arrays, {"names": ["a", "b"], "k": 5}))
    read = read_data(package)
    assert dict(read.values) == {"names": ["a", "b"], "k": 5}
    assert all(np.array_equal(read.arrays[name], values) for name, values in arrays.items())
    assert read.arrays.keys() == arrays.keys()


@pytest.mark.parametrize("values", [np.array([print], object), np.array(["text"]), "no array"])
def test_that_nothing_but_numbers_is_written(values):
    with pytest.raises(ValueError, match="'rows' does not hold numbers"):
        data_files(ModelData({"rows": values}))


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (ModelData({}, {"limit": float("nan")}), "not JSON compliant"),
        (ModelData({}, {"limit": [1.0, float("inf")]}), "not JSON compliant"),
        (ModelData({"file": np.zeros(2)}), "cannot be named 'file'"),
        (ModelData({"allow_pickle": np.zeros(2)}), "cannot be named 'allow_pickle'"),
    ],
)
def test_that_what_would_be_read_otherwise_is_not_written(data, words):
    with pytest.raises(ValueError, match=words):
        data_files(data)


def test_that_pickled_arrays_are_refused_and_never_unpickled(package, plugin, tmp_path):
    class Trap:
        def __reduce__(self):
            return (Path.touch, (tmp_path / "sprung",))

    files = {name: package.folder / name for name in package.file_names[1:]}
    np.savez(tmp_path / "trap.npz", rows=np.array([Trap()], object), allow_pickle=True)
    described = ModelDescription.model_validate(package.manifest.model_dump(include=set(ModelDescription.model_fields)))
    trapped = write_package(tmp_path, "trapped", described, files | {"model.npz": tmp_path / "trap.npz"})
    with pytest.raises(ModelError, match="cannot be read"):
        PluginPredictor(trapped)
    assert not (tmp_path / "sprung").exists()


def test_that_a_package_of_a_plug_in_travels_in_a_recipe_file_and_by_copy(package, plugin, tmp_path):
    assert copy_package(package, tmp_path / "copied").sha256 == package.sha256
    (tmp_path / "other").mkdir()
    recipe = Recipe("plate", 1, "plate", (View(package.reference),))
    write_recipe_file(recipe, package.folder.parent, tmp_path / "plate.lineside", None)
    taken = take_models(open_recipe_file(tmp_path / "plate.lineside"), tmp_path / "other")
    there = find_package(tmp_path / "other", taken.views[0].model)
    assert (there.sha256, there.manifest.kind) == (package.sha256, "contrast")


def test_that_the_reference_pictures_are_repeated_by_the_plug_in(package, plugin):
    found = list(repeated_ways(package))
    assert [sound for sound, _ in found] == [True]
    assert found[0][1].startswith("2 reference pictures judged as certified by its only way: the plug-in contrast")


def test_that_a_plug_in_that_computes_otherwise_now_is_found(package, plugin):
    plugin.instead = lambda picture: contrast(picture) + 1
    ((sound, sentence),) = repeated_ways(package)
    assert not sound
    assert "the plug-in contrast is farther from f32 here than certified: scores by 1 " in sentence


def test_that_a_package_has_the_files_of_its_kind(tiny_package, tmp_path):
    with pytest.raises(ValueError, match="does not consist of model"):
        Manifest.model_validate(tiny_package.manifest.model_dump(by_alias=True) | {"kind": "contrast"})


def test_that_openvino_is_not_asked_for_the_model_of_a_plug_in(package):
    with pytest.raises(ModelError, match=r"'plugged' is of the kind 'contrast': it has no model\.xml"):
        package.graph()
