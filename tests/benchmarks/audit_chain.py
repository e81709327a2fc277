"""The audit trail: following the whole chain, beside a bare pass over the same rows with hashlib.

    python tests/benchmarks/audit_chain.py [--rows 1000000] [--rounds 5] [--json FILE]

The bare pass reads every column with the database's own module and takes the SHA-256 of each row; it compares nothing.
Both passes take turns, and processor seconds are compared. Wanted: at most 1.5 times the bare pass.
"""

import argparse
import hashlib
import json
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from station.domain.audit_chain import GENESIS, Link, entry_hash
from station.storage.engine.database import Database
from station.storage.people.audit_head import AuditHead
from station.storage.people.audit_log import HEAD_NAME, AuditLog

MOST = 1.5
COLUMNS = "number, at, person, station, action, subject, old, new, reason, previous_hash, hash"


def chain(rows: int) -> Iterator[tuple[object, ...]]:
    """Yield the rows of an honest chain, with texts as long as people write them."""
    previous = GENESIS
    for number in range(1, rows + 1):
        at = 1_790_000_000_000_000 + number * 1_000_000
        old, new = f"plate@{number}: limits.image_threshold 0.5", "limits.image_threshold 0.62 (draft)"
        texts = ("Maria Kowalska", "Press 4", "limits changed", f"plate@{number + 1}", old, new, "too many rejects")
        digest = entry_hash(number, at, [text.encode() for text in (*texts, previous)])
        yield number, at, *texts, previous, digest
        previous = digest


def fill(path: Path, rows: int) -> None:
    """Make a database with this number of entries, and its head."""
    Database.open(path).close()
    with sqlite3.connect(path) as plain:
        plain.execute("DROP TRIGGER audit_log_grows_at_its_end")
        plain.executemany(f"INSERT INTO audit_log ({COLUMNS}) VALUES ({', '.join('?' * 11)})", chain(rows))
        number, digest = plain.execute("SELECT number, hash FROM audit_log ORDER BY number DESC LIMIT 1").fetchone()
    plain.close()
    AuditHead(path.with_name(HEAD_NAME)).advance(Link(number, digest))


def bare(path: Path) -> None:
    """Read every row and hash it."""
    plain = sqlite3.connect(path)
    for number, at, *texts in plain.execute(f"SELECT {COLUMNS} FROM audit_log ORDER BY number"):
        hashlib.sha256(f"{number}{at}{''.join(texts)}".encode()).hexdigest()
    plain.close()


def followed(path: Path, rows: int) -> None:
    """Follow the chain as `linesidectl verify` does."""
    database = Database.open(path)
    state = AuditLog.beside(database, "Press 4").verify()
    database.close()
    assert (state.verified.number, state.broken) == (rows, None)


def seconds(work: Callable[[], None]) -> float:
    """Return the processor seconds of this process."""
    begun = time.process_time()
    work()
    return time.process_time() - begun


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="lineside-") as folder:
        path = Path(folder) / "station.db"
        fill(path, asked.rows)
        pairs = [
            (seconds(lambda: bare(path)), seconds(lambda: followed(path, asked.rows))) for _ in range(asked.rounds)
        ]
    bare_s, followed_s = (statistics.median(each) for each in zip(*pairs, strict=True))
    ratio = followed_s / bare_s
    result = {
        "rows": asked.rows,
        "bare_s": bare_s,
        "verify_s": followed_s,
        "ratio": ratio,
    }
    print(f"{asked.rows} entries: bare pass {bare_s:.2f} s, chain followed {followed_s:.2f} s: {ratio:.2f} times")
    if asked.json:
        asked.json.write_text(json.dumps(result) + "\n", "utf-8")
    return int(ratio > MOST)


if __name__ == "__main__":
    raise SystemExit(main())
