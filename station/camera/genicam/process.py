"""The station's side of a camera process: start it, send commands with time limits, and end it in every case."""

import contextlib
import json
import logging
import os
import signal
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Sequence
from multiprocessing.connection import Connection, Pipe
from typing import Any, TypeVar

from station.camera.genicam import protocol
from station.camera.genicam.ring import close_memory, create_memory
from station.domain.errors import CameraBusyError, CameraError, CameraLostError

_log = logging.getLogger(__name__)
_END_S = 2.0
_LAST_LINES_S = 0.2
_PROGRAM = ("-P", "-m", "station.camera.genicam.process_main")

_ReplyT = TypeVar("_ReplyT", bound=protocol.Reply)


class CameraAbsentError(CameraError):
    """The producer does not find the camera."""


class CameraProcess:
    """One child process that holds at most one camera.

    It ends with `kill`, with the station, and as soon as it does not answer in time. Several threads may send
    commands; one thread reads `news`.

    Args:
        about: What the process is for, as used in messages: "camera 4711".

    Raises:
        CameraError: The machine has no process, memory or pipe left.
    """

    def __init__(self, about: str) -> None:
        self._about = about
        self._command_lock = threading.Lock()
        self._last_lines: deque[str] = deque(maxlen=20)
        try:
            self._start()
        except OSError as error:
            raise CameraError(f"No process can be started for {about}: {error}.") from error
        self._listener = threading.Thread(target=self._listen, name=f"log of {about}", daemon=True)
        self._listener.start()

    def _start(self) -> None:
        with contextlib.ExitStack() as made:
            self.memory = create_memory()
            made.callback(close_memory, self.memory)
            self._commands, its_commands = map(made.enter_context, Pipe())
            self.news, its_news = map(made.enter_context, Pipe(duplex=False))
            its_parent_pipe, self._parent_pipe = map(made.enter_context, Pipe(duplex=False))
            self._child = _launch((its_commands, its_news, its_parent_pipe), self.memory)
            made.pop_all()

    @property
    def pid(self) -> int:
        """Process id, for logs and tests."""
        return self._child.pid

    @property
    def alive(self) -> bool:
        """Whether the process has not ended; it may still hang."""
        return self._child.poll() is None

    @property
    def busy(self) -> bool:
        """Whether a command waits for its answer, which has a time limit of its own."""
        return self._command_lock.locked()

    def send_command(
        self, command: protocol.Command, answer: type[_ReplyT], within_s: float, *, free_within_s: float = -1.0
    ) -> _ReplyT:
        """Send a command and return its answer.

        Args:
            command: The command.
            answer: Type of the answer to this command.
            within_s: Longest wait for the answer, in seconds.
            free_within_s: Longest wait until the commands of other threads are answered; -1 waits without a limit.

        Raises:
            CameraError: The command was refused; the sentence says why.
            CameraBusyError: The command was not sent, because the process was busy for too long.
            CameraLostError: The process died or did not answer in time; it has been killed.
        """
        if not self._command_lock.acquire(timeout=free_within_s):
            raise CameraBusyError(f"The process of {self._about} is busy with another command.")
        try:
            reply = self._reply(command, within_s)
        finally:
            self._command_lock.release()
        if isinstance(reply, protocol.Refused):
            raise (CameraAbsentError if reply.absent else CameraError)(reply.sentence, reply.advice)
        assert isinstance(reply, answer)
        return reply

    def _reply(self, command: protocol.Command, within_s: float) -> protocol.Reply:
        try:
            protocol.send(self._commands, command)
            if not self._commands.poll(within_s):
                raise self.kill_as_lost(f"gave no answer to '{type(command).__name__}' within {within_s:g} s")
            reply: protocol.Reply = protocol.receive(self._commands)
        except (EOFError, OSError) as error:
            raise self.kill_as_lost("ended unexpectedly") from error
        return reply

    def kill_as_lost(self, what: str) -> CameraLostError:
        """Kill the process, log its last output and return the error; `kill` then releases its resources."""
        self._kill_group()
        self._listener.join(_LAST_LINES_S)
        for line in tuple(self._last_lines):  # a copy: the listener may still append
            _log.warning("Last output of %s: %s", self._about, line)
        return CameraLostError(f"The process of {self._about} {what}.")

    def close(self, within_s: float) -> None:
        """Ask the process to release the camera and end; kill it if it does not."""
        if self.alive:
            try:
                self.send_command(protocol.Close(), protocol.Done, within_s)
                self._child.wait(_END_S)
            except (CameraError, subprocess.TimeoutExpired) as error:
                _log.warning("%s did not close: %s", self._about, error)
        self.kill()

    def kill(self) -> None:
        """Kill the process if it is alive, and release its pipes and memory.

        For the thread that reads `news`. May be called twice.
        """
        if self._parent_pipe.closed:
            return
        self._kill_group()
        self._child.wait()
        with self._command_lock:  # a thread that waits for an answer gets the end of the pipe first
            for connection in (self._commands, self.news, self._parent_pipe):
                connection.close()
        self._listener.join(_END_S)
        close_memory(self.memory)

    def _kill_group(self) -> None:
        """Kill the process with all that its driver started.

        While any of them holds the output pipe, the listener is alive and the system does not reuse the group's id.
        """
        if self.alive or self._listener.is_alive():
            _kill_process_group(self._child)

    def _listen(self) -> None:
        assert self._child.stdout is not None
        with self._child.stdout as output:  # closed by this thread only: it may be blocked in a read
            for line in output:
                self._last_lines.append(line.rstrip())
                _log.debug("%s: %s", self._about, line.rstrip())


def _launch(its_ends: Sequence["Connection[Any, Any]"], memory: int) -> "subprocess.Popen[str]":
    handles = [end.fileno() for end in its_ends]
    command = [sys.executable, *_PROGRAM, json.dumps([*handles, memory])]
    child = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        **_inheriting(handles, memory),
    )
    for end in its_ends:
        end.close()
    return child


if sys.platform == "win32":

    def _inheriting(handles: list[int], memory: int) -> dict[str, Any]:
        for handle in handles:
            os.set_handle_inheritable(handle, True)
        startup = subprocess.STARTUPINFO(lpAttributeList={"handle_list": handles})
        return {"startupinfo": startup, "creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}

    def _kill_process_group(child: "subprocess.Popen[str]") -> None:
        child.kill()  # Windows has no process groups to kill

else:

    def _inheriting(handles: list[int], memory: int) -> dict[str, Any]:
        # Its own session, so that Ctrl-C in the terminal reaches the station only.
        return {"pass_fds": (*handles, memory), "start_new_session": True}

    def _kill_process_group(child: "subprocess.Popen[str]") -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):  # already ended; macOS raises it for zombies
            os.killpg(child.pid, signal.SIGKILL)
