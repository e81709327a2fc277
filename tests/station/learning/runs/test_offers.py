"""What is offered to teach, with what it costs and what it lacks."""

from datetime import UTC, datetime
from pathlib import Path

from station.domain.training import VersionSummary
from station.learning.presets import METHODS, known_methods
from station.learning.runs.offers import methods_for

VERSION = VersionSummary("tile", "21f29c24", datetime(2026, 11, 28, tzinfo=UTC), 220, 33, {"crack": 40}, 40)


def test_that_every_method_is_offered_with_a_sentence_and_the_recommended_one_first(tmp_path: Path) -> None:
    offers = methods_for(VERSION, tmp_path)
    assert [offer.name for offer in offers] == list(known_methods())
    assert offers[0].name == "balanced"
    assert all(offer.sentence for offer in offers)


def test_that_a_method_that_lacks_its_network_says_how_to_bring_it(tmp_path: Path) -> None:
    refusal = {offer.name: offer.refusal for offer in methods_for(VERSION, tmp_path)}
    assert "put resnet18.safetensors, as timm publishes it" in refusal["fastflow"]
    assert refusal["balanced"] == ""


def test_that_methods_trained_by_gradients_ask_for_more_pictures(tmp_path: Path) -> None:
    cost = {offer.name: offer.cost for offer in methods_for(VERSION, tmp_path)}
    asking = {name for name in METHODS if "100 good parts" in cost[name]}
    assert asking == {name for name, method in METHODS.items() if method.held_out == "once"}
