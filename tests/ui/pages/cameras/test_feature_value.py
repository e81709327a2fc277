"""What a person types becomes a value of the feature's kind."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.domain.camera import Access, CameraFeature, FeatureKind, Visibility
from station.domain.errors import BadInputError
from ui.pages.cameras.feature_value import stepped, value_of


def feature(kind, **fields):
    return CameraFeature("Width", "Width", kind, "Image", Visibility.BEGINNER, Access.READ_WRITE, **fields)


@given(st.integers())
def test_that_any_whole_number_is_kept_exactly(number) -> None:
    assert value_of(feature(FeatureKind.INTEGER), str(number)) == number


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        (FeatureKind.FLOAT, "1.5", 1.5),
        (FeatureKind.FLOAT, "1,5", 1.5),
        (FeatureKind.BOOLEAN, "True", True),
        (FeatureKind.BOOLEAN, "False", False),
        (FeatureKind.ENUMERATION, "Mono8", "Mono8"),
        (FeatureKind.STRING, "left", "left"),
        (FeatureKind.COMMAND, "", True),
    ],
)
def test_that_words_become_a_value_of_the_kind(kind, text, value) -> None:
    assert value_of(feature(kind), text) == value
    assert type(value_of(feature(kind), text)) is type(value)


@pytest.mark.parametrize("kind", [FeatureKind.INTEGER, FeatureKind.FLOAT])
def test_that_text_that_cannot_be_a_number_is_refused_with_its_name(kind) -> None:
    with pytest.raises(BadInputError, match="Width cannot be 'wide'"):
        value_of(feature(kind), "wide")


def test_that_a_step_is_the_cameras_own() -> None:
    assert stepped(feature(FeatureKind.INTEGER, increment=16), "64", 2) == "96"
    assert stepped(feature(FeatureKind.INTEGER), "64", -1) == "63"
    assert stepped(feature(FeatureKind.FLOAT), "100", 1) == "105"
    assert stepped(feature(FeatureKind.FLOAT), "wide", 1) == "wide"
