"""What is a scan and what a person types, by rhythm alone."""

from hypothesis import given
from hypothesis import strategies as st

from ui.scanner.burst import TICKS, BurstReader, Scanned, Stray, Stroke, Typed

CODES = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), min_size=1, max_size=40)
END = Stroke("end", ends=True)


def strokes(text: str) -> list[Stroke[str]]:
    return [Stroke(char, char) for char in text]


def read(reader: BurstReader[str], keys, ticks_between=0):
    """What is known after these keys and a long silence."""
    known = []
    for key in keys:
        known += reader.add(key)
        known += [found for _ in range(ticks_between) if (found := reader.tick()) is not None]
    known += [found for _ in range(4 * TICKS) if (found := reader.tick()) is not None]
    return known


@given(CODES, st.integers(0, TICKS - 1), st.sampled_from([[END], [END, END]]))
def test_that_every_code_with_an_end_arrives_whole_and_once(code: str, ticks: int, end) -> None:
    (found,) = read(BurstReader(50), strokes(code) + end, ticks)
    assert isinstance(found, Scanned)
    assert (found.text, found.ended) == (code, True)


@given(CODES.filter(lambda code: len(code) > 2), st.integers(0, TICKS - 1))
def test_that_silence_ends_a_code_as_well(code: str, ticks: int) -> None:
    (found,) = read(BurstReader(50), strokes(code), ticks)
    assert isinstance(found, Scanned)
    assert (found.text, found.ended) == (code, False)


@given(CODES)
def test_that_keys_apart_from_each_other_are_typed_each_by_itself(keys: str) -> None:
    found = read(BurstReader(50), strokes(keys), TICKS)
    assert [each.strokes[0].char for each in found if isinstance(each, Typed)] == list(keys)
    assert len(found) == len(keys)


@given(CODES, CODES)
def test_that_two_codes_one_after_the_other_stay_two(first: str, second: str) -> None:
    found = read(BurstReader(50), [*strokes(first), END, *strokes(second), END])
    assert [each.text for each in found if isinstance(each, Scanned)] == [first, second]


def test_that_a_key_that_types_nothing_may_stand_before_a_code() -> None:
    (found,) = read(BurstReader(50), [Stroke("F8"), *strokes("LG1"), END])
    assert isinstance(found, Scanned)
    assert found.text == "LG1"


def test_that_two_keys_under_one_finger_do_nothing() -> None:
    assert isinstance(read(BurstReader(50), strokes("12"))[0], Stray)


def test_that_keys_without_a_character_are_done_in_their_order() -> None:
    (found,) = read(BurstReader(50), [Stroke("PgDown"), Stroke("PgDown")])
    assert isinstance(found, Typed)
    assert [stroke.press for stroke in found.strokes] == ["PgDown", "PgDown"]


def test_that_a_lone_enter_is_enter() -> None:
    assert isinstance(read(BurstReader(50), [END])[0], Typed)


def test_that_keys_that_arrive_together_after_a_busy_moment_are_still_a_persons() -> None:
    reader: BurstReader[str] = BurstReader(50)
    found = reader.add(Stroke("1", "1", stamp_ms=1000)) + reader.add(Stroke("2", "2", stamp_ms=1400))
    assert [each.strokes[0].char for each in found] == ["1"]
    assert isinstance(found[0], Typed)


def test_that_a_slow_machine_does_not_cut_a_code_in_two() -> None:
    reader: BurstReader[str] = BurstReader(50)
    for stroke in strokes("LG2"):
        assert reader.add(stroke) == []
    assert [reader.tick() for _ in range(2 * TICKS)] == [None] * 2 * TICKS
    found = read(reader, [*strokes("0815"), END])
    assert [each.text for each in found if isinstance(each, Scanned)] == ["LG20815"]
