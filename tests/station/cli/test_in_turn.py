from collections.abc import Callable

from station.cli.in_turn import in_turn


def test_that_ways_take_turns_and_each_goes_first_every_second_round() -> None:
    calls: list[tuple[str, int]] = []

    def way(name: str) -> Callable[[int], int]:
        def call(number: int) -> int:
            calls.append((name, number))
            return number

        return call

    taken = in_turn({"ours": way("ours"), "peer": way("peer")}, rounds=3, warm_up=1)
    assert [name for name, _ in calls] == ["peer", "ours", "ours", "peer", "peer", "ours", "ours", "peer"]
    assert taken == {"ours": [0, 1, 2], "peer": [0, 1, 2]}
