"""`linesidectl review`: what is to be reviewed, a word on it, and parts on hold."""

import json
from collections.abc import Callable

import pytest

from station.app import Station
from station.cli.program import run

Ask = Callable[..., tuple[int, list[dict[str, object]]]]


@pytest.fixture
def ask(station: Station, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Ask:
    """Run `linesidectl review` after six parts, of which parts 2 and 5 failed; return its exit code and its JSON."""
    monkeypatch.setenv("USER", "sam")
    station.line.load_recipe("plate")
    station.line.start(count=6)
    assert station.line.wait_stopped(30)

    def asked(*words: str) -> tuple[int, list[dict[str, object]]]:
        code = run(["--workspace", str(station.workspace.root), "review", *words, "--json", "-"])
        return code, [json.loads(line) for line in capsys.readouterr().out.splitlines()]

    return asked


@pytest.mark.slow
def test_that_a_shift_is_reviewed_by_commands(ask: Ask) -> None:
    code, (first, second, summary) = ask("list")
    assert (code, first["part"], second["part"]) == (0, "1/0002", "1/0005")
    assert (summary["reviewed"], summary["to_review"]) == (0, 2)
    assert ask("answer", "1/0002", "confirm")[0] == 0
    assert ask("answer", "1/5", "overrule")[0] == 2
    assert ask("answer", "1/2-5", "confirm")[0] == 2
    code, (said,) = ask("answer", "1/5", "overrule", "--reason", "dust")
    assert (code, said["open"], said["verdict"]) == (0, False, "FAIL")
    _, (summary,) = ask("list")
    assert summary["by_verdict"] == {
        "FAIL": {
            "count": 1, "n": 2, "rate": 0.5, "low": pytest.approx(0.095, abs=1e-3),
            "high": pytest.approx(0.905, abs=1e-3), "confirmed": ["1/0002"], "overruled": ["1/0005"],
        }
    }  # fmt: skip
    assert list(summary["by_person"]) == ["sam (system user)"]  # type: ignore[call-overload]
    assert len(ask("list", "--all")[1]) == 3
    assert ask("list", "--lot", "L7")[0] == 2


@pytest.mark.slow
def test_that_parts_are_put_on_hold_and_released_by_commands(
    station: Station, ask: Ask, capsys: pytest.CaptureFixture[str]
) -> None:
    code, (held,) = ask("hold", "1/2-4", "1/0006", "--reason", "complaint")
    assert (code, held["parts"]) == (0, ["1/0002", "1/0003", "1/0004", "1/0006"])
    assert ask("release", "1/3", "--reason", "solved")[0] == 0
    assert [each["part"] for each in ask("holds")[1]] == ["1/0002", "1/0004", "1/0006"]
    for wrong in (("hold", "1/2"), ("hold", "--reason", "why"), ("hold", "7", "--reason", "why"),
                  ("hold", "1/5-2", "--reason", "why"), ("hold", "1/99", "--reason", "why"),
                  ("release", "--lot", "L7", "--reason", "why")):  # fmt: skip
        assert ask(*wrong)[0] == 2
    assert len(station.holds.all()) == 3
