import pytest

from station.domain.source_uri import SourceKind, source_kind


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
