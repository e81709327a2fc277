import pytest

from station.cli import bench_stages
from station.cli.bench_stages import Stages

MS = {
    "decode": 14.0,
    "prepare": 2.0,
    "infer": 12.0,
    "judge": 0.5,
    "thumbnail and preview": 4.0,
    "write": 3.0,
    "record": 2.0,
}


def stages(**ms: float) -> Stages:
    return Stages(MS | ms, MS | ms)


@pytest.fixture
def two_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    monkeypatch.setattr(bench_stages, "picture_threads", lambda: 2)


@pytest.mark.parametrize(
    ("ms", "rate", "held_by"),
    [
        ({}, 2000 / sum(MS.values()), "decode"),
        ({"infer": 40.0}, 1000 / 42.5, "infer"),
        ({"infer": 10.0, "write": 50.0}, 1000 / 52, "write"),
        ({"write": 30.0, "record": 30.5}, 1000 / 60.5, "record"),
    ],
    ids=["the cores", "inspection", "the disk", "the records"],
)
def test_that_the_slowest_worker_or_all_cores_together_set_the_rate(
    two_cores: None, ms: dict[str, float], rate: float, held_by: str
) -> None:
    assert stages(**ms).rate() == (pytest.approx(rate), held_by)


def test_that_a_worker_with_two_threads_takes_two_pictures_at_a_time(two_cores: None) -> None:
    waiting = Stages({"decode": 50.0, "infer": 30.0}, {"decode": 10.0, "infer": 10.0})
    assert waiting.rate() == (pytest.approx(1000 / 30), "infer")


def test_that_the_table_has_every_stage_and_its_last_line_names_the_one_that_holds_the_rate(two_cores: None) -> None:
    head, *lines, last = stages(infer=40.0).table("files")
    assert head.startswith("files")
    assert [line.split("  ")[1] for line in lines] == list(MS)
    assert last.strip() == "at most 23.5 pictures a second: infer holds it"
