"""The training process gets its job, sends messages and is stopped; a wrong message is not a result."""

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from station.domain.errors import BadInputError, FaultError
from station.learning import jobs
from station.learning.jobs import Cancellation, TrainingCancelledError, TrainingJob, run_training, waiting_child
from station.learning.presets import METHODS
from station.learning.progress import Progress

STEP = '{"stage": "Looking", "done": 1, "total": 2, "left_s": 0.5}'


@pytest.fixture
def job(tmp_path: Path) -> TrainingJob:
    return TrainingJob(
        dataset=tmp_path / "nowhere", output=tmp_path, cache=tmp_path, method=METHODS["fast"], input_size=(256, 256)
    )


@pytest.fixture
def child_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Put a stand-in in the place of the training program."""

    def put(code: str) -> None:
        (tmp_path / "stand_in.py").write_text(f"import sys, time\njob = sys.stdin.readline()\n{code}")
        monkeypatch.setattr(jobs, "MODULE", "stand_in")
        monkeypatch.setenv("PYTHONPATH", str(tmp_path))

    return put


def test_that_progress_comes_up_and_the_job_goes_down(job, tmp_path, child_says):
    child_says(f"open({str(tmp_path / 'job')!r}, 'w').write(job)\nprint({STEP!r})")
    steps: list[Progress] = []
    with pytest.raises(FaultError):
        run_training(job, tmp_path / "log", steps.append)
    assert steps == [Progress("Looking", 1, 2, 0.5)]
    assert TrainingJob.model_validate_json((tmp_path / "job").read_text()) == job


@pytest.mark.parametrize(("kind", "error"), [("input", BadInputError), ("fault", FaultError)])
def test_that_a_refusal_keeps_its_words(job, tmp_path, child_says, kind, error):
    refusal = f'{{"sentence": "Too few.", "advice": "Give more.", "kind": "{kind}"}}'
    child_says(f"print({refusal!r})")
    with pytest.raises(error) as refused:
        run_training(job, tmp_path / "log", lambda _: None)
    assert (refused.value.sentence, refused.value.advice) == ("Too few.", "Give more.")


def test_that_a_child_that_dies_is_a_fault_with_its_log(job, tmp_path, child_says):
    child_says("sys.exit('boom')")
    with pytest.raises(FaultError, match=r"without a result \(exit code 1\)") as fault:
        run_training(job, tmp_path / "log", lambda _: None)
    assert str(tmp_path / "log") in fault.value.advice
    assert "boom" in (tmp_path / "log").read_text()


def test_that_half_a_line_is_not_a_message(job, tmp_path, child_says):
    child_says(f"sys.stdout.write({STEP[:20]!r})")
    with pytest.raises(FaultError, match="without a result"):
        run_training(job, tmp_path / "log", lambda _: None)


def test_that_chatter_is_a_fault(job, tmp_path, child_says):
    child_says("print('Welcome to torch!')")
    with pytest.raises(FaultError, match="cannot be read: 'Welcome"):
        run_training(job, tmp_path / "log", lambda _: None)


def test_that_a_cancelled_training_ends_though_the_child_does_not_listen(job, tmp_path, child_says):
    child_says(f"print({STEP!r}, flush=True)\ntime.sleep(600)")
    cancellation = Cancellation()
    with pytest.raises(TrainingCancelledError):
        run_training(job, tmp_path / "log", lambda _: cancellation.request(), cancellation)


def test_that_a_training_cancelled_before_it_began_does_not_begin(job, tmp_path, child_says):
    child_says("time.sleep(600)")
    cancellation = Cancellation()
    cancellation.request()
    with pytest.raises(TrainingCancelledError):
        run_training(job, tmp_path / "log", lambda _: None, cancellation)


def test_that_an_error_in_the_station_leaves_no_child_behind(job, tmp_path, child_says):
    note_pid = f"import os; open({str(tmp_path / 'pid')!r}, 'w').write(str(os.getpid()))"
    child_says(f"{note_pid}\nprint({STEP!r}, flush=True)\ntime.sleep(600)")

    def fail(_: Progress) -> None:
        raise RuntimeError("screen is gone")

    with pytest.raises(RuntimeError, match="screen is gone"):
        run_training(job, tmp_path / "log", fail)
    with pytest.raises(ProcessLookupError):
        os.kill(int((tmp_path / "pid").read_text()), 0)


def test_that_a_child_that_waits_gets_the_job_and_is_ended(job, tmp_path, child_says):
    child_says(f"open({str(tmp_path / 'job')!r}, 'w').write(job)\nprint({STEP!r}, flush=True)\ntime.sleep(600)")
    cancellation = Cancellation()
    with waiting_child(tmp_path / "log") as child, pytest.raises(TrainingCancelledError):
        run_training(job, tmp_path / "log", lambda _: cancellation.request(), cancellation, child)
    assert TrainingJob.model_validate_json((tmp_path / "job").read_text()) == job
    assert child.returncode is not None


def test_that_a_child_that_ended_while_it_waited_is_a_fault_with_its_log(job, tmp_path, monkeypatch):
    monkeypatch.setattr(jobs, "MODULE", "there_is_no_such_module")
    with waiting_child(tmp_path / "log") as child:
        child.wait()
        with pytest.raises(FaultError, match=r"without a result \(exit code 1\)"):
            run_training(job, tmp_path / "log", lambda _: None, waiting=child)
    assert "there_is_no_such_module" in (tmp_path / "log").read_text()


# -- the real program -------------------------------------------------------------------------------------------------


def start(*arguments: str) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "station.trainer", *arguments]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, encoding="utf-8")


def test_that_the_program_ends_in_silence_if_the_station_ends_before_it_gives_a_job():
    program = start()
    said, _ = program.communicate("")
    assert (program.returncode, said) == (130, "")


def test_that_the_program_refuses_anything_but_a_job():
    program = start()
    said, _ = program.communicate("{}\n")
    assert program.returncode == 2
    assert "is not a training job" in said


def test_that_the_program_refuses_a_folder_without_pictures(job, tmp_path):
    (tmp_path / "job.json").write_text(job.model_dump_json())
    program = start(str(tmp_path / "job.json"))
    said, _ = program.communicate()
    assert program.returncode == 2
    assert "is damaged" in said


@pytest.mark.skipif(sys.platform == "win32", reason="a file that is never there in full is a pipe of POSIX")
def test_that_the_program_ends_when_the_station_is_gone(job):
    job.dataset.mkdir()
    os.mkfifo(job.dataset / "manifest.json")  # reading it takes for ever
    program = start()
    assert program.stdin is not None
    program.stdin.write(job.model_dump_json() + "\n")
    program.stdin.close()
    ended = threading.Thread(target=program.wait)
    ended.start()
    ended.join(60)
    assert not ended.is_alive()
    assert program.returncode == 130
    assert program.stdout is not None
    program.stdout.close()
