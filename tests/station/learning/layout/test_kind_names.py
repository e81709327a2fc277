"""The folder of a kind of defect is one that every system takes, and it is read back as that kind."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.domain.dataset import checked_kind
from station.domain.errors import BadInputError
from station.domain.names import file_name, is_device_name
from station.learning.layout.kind_names import folder_of_kind, is_silent, kind_of_folder
from station.learning.layout.places import Places
from station.learning.layout.words import Label, sense_of

DEVICES = ("con", "CON", "prn", "aux", "nul", "com1", "LPT9", "com\u00b9", "nul.png", "con .x", "CONIN$")
WORDS = st.sampled_from(
    [*DEVICES, "12", "line", "images", "scratch", "defect (con)", "defect (defect (12))", "no thread"]
)
KINDS = st.one_of(WORDS, st.text(min_size=1, max_size=40), st.builds("defect ({})".format, WORDS))


def may_be_a_kind(name: str) -> str | None:
    """Return the name that a kind gets; None if it is refused, as `WorkingSets.require_kind` does."""
    try:
        kind = checked_kind(name)
    except BadInputError:
        return None
    sense = sense_of(kind)
    refused = sense.label not in (None, Label.DEFECT) or (sense.label is None and sense.split is not None)
    return None if refused else kind


@given(KINDS)
def test_that_every_kind_is_read_back_from_its_folder(name: str) -> None:
    kind = may_be_a_kind(name)
    if kind is None:
        return
    folder = folder_of_kind(kind)
    assert kind_of_folder(folder) == kind
    assert not is_device_name(folder)
    places = Places([("train", "good"), ("test", "good"), ("test", folder), ("ground_truth", folder)])
    assert places.of(("test", folder)).label is Label.DEFECT
    assert places.of(("test", folder)).kind == kind


@pytest.mark.parametrize("name", DEVICES)
def test_that_the_name_of_a_device_becomes_a_name_that_a_file_may_have(name: str) -> None:
    assert is_device_name(name)
    assert not is_device_name(file_name(name))


@pytest.mark.parametrize("name", ["contact", "com10", "nuller", "aux in", "lpt", "con-1"])
def test_that_other_names_stay(name: str) -> None:
    assert not is_device_name(name)
    assert file_name(name) == folder_of_kind(name) == name


@pytest.mark.parametrize("folder", ["defect (big)", "defect (scratch)", "50%20mm"])
def test_that_folders_of_other_programs_keep_their_names(folder: str) -> None:
    assert kind_of_folder(folder) == folder


def test_that_a_name_written_in_parts_is_the_same_kind() -> None:
    assert checked_kind(unicodedata.normalize("NFD", "\u00d6l")) == "\u00d6l"


@pytest.mark.parametrize("stem", ["NG_3-12ab", "part 0412-bad123456789", "heatmap-12ab"])
def test_that_a_name_that_says_something_is_known(stem: str) -> None:
    assert not is_silent(stem)


@pytest.mark.parametrize("name", ["xY", "\u00e9\u00c0", "aB 3", "NG aB"])
def test_that_a_small_and_a_large_letter_are_one_word(name: str) -> None:
    assert sense_of(name).label is (Label.DEFECT if "NG" in name else None)
