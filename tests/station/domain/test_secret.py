"""What a secret holds is gone when it is not needed any more."""

from hypothesis import given
from hypothesis import strategies as st

from station.domain.secret import MOST_LETTERS, Secret


def test_that_a_secret_that_nobody_wiped_is_wiped_when_nobody_holds_it() -> None:
    secret = Secret("73915264")
    room = secret._room
    assert any(room)
    del secret
    assert not any(room)


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=2 * MOST_LETTERS), st.integers(0, 300))
def test_that_letters_taken_back_and_wiped_are_not_held(text: str, taken_back: int) -> None:
    secret = Secret(text)
    for _ in range(taken_back):
        secret.drop_last()
    assert secret._room[4 * len(secret) :].count(0) == 4 * (MOST_LETTERS - len(secret))
    secret.wipe()
    assert (len(secret), list(secret.codes()), any(secret._room)) == (0, [], False)
    assert "Secret(...)" in (str(secret), repr(secret))
