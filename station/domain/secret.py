"""A PIN on its way to its check: kept in one place that is wiped, and never as a text."""

import hmac
import unicodedata
from collections.abc import Iterator

MOST_LETTERS = 128


class Secret:
    """Letters that are typed one by one, or given at once, and wiped when they are not needed any more.

    A text of Python cannot be wiped, so a PIN that was one may be found in the memory of the process for hours. Each
    letter lies in a fixed array here, which never moves.
    """

    __slots__ = ("_letters", "_room")

    def __init__(self, text: str = "") -> None:
        self._room, self._letters = bytearray(4 * MOST_LETTERS), 0
        for letter in unicodedata.normalize("NFKC", text) if text else "":
            self.add(letter)

    def add(self, letter: str) -> None:
        """Add one letter; beyond MOST_LETTERS it is left out."""
        if self._letters < MOST_LETTERS:
            begin = 4 * self._letters
            self._room[begin : begin + 4] = ord(letter).to_bytes(4, "little")
            self._letters += 1

    def drop_last(self) -> None:
        """Take the last letter away, if there is one."""
        if self._letters:
            self._letters -= 1
            begin = 4 * self._letters
            self._room[begin : begin + 4] = bytes(4)

    def wipe(self) -> None:
        """Forget all letters."""
        self._room[:] = bytes(len(self._room))
        self._letters = 0

    def codes(self) -> Iterator[int]:
        """Yield the code of each letter."""
        for begin in range(0, 4 * self._letters, 4):
            yield int.from_bytes(self._room[begin : begin + 4], "little")

    def keyed_hash(self, key: bytes, purpose: str) -> str:
        """Return the HMAC-SHA256 of the letters under a key, for one purpose, as hexadecimal digits."""
        mac = hmac.new(key, f"{purpose}:".encode(), "sha256")
        with memoryview(self._room) as room, room[: 4 * self._letters] as letters:
            mac.update(letters)
        return mac.hexdigest()

    def same_as(self, other: "Secret") -> bool:
        """Return whether both have the same letters."""
        return hmac.compare_digest(self._room, other._room)

    def __len__(self) -> int:
        return self._letters

    def __del__(self) -> None:
        """Wipe what nobody has wiped: a command may refuse a PIN before it looks at it."""
        self.wipe()

    def __repr__(self) -> str:
        return "Secret(...)"
