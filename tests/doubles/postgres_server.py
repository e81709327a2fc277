"""A real PostgreSQL server on loopback, in a temporary folder of a user without rights; stopped, killed, started."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import psycopg
import pytest
from sqlalchemy import URL

USER, PASSWORD, DATABASE = "lineside", "pass word/@:", "postgres"
_WITHIN_S = 60.0
_QUICK = ("fsync=off", "full_page_writes=off", "synchronous_commit=off")

_EMPTY = """
DO $$ DECLARE found record; BEGIN
    FOR found IN SELECT relname, relkind FROM pg_class
        WHERE relnamespace = '{schema}'::regnamespace AND relkind IN ('r', 'S') AND relname <> 'alembic_version'
    LOOP
        IF found.relkind = 'r' THEN EXECUTE format('DELETE FROM {schema}.%I', found.relname);
        ELSE PERFORM setval(format('{schema}.%I', found.relname)::regclass, 1, false); END IF;
    END LOOP;
END $$
"""


def programs() -> Path | None:
    """Where the programs of the server are; None if it is not installed. Debian keeps them off the search path."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    beside = shutil.which("initdb")
    return found[-1].parent if found else Path(beside).parent if beside else None


class PostgresServer:
    """One server with one database; the tests of a run share it, each with schemas of its own."""

    def __init__(self, *, durable: bool = False) -> None:
        """Make the folder and start nothing.

        Args:
            durable: Each commit is on the disk before it is answered; else the machine must not fail.
        """
        found = programs()
        assert found is not None, "PostgreSQL is not installed"
        self._programs = found
        self._user = "nobody" if os.geteuid() == 0 else None  # it refuses to run as root
        self._options = () if durable else _QUICK
        self._server: subprocess.Popen[bytes] | None = None
        self.folder = Path(mkdtemp(prefix="lineside-pg-"))
        self.port = _free_port()
        if self._user is not None:
            shutil.chown(self.folder, self._user)
        self._make()

    def url(self, password: str = PASSWORD, user: str = USER) -> URL:
        """The address of its database."""
        return URL.create("postgresql+psycopg", user, password, "127.0.0.1", self.port, DATABASE)

    def empty(self, schema: str) -> None:
        """Remove every row of a schema, also those that its triggers guard; numbers begin at 1 again."""
        with self.connect() as connection:
            connection.execute("SET LOCAL session_replication_role = replica")
            connection.execute(_EMPTY.format(schema=schema).encode())

    def connect(self) -> "psycopg.Connection[tuple[Any, ...]]":
        """A plain connection, for what only a test does."""
        return psycopg.connect(host="127.0.0.1", port=self.port, user=USER, password=PASSWORD, dbname=DATABASE)

    def throw_out(self) -> None:
        """Cut every connection of the station, as a server does that is shut down."""
        with self.connect() as plain:
            plain.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'lineside'")

    def start(self) -> None:
        """Start it, and wait until it answers."""
        options = [f"port={self.port}", f"unix_socket_directories={self.folder}", "listen_addresses=127.0.0.1",
                   "max_connections=200", *self._options]  # fmt: skip
        command = [self._programs / "postgres", "-D", self._data, *(part for each in options for part in ("-c", each))]
        with (self.folder / "log").open("ab") as log:
            self._server = subprocess.Popen(command, stdout=log, stderr=log, user=self._user, cwd=self.folder)
        ready = [self._programs / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(self.port)]
        give_up = time.monotonic() + _WITHIN_S
        while subprocess.call(ready):
            assert time.monotonic() < give_up, (self.folder / "log").read_text()
            time.sleep(0.02)

    def stop(self) -> None:
        """Shut it down: those who are connected are thrown out."""
        self._end(signal.SIGINT)

    def kill(self) -> None:
        """Kill it as a power cut would: nothing is put in order, and its children go with it."""
        server = self._server
        assert server is not None
        ask = ["ps", "-o", "pid=", "--ppid", str(server.pid)]
        children = subprocess.run(ask, check=False, capture_output=True, text=True)
        self._end(signal.SIGKILL)
        for child in children.stdout.split():
            with suppress(ProcessLookupError):
                os.kill(int(child), signal.SIGKILL)
        while any(Path(f"/proc/{child}").exists() for child in children.stdout.split()):
            time.sleep(0.01)

    def remove(self) -> None:
        """Stop it, and remove its folder."""
        if self._server is not None:
            self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def _data(self) -> Path:
        return self.folder / "data"

    def _make(self) -> None:
        secret = self.folder / "secret"
        secret.write_text(PASSWORD)
        if self._user is not None:
            shutil.chown(secret, self._user)
        words = ["--auth", "scram-sha-256", "--username", USER, "--pwfile", secret, "--encoding", "UTF8", "--no-sync"]
        command = [self._programs / "initdb", "-D", self._data, *words, "--locale", "C"]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, user=self._user, cwd=self.folder)

    def _end(self, sign: signal.Signals) -> None:
        server = self._server
        assert server is not None
        server.send_signal(sign)
        server.wait(_WITHIN_S)
        self._server = None


def required() -> None:
    """Skip where the server cannot be: it is a Debian package that `installer/bootstrap.py test` installs."""
    if programs() is None or sys.platform == "win32":
        pytest.skip("PostgreSQL is not installed: apt-get install postgresql")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """The server of a plant, for tests that only read and write there."""
    required()
    server = PostgresServer()
    try:
        server.start()
        yield server
    finally:
        server.remove()
