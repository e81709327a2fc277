"""A camera process as the station sees it: started, spoken to with time limits, and ended for certain."""

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
    """The camera is not in sight of a producer."""


class CameraProcess:
    """One child that holds at most one camera.

    It ends with this object, with the station, and whenever it does not answer in time. Commands may come from
    several threads; news is read by one.

    Args:
        about: What it is for, as people call it: "camera 4711".

    Raises:
        CameraError: The machine gives no process, memory or pipe.
    """

    def __init__(self, about: str) -> None:
        self._about = about
        self._command_lock = threading.Lock()
        self._last_lines: deque[str] = deque(maxlen=20)
        try:
            self._begin()
        except OSError as error:
            raise CameraError(f"No process can be started for {about}: {error}.") from error
        self._listener = threading.Thread(target=self._listen, name=f"log of {about}", daemon=True)
        self._listener.start()

    def _begin(self) -> None:
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
        """It has not ended; it may hang."""
        return self._child.poll() is None

    @property
    def busy(self) -> bool:
        """A command waits for its answer, which has a time limit of its own."""
        return self._command_lock.locked()

    def send_command(
        self, command: protocol.Command, answer: type[_ReplyT], within_s: float, *, free_within_s: float = -1.0
    ) -> _ReplyT:
        """Give a command and wait for its answer.

        Args:
            command: What is asked.
            answer: What it is answered with.
            within_s: Longest wait for the answer.
            free_within_s: Longest wait for the answers to the commands of other threads; -1 for as long as they take.

        Raises:
            CameraError: It was refused; the sentence says why.
            CameraBusyError: It was not given, since others took too long.
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
        """Kill the process and say why, with its last words in the log; `kill` gives back what belonged to it."""
        self._kill_group()
        self._listener.join(_LAST_LINES_S)
        for line in tuple(self._last_lines):  # it may still listen
            _log.warning("%s said: %s", self._about, line)
        return CameraLostError(f"The process of {self._about} {what}.")

    def close(self, within_s: float) -> None:
        """Let the process give the camera back, and end it where it does not."""
        if self.alive:
            try:
                self.send_command(protocol.Close(), protocol.Done, within_s)
                self._child.wait(_END_S)
            except (CameraError, subprocess.TimeoutExpired) as error:
                _log.warning("%s did not close: %s", self._about, error)
        self.kill()

    def kill(self) -> None:
        """Kill the process if it lives, and give back everything that belonged to it.

        For the thread that reads the news; ending twice is allowed.
        """
        if self._parent_pipe.closed:
            return
        self._kill_group()
        self._child.wait()
        with self._command_lock:  # whoever still waits for an answer has been told the end by now
            for connection in (self._commands, self.news, self._parent_pipe):
                connection.close()
        self._listener.join(_END_S)
        close_memory(self.memory)

    def _kill_group(self) -> None:
        """Also what a driver has started: while somebody can still be heard, the number of the group is not reused."""
        if self.alive or self._listener.is_alive():
            _kill_with_its_helpers(self._child)

    def _listen(self) -> None:
        assert self._child.stdout is not None
        with self._child.stdout as said:  # closed here: nobody else could while a line is waited for
            for line in said:
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

    def _kill_with_its_helpers(child: "subprocess.Popen[str]") -> None:
        child.kill()  # Windows knows no group that could be killed

else:

    def _inheriting(handles: list[int], memory: int) -> dict[str, Any]:
        # A session of its own: Ctrl-C in the station's terminal is the station's to answer.
        return {"pass_fds": (*handles, memory), "start_new_session": True}

    def _kill_with_its_helpers(child: "subprocess.Popen[str]") -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):  # all have ended; macOS says it of zombies
            os.killpg(child.pid, signal.SIGKILL)
