"""The worst mistakes come first."""

from hypothesis import given
from hypothesis import strategies as st

from station.domain.evaluation import JudgedPicture, worst_first
from station.domain.verdict import Verdict

_PICTURES = st.lists(
    st.builds(
        JudgedPicture,
        st.from_regex(r"[a-z]{1,4}", fullmatch=True),
        st.sampled_from(["good", "crack"]),
        st.floats(0, 1),
        st.sampled_from([Verdict.PASS, Verdict.REVIEW, Verdict.FAIL]),
    )
)


def _picture(name: str, kind: str, score: float) -> JudgedPicture:
    return JudgedPicture(name, kind, score, Verdict.FAIL if score > 0.5 else Verdict.PASS)


def test_that_mistakes_are_ordered_by_how_far_they_are_on_the_wrong_side() -> None:
    pictures = [
        _picture("right", "crack", 0.9),
        _picture("overkill by 0.1", "good", 0.6),
        _picture("escape by 0.3", "crack", 0.2),
        _picture("close call", "crack", 0.52),
        _picture("escape by 0.1", "crack", 0.4),
    ]
    assert [each.name for each in worst_first(pictures, 0.5)] == [
        "escape by 0.3",
        "escape by 0.1",
        "overkill by 0.1",
        "close call",
        "right",
    ]


@given(pictures=_PICTURES)
def test_that_every_mistake_comes_before_every_right_judgement(pictures: list[JudgedPicture]) -> None:
    ordered = worst_first(pictures, 0.5)
    mistaken = [each.mistaken for each in ordered]
    assert mistaken == sorted(mistaken, reverse=True)
    assert sorted(ordered, key=repr) == sorted(pictures, key=repr)
