"""Methods of plug-ins are offered beside those of the station, and say what they lack."""

from pathlib import Path

import pytest
from contrast_plugin import install_here

from station.domain.errors import BadInputError
from station.learning.jobs import TrainingJob
from station.learning.plugin_method import PluginMethod
from station.learning.presets import METHODS, known_methods, method_named
from station.plugin_api import PluginSettings, TeachingMethod, hookimpl


class ShadeSettings(PluginSettings):
    depth: int = 3


class Shades:
    def __init__(self, *methods: TeachingMethod) -> None:
        self._methods = methods

    @hookimpl
    def teaching_methods(self) -> tuple[TeachingMethod, ...]:
        return self._methods


def shade(name: str = "shade", **given: object) -> TeachingMethod:
    return TeachingMethod(name, "how dark it is", lambda *_: None, ShadeSettings, side_px=128, **given)


@pytest.fixture
def installed(monkeypatch, tmp_path: Path):
    def install(*methods: TeachingMethod, name: str = "shades") -> None:
        install_here(monkeypatch, tmp_path / name, Shades(*methods), name)

    return install


def test_that_a_method_of_a_plug_in_is_named_beside_those_of_the_station(installed):
    installed(shade())
    method = known_methods()["shade"]
    assert list(METHODS) == list(known_methods())[: len(METHODS)]
    assert isinstance(method, PluginMethod)
    assert (method.plugin, method.package_kind, method.offer, method.side_px) == (
        "shades", "shades", "how dark it is", 128,
    )  # fmt: skip
    assert method_named("shade") == method
    assert method.lacks(Path()) is None


def test_that_a_plug_in_cannot_take_the_name_of_a_method_of_the_station(installed):
    installed(shade("balanced"))
    assert known_methods()["balanced"] is METHODS["balanced"]


def test_that_of_two_methods_of_one_name_the_first_counts(installed):
    installed(shade(), name="a_first")
    installed(shade(), name="b_second")
    method = known_methods()["shade"]
    assert isinstance(method, PluginMethod)
    assert method.plugin in ("a_first", "b_second")
    assert method.lacks(Path()) is None


def test_that_a_misspelt_method_is_refused_with_all_names(installed):
    installed(shade())
    with pytest.raises(BadInputError, match=r"no method 'shape'.*balanced.*shade"):
        method_named("shape")


@pytest.mark.parametrize("said", ["shade", None])
def test_that_a_plug_in_that_does_not_say_its_methods_is_named(installed, said):
    installed(said)
    with pytest.raises(BadInputError, match=r"plug-in shades does not say what it can teach.*uninstall"):
        known_methods()


def test_that_a_method_names_the_packages_that_it_lacks(installed):
    installed(shade(packages=("json", "not_installed_anywhere"), install="Ask for it."))
    lacking = known_methods()["shade"].lacks(Path())
    assert lacking is not None
    assert (lacking.sentence, lacking.advice) == ("shade needs not_installed_anywhere", "Ask for it.")


def test_that_a_method_without_its_plug_in_says_so():
    lacking = PluginMethod(name="shade", plugin="shades").lacks(Path())
    assert lacking is not None
    assert lacking.sentence == "There is no plug-in 'shades' with a method 'shade' here"


def test_that_settings_are_those_of_the_method(installed):
    installed(shade())
    assert PluginMethod(name="shade", plugin="shades", settings={"depth": 5}).typed_settings() == ShadeSettings(depth=5)
    with pytest.raises(BadInputError, match="deep"):
        PluginMethod(name="shade", plugin="shades", settings={"deep": 5}).typed_settings()


def test_that_a_job_with_a_method_of_a_plug_in_is_read_as_it_was_written(tmp_path):
    method = PluginMethod(name="shade", plugin="shades", settings={"depth": 5})
    job = TrainingJob(dataset=tmp_path, output=tmp_path, cache=tmp_path, method=method, input_size=(64, 64))
    assert TrainingJob.model_validate_json(job.model_dump_json()).method == method
