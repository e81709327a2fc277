import pytest

from station.domain.source_uri import SourceKind, source_kind, typed_source


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("genicam:4711", SourceKind.GENICAM),
        (" genicam : 4711", SourceKind.GENICAM),
        ("simulated:", SourceKind.SIMULATED),
        ("replay:parts:left?rate=5", SourceKind.REPLAY),
        ("replay", None),
        ("C:\\parts", None),
        ("/parts", None),
        ("", None),
    ],
)
def test_that_the_word_before_the_colon_is_the_kind_of_a_source(words: str, kind: SourceKind | None) -> None:
    assert source_kind(words) is kind


@pytest.mark.parametrize("kind", SourceKind)
def test_that_the_words_for_a_source_name_its_kind(kind: SourceKind) -> None:
    assert source_kind(kind.uri("4711")) is kind


def test_that_a_drawn_line_is_live_and_no_device() -> None:
    assert SourceKind.SIMULATED.is_live
    assert not SourceKind.SIMULATED.is_device
    assert not SourceKind.REPLAY.is_live


@pytest.mark.parametrize(
    "text", ["genicam:4711", "webcam : 0", "rtsp://10.0.0.7/live", "replay:parts", "simulated:", ""]
)
def test_that_an_address_with_a_scheme_is_taken_as_it_was_typed(text: str) -> None:
    assert typed_source(f" {text} ") == text


@pytest.mark.parametrize("path", ["/parts/good", "C:\\parts", "~/parts", "parts"])
def test_that_a_typed_path_becomes_a_folder_whose_pictures_come_again(path: str) -> None:
    assert typed_source(path) == f"replay:{path}?rate=2&loop=1"
