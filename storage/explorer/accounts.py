"""Who may come in where the desk is open to more than one machine: names and hashed passwords.

They stand in a file of the workspace. It is read again whenever it changes, so that a removed
account is shut out at once; where it cannot be read, nobody comes in.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from unicodedata import category, normalize

from storage.errors import StorageError

LONGEST_NAME = 60
SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 500
_NOBODY = (
    "pbkdf2_sha256$480000$00000000000000000000000000000000$"
    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
)
"""Compared with the password of a name that is unknown, so that both take as long."""


class AccountsUnreadable(StorageError):
    """The file of accounts cannot be understood."""


@dataclass(frozen=True, slots=True)
class Account:
    """A name and the hash of its password, since a day."""

    name: str
    password: str
    since: str


def name_of(text: str) -> str:
    """A name as it is kept. Raises ValueError in words where it is none."""
    name = normalize("NFC", " ".join(text.split()))
    if not name or len(name) > LONGEST_NAME:
        raise ValueError(f"a name has 1 to {LONGEST_NAME} letters")
    if any(category(letter) in ("Cc", "Cf", "Co", "Cs", "Zl", "Zp") for letter in name):
        raise ValueError("a name has no control characters")
    return name


def hashed(password: str, name: str) -> str:
    """The hash of a new password. Raises ValueError in words where it is too easy to guess."""
    from datasette_auth_passwords.utils import (
        hash_password,
    )

    if len(password) < SHORTEST_PASSWORD:
        raise ValueError(f"a password has at least {SHORTEST_PASSWORD} characters")
    if len(password) > LONGEST_PASSWORD:
        raise ValueError(f"a password has at most {LONGEST_PASSWORD} characters")
    if name.casefold() in password.casefold() or len(set(password)) < 5:
        raise ValueError("this password is too easy to guess")
    return str(hash_password(normalize("NFC", password)))


def fits(password: str, kept: str | None) -> bool:
    """Whether a password is the one whose hash is kept; takes a part of a second in any case."""
    from datasette_auth_passwords.utils import verify_password

    given = normalize("NFC", password[:LONGEST_PASSWORD])
    try:
        right = verify_password(given, kept or _NOBODY)
    except (ValueError, AssertionError):  # a hash that somebody wrote by hand
        return False
    return bool(right) and kept is not None


def read_accounts(path: Path) -> dict[str, Account]:
    """The accounts of a file by name; none where there is no file. Raises AccountsUnreadable."""
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8")).get("account", [])
        found = [
            Account(str(one["name"]), str(one["password"]), str(one["since"])) for one in tables
        ]
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, TypeError, KeyError) as wrong:
        kind = type(wrong).__name__
        raise AccountsUnreadable(
            f"{path} cannot be read ({kind}): put it back from a backup, or remove it and add the "
            "accounts anew with `marsad explore account add NAME`"
        ) from None
    return {one.name: one for one in found}


def written(accounts: Iterable[Account]) -> str:
    """The accounts as a file, by name."""
    head = "# Who may sign in to `marsad explore`; changed by `marsad explore account`.\n"
    return head + "".join(
        f"\n[[account]]\nname = {_quoted(one.name)}\npassword = {_quoted(one.password)}\n"
        f"since = {_quoted(one.since)}\n"
        for one in sorted(accounts, key=lambda one: one.name)
    )


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


class LiveAccounts:
    """The accounts of a file as they are now."""

    def __init__(self, path: Path) -> None:
        """The file may come to be, change and go later."""
        self._path = path
        self._seen: tuple[int, int, int] | None = None
        self._hashes: Mapping[str, str] = {}

    def hashes(self) -> Mapping[str, str]:
        """Name -> hash of the password; nobody where the file cannot be read."""
        try:
            place = self._path.stat()
        except OSError:
            self._seen, self._hashes = None, {}
            return self._hashes
        seen = (place.st_ino, place.st_mtime_ns, place.st_size)
        if seen != self._seen:
            self._hashes = self._read()
            self._seen = seen
        return self._hashes

    def _read(self) -> Mapping[str, str]:
        try:
            return {name: one.password for name, one in read_accounts(self._path).items()}
        except AccountsUnreadable:
            return {}
