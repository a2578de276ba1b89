"""Evidence: the bytes of the wire, kept as WARC records that are on disk before they are named."""

from __future__ import annotations

import os
import re
import zlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from scrapy import Request
from scrapy.http import Response

from crawler.egresses import DIRECT
from storage.models import CapturePlace, Page
from storage.times import utc_now

RENDERED = "rendered"
"""The meta key with the browser that made a response's body; absent where the wire brought it."""
EGRESS = "egress"
"""The meta key with the name of a request's egress."""
_HOP = frozenset({b"content-encoding"})


class WireBody:
    """A downloader middleware below decompression: the body goes on as the wire brought it.

    Requests marked `wire` (feeds and articles) lose their Content-Encoding header here, so that
    Scrapy unpacks nothing: a worker does it, under limits. The header stays in the request's meta.
    """

    def process_response(self, request: Request, response: Response) -> Response:
        """Take the headers down, and the packing's name off."""
        if request.meta.get("wire"):
            request.meta["wire_headers"] = _as_received(response)
            request.meta["wire_fetched_at"] = utc_now()
            for name in _HOP:
                response.headers.pop(name, None)
        return response


def _as_received(response: Response) -> tuple[tuple[str, str], ...]:
    return tuple(
        (name.decode("latin-1"), value.decode("latin-1"))
        for name, values in response.headers.items()
        for value in values
    )


def page_of(response: Response) -> Page:
    """The Page that a response to a `wire` request is."""
    request = response.request
    assert request is not None
    meta = request.meta
    return Page(
        url=meta.get("redirect_urls", [request.url])[0],
        final_url=response.url,
        status=response.status,
        headers=meta["wire_headers"],
        body=response.body,
        fetched_at=meta["wire_fetched_at"],
        elapsed=round(meta.get("download_latency", 0.0), 3),
        redirects=tuple(meta.get("redirect_urls", ())),
        ip=_site_ip(response, meta),
        tls_verified=True if response.url.startswith("https:") else None,
        request_headers=_sent(request),
        egress=meta.get(EGRESS, DIRECT),
        rendered=meta.get(RENDERED, ""),
    )


def _site_ip(response: Response, meta: dict[str, Any]) -> str | None:
    """The site's address; behind an egress nobody knows it."""
    known = response.ip_address is not None and meta.get(EGRESS, DIRECT) == DIRECT
    return str(response.ip_address) if known else None


def _sent(request: Request) -> tuple[tuple[str, str], ...]:
    return tuple(
        (name.decode("latin-1"), b", ".join(values).decode("latin-1"))
        for name, values in request.headers.items()
    )


_NAME = re.compile(r"run-(?P<run>\d{6,18})(?:\.(?P<times>[1-9]\d{0,8}))?\.warc\.gz", re.ASCII)


def warc_name(run_id: int, times: int = 0) -> str:
    """The file of a run's records in the workspace's warc folder; `times`: thinned so often.

    >>> warc_name(12), warc_name(12, 1)
    ('run-000012.warc.gz', 'run-000012.1.warc.gz')
    """
    return f"run-{run_id:06d}.{times}.warc.gz" if times else f"run-{run_id:06d}.warc.gz"


def run_of(name: str) -> int | None:
    """The run whose records a file holds by its name; None for a file that is not ours."""
    found = _NAME.fullmatch(name)
    return int(found["run"]) if found else None


def thinned_name(name: str) -> str:
    """What a file of ours is called after it was thinned once more."""
    found = _NAME.fullmatch(name)
    assert found, "only files of ours are thinned"
    return warc_name(int(found["run"]), int(found["times"] or 0) + 1)


class WarcFile:
    """The WARC file of one run. Records are appended and synced before anyone may name them."""

    def __init__(self, folder: Path, run_id: int) -> None:
        """Nothing is made before the first record."""
        self.name = warc_name(run_id)
        self._path = folder / self.name
        self._fd: int | None = None
        self.written = 0

    def append(self, record: bytes) -> CapturePlace:
        """Append one record and wait until the disk has it."""
        fd = self._open()
        offset = os.lseek(fd, 0, os.SEEK_END)
        try:
            _write_all(fd, record)
        except OSError:
            os.ftruncate(fd, offset)  # half a record would hide every one behind it
            raise
        self.written += len(record)
        return CapturePlace(self.name, offset, len(record))

    def _open(self) -> int:
        if self._fd is None:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._fd = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
            _sync_folder(self._path.parent)
        return self._fd

    def close(self) -> None:
        """Close the file. Harmless twice."""
        if self._fd is not None:
            os.close(self._fd)
            self._fd = None


def _write_all(fd: int, data: bytes) -> None:
    _write(fd, data)
    os.fsync(fd)


def _write(fd: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(fd, view) :]


def _sync_folder(folder: Path) -> None:
    """Make a new file's name as durable as its bytes."""
    fd = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def cut_tail(folder: Path, name: str, end: int) -> int:
    """Cut what a killed run wrote past its last committed record; returns the bytes cut.

    A file that was thinned since is left alone: its records are named elsewhere, and somebody may
    still be reading it.
    """
    path, thinned = folder / name, name.replace(".warc.gz", ".*.warc.gz")
    if not path.exists() or any(folder.glob(thinned)):
        return 0
    extra = path.stat().st_size - end
    if extra > 0:
        os.truncate(path, end)
    return max(extra, 0)


def read_capture(folder: Path, place: CapturePlace) -> bytes:
    """The bytes of one record; raises FileNotFoundError, EOFError where they are not there."""
    with (folder / place.file).open("rb") as file:
        file.seek(place.offset)
        data = file.read(place.length)
    if len(data) != place.length:
        raise EOFError(f"{place.file} ends before the record at {place.offset}")
    return data


def copy_records(folder: Path, places: Iterable[CapturePlace], name: str) -> list[CapturePlace]:
    """Copy whole records, byte for byte, into a new file that is on the disk when this returns.

    Gives their new places in the same order. Leaves no file behind where it fails: raises OSError
    (FileExistsError where there is such a file), and EOFError or ValueError where at a place there
    is no whole record.
    """
    path = folder / name
    fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        copied = _copy_all(fd, folder, places, name)
        os.fsync(fd)
    except BaseException:
        path.unlink()
        raise
    finally:
        os.close(fd)
    _sync_folder(folder)
    return copied


def _copy_all(
    fd: int, folder: Path, places: Iterable[CapturePlace], name: str
) -> list[CapturePlace]:
    copied, end = [], 0
    for place in places:
        record = read_capture(folder, place)
        if not _is_whole(record):
            raise ValueError(f"{place.file} is damaged at {place.offset}")
        _write(fd, record)
        copied.append(CapturePlace(name, end, len(record)))
        end += len(record)
    return copied


def _is_whole(record: bytes) -> bool:
    """Whether these bytes are one gzip member, whole and nothing else."""
    unpacker = zlib.decompressobj(wbits=31)
    try:
        unpacker.decompress(record)
    except zlib.error:
        return False
    return unpacker.eof and not unpacker.unused_data
