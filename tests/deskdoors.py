"""The desk as people start it: the command in a process of its own, and certificates for it."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from crawler.cli.explore import READY
from crawler.cli.explore_accounts import FILE
from crawler.workspace import WorkspaceSettings, create_workspace
from storage.explorer.accounts import Account, hashed, written

PASSWORD = "four boats, one quay"


@dataclass(frozen=True)
class Running:
    """A started desk."""

    address: str
    process: subprocess.Popen[str]
    root: Path

    @property
    def base(self) -> str:
        """Without the key."""
        return self.address.partition("/?")[0].rstrip("/")

    def stop(self, how: int = signal.SIGTERM) -> tuple[int, float]:
        """Ask it to end; its exit code, and the seconds that it took."""
        began = time.monotonic()
        self.process.send_signal(how)
        code = self.process.wait(15)
        return code, time.monotonic() - began

    def log(self) -> str:
        """What its log says."""
        path = self.root / "logs" / "explore.log"
        return path.read_text(encoding="utf-8") if path.exists() else ""


def workspace(folder: Path, database: Path | None = None, *accounts: str) -> Path:
    """A workspace with a database, and with accounts."""
    settings = WorkspaceSettings(contact="desk@marsad.test", shipped=False)
    place = create_workspace(folder, settings)
    if database is not None:
        place.database.write_bytes(database.read_bytes())
    if accounts:
        found = [Account(name, hashed(PASSWORD, name), "2026-11-23") for name in accounts]
        (place.root / FILE).write_text(written(found), encoding="utf-8")
    return place.root


@contextmanager
def opened(root: Path, *options: str) -> Iterator[Running]:
    """The desk of a workspace on a free port, once it said that it is ready."""
    process = started(root, "--port", "0", *options)
    try:
        yield Running(_address(process), process, root)
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


def started(root: Path, *options: str) -> subprocess.Popen[str]:
    """The command, just begun."""
    command = [sys.executable, "-m", "crawler.cli.main", "explore", *options, "-w", str(root)]
    return subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        stdin=subprocess.DEVNULL,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )


def refused(root: Path, *options: str) -> tuple[int, str]:
    """The exit code and the words of a desk that does not open."""
    process = started(root, *options)
    out, err = process.communicate(timeout=60)
    assert READY not in out
    return process.returncode, " ".join(err.split())


def _address(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    assert process.stderr is not None
    there, _, _ = select.select([process.stdout], [], [], 60)
    line = process.stdout.readline() if there else ""
    if not line.startswith(READY):
        process.kill()
        raise AssertionError(f"it said {line!r} and {process.stderr.read()!r}")
    return line.removeprefix(READY).strip()


def certificate(
    folder: Path, *names: str, days: int = 10, began_before: int = 1
) -> tuple[Path, Path]:
    """A certificate of our own for these host names, and its key."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "desk of a test")])
    now = datetime.now(UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=began_before))
        .not_valid_after(now + timedelta(days=days))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    )
    if names:
        hosts = x509.SubjectAlternativeName([x509.DNSName(one) for one in names])
        builder = builder.add_extension(hosts, critical=False)
    made = builder.sign(key, hashes.SHA256())
    pem, secret = folder / "cert.pem", folder / "key.pem"
    pem.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return pem, secret
