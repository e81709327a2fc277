"""The chain of the audit trail: whatever is done to its entries is found, and the place is named."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.domain.audit_chain import GENESIS, START, ChainCheck, Link, RawEntry, canonical, entry_hash

_TEXTS = st.lists(st.binary(max_size=6), min_size=8, max_size=8)
_NUMBERS = st.integers(-(2**63), 2**63 - 1)


def chain(length: int) -> list[RawEntry]:
    """Return an honest chain."""
    entries: list[RawEntry] = []
    previous = GENESIS.encode()
    for number in range(1, length + 1):
        texts = (b"Ada", b"Station 1", b"recipe released", b"tile@%d" % number, b"", b"0.5", b"dust", previous)
        entries.append((number, number * 1_000_000, *texts, entry_hash(number, number * 1_000_000, texts).encode()))
        previous = entries[-1][10]
    return entries


def end_of(entries: list[RawEntry]) -> Link:
    return Link(entries[-1][0], entries[-1][10].decode()) if entries else START


def checked(entries: list[RawEntry], known: Link, after: Link = START) -> ChainCheck:
    check = ChainCheck(after, known)
    check.follow(entries)
    check.end()
    return check


@given(_NUMBERS, _NUMBERS, _TEXTS, _NUMBERS, _NUMBERS, _TEXTS)
def test_that_two_entries_that_differ_are_never_hashed_alike(
    number: int, at: int, texts: list[bytes], other: int, other_at: int, other_texts: list[bytes]
) -> None:
    same = (number, at, texts) == (other, other_at, other_texts)
    assert (canonical(number, at, texts) == canonical(other, other_at, other_texts)) is same


@given(st.lists(st.binary(max_size=3), min_size=8, max_size=8), st.data())
def test_that_a_letter_moved_from_one_field_to_the_next_changes_the_bytes(
    texts: list[bytes], data: st.DataObject
) -> None:
    place = data.draw(st.integers(0, len(texts) - 2))
    joined = texts[place] + texts[place + 1]
    cut = data.draw(st.integers(0, len(joined)))
    moved = [*texts[:place], joined[:cut], joined[cut:], *texts[place + 2 :]]
    assert (canonical(1, 1, texts) == canonical(1, 1, moved)) is (texts == moved)


@pytest.mark.parametrize("length", [0, 1, 2, 7])
@pytest.mark.parametrize("behind", [0, 1, 3])
def test_that_an_honest_chain_holds_also_if_the_head_is_behind_it(length: int, behind: int) -> None:
    entries = chain(length)
    check = checked(entries, end_of(entries[: max(length - behind, 0)]))
    assert (check.broken, check.link) == (None, end_of(entries))


def test_that_a_chain_goes_on_behind_a_verified_entry() -> None:
    entries = chain(9)
    assert checked(entries[4:], end_of(entries), end_of(entries[:4])).broken is None


def test_that_a_chain_that_was_cut_off_names_the_first_entry_that_is_missing() -> None:
    entries = chain(9)
    broken = checked(entries[:6], end_of(entries)).broken
    assert broken is not None
    assert (broken.number, broken.sentence) == (7, "The entries 7 to 9 are missing: the audit trail was cut off.")


def test_that_an_entry_that_was_removed_is_named() -> None:
    entries = chain(9)
    check = checked(entries[:3] + entries[4:], end_of(entries))
    assert check.broken is not None
    assert (check.broken.number, check.broken.sentence) == (4, "Entry 4 is missing.")
    assert check.link == end_of(entries[:3])


def test_that_an_entry_rewritten_with_a_right_hash_is_named() -> None:
    entries = chain(9)
    texts = (*entries[3][2:8], b"other reason", entries[3][9])
    entries[3] = (4, entries[3][1], *texts, entry_hash(4, entries[3][1], texts).encode())
    broken = checked(entries, end_of(entries)).broken
    assert broken is not None
    assert broken.number == 4


def test_that_a_chain_that_was_rewritten_whole_is_not_that_of_the_head() -> None:
    entries = chain(5)
    known = replace(end_of(entries), hash="a" * 64)
    broken = checked(entries, known).broken
    assert broken is not None
    assert broken.sentence == "Entry 5 was changed: the head beside the table has another hash."


def test_that_values_of_other_kinds_are_a_broken_link_and_no_crash() -> None:
    entries = chain(3)
    for value in (None, 7, 0.5, "text"):
        changed: list[object] = [*entries[1]]
        changed[5] = value
        broken = checked([entries[0], tuple(changed), entries[2]], end_of(entries)).broken  # type: ignore[list-item]
        assert broken is not None
        assert broken.number == 2
