"""From bytes as they came over the wire to text: unpacking under a hard limit, then the charset.

Order of trust for the charset: byte-order mark; valid UTF-8, whatever is declared; UTF-8 with a
few bad bytes; what the header, then the document itself declares, if it gives plausible text; a
detector. Otherwise there is a reason and no text.
"""

from __future__ import annotations

import codecs
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from storage.models import Outcome, Page

_CHUNK = 256  # packed bytes given to zstandard at a time: at most some 8 MB come out of them
_ZSTD_WINDOW = 8 * 2**20  # RFC 9659 allows no larger one on the web
_MAX_CODINGS = 3
_HEAD = 4096  # bytes searched for a declared charset; browsers look at 1024
_BAD_SHARE = 0.001  # of all bytes: above it, UTF-8 with bad bytes is no UTF-8
_BAD_SEQUENCE_SHARE = 0.1  # of the multi-byte characters; decides for short documents
_TEXT_START = re.compile(rb"\s*[<{\[]|\xef\xbb\xbf|\xff\xfe|\xfe\xff")
_MAGIC = (
    (b"%PDF-", "pdf"),
    (b"\x89PNG", "png"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"GIF8", "gif"),
    (b"PK\x03\x04", "zip"),
    (b"RIFF", "riff"),
)


@dataclass(frozen=True, slots=True)
class Failure:
    """Why bytes could not become text."""

    outcome: Outcome
    reason: str


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text without NUL and lone surrogates, the charset's WHATWG name, and how it was found.

    `method`: bom, utf-8, utf-8-repaired, header, meta, sniffed or detector.
    `replaced` counts the characters that stand for bad bytes; `sent` are the bytes themselves
    where they are the text's own UTF-8, for those who would have to encode it again.
    """

    text: str
    charset: str
    method: str
    replaced: int = 0
    sent: bytes = b""


# ---------------------------------------------------------------- unpacking


class _TooLargeError(Exception):
    """More comes out of a body than the limit allows."""


class _CutShortError(Exception):
    """A packed body ends before its own end mark."""


class _NotPackedError(Exception):
    """A body is not packed in the way that its header says, from the first byte on."""


def unpack(page: Page, limit: int) -> bytes | Failure:
    """The page's body without its content encodings, or why that cannot be had.

    No more than `limit` bytes (plus one decompressor step) are ever held. A plain body under a
    packed header is taken as it is; a cut one is a failure, never half a page.
    """
    codings = _codings(page)
    if len(codings) > _MAX_CODINGS:
        return Failure(Outcome.UNREADABLE, f"packed {len(codings)} times")
    body = page.body
    for coding in reversed(codings):
        result = _unpack_one(body, coding, limit)
        if isinstance(result, Failure):
            return result
        body = result
    if len(body) > limit:
        return Failure(Outcome.TOO_LARGE, f"over {limit} bytes")
    return body


def _codings(page: Page) -> list[str]:
    """The content encodings in the order in which they were applied."""
    values = [value for name, value in page.headers if name.lower() == "content-encoding"]
    names = [name.strip().lower() for name in ",".join(values).split(",")]
    return [name for name in names if name not in ("", "identity", "none")]


def _unpack_one(body: bytes, coding: str, limit: int) -> bytes | Failure:
    unpacker = _UNPACKERS.get(coding)
    try:
        if unpacker is None:
            raise _NotPackedError
        return b"".join(_within(unpacker(body, limit), limit))
    except _TooLargeError:
        return Failure(Outcome.TOO_LARGE, f"over {limit} bytes unpacked from {coding}")
    except _CutShortError:
        return Failure(Outcome.NETWORK_ERROR, f"truncated {coding} body")
    except _NotPackedError:
        if not body or _looks_plain(body):
            return body
        known = "not readable as " if unpacker else "unknown content encoding "
        return Failure(Outcome.UNREADABLE, f"{known}{coding[:40]}")


def _looks_plain(body: bytes) -> bool:
    return _TEXT_START.match(body) is not None or (
        b"\0" not in body[:_HEAD] and not _undecodable_share(body[:_HEAD])
    )


def _undecodable_share(head: bytes) -> float:
    """How much of `head` is not UTF-8; a character cut by the end of `head` does not count."""
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    text = decoder.decode(head)
    return text.count("\ufffd") / max(1, len(text))


def _within(pieces: Iterator[bytes], limit: int) -> Iterator[bytes]:
    """The pieces, as long as they are within `limit` bytes together."""
    total = 0
    for piece in pieces:
        total += len(piece)
        if total > limit:
            raise _TooLargeError
        yield piece


def _gunzip(body: bytes, limit: int) -> Iterator[bytes]:
    """All members of a gzip body; what follows the last one and is no gzip is left out."""
    rest = body
    while rest[:2] == b"\x1f\x8b" or rest is body:
        member = zlib.decompressobj(wbits=31)
        yield _inflated(member, rest, limit)
        if not member.eof:
            raise _CutShortError
        rest = member.unused_data


def _inflated(inflater: zlib._Decompress, body: bytes, limit: int) -> bytes:
    try:
        data = inflater.decompress(body, limit + 1)
    except zlib.error as error:
        raise _NotPackedError from error
    if len(data) > limit:
        raise _TooLargeError
    return data


def _inflate(body: bytes, limit: int) -> Iterator[bytes]:
    """Deflate with the zlib header that the standard asks for, or without, as some servers do."""
    for wbits in (15, -15):
        inflater = zlib.decompressobj(wbits=wbits)
        try:
            data = _inflated(inflater, body, limit)
        except _NotPackedError:
            continue
        if not inflater.eof:
            raise _CutShortError
        yield data
        return
    raise _NotPackedError


def _unbrotli(body: bytes, limit: int) -> Iterator[bytes]:
    import brotli

    decoder = brotli.Decompressor()
    piece = body
    try:
        while not decoder.is_finished():
            data = decoder.process(piece, output_buffer_limit=min(limit, 2**20))
            piece = b""
            if not data and decoder.can_accept_more_data():
                raise _CutShortError
            yield data
    except brotli.error as error:
        raise _NotPackedError from error


def _unzstd(body: bytes, limit: int) -> Iterator[bytes]:
    import zstandard

    unpacker = zstandard.ZstdDecompressor(max_window_size=_ZSTD_WINDOW)
    rest = body
    try:
        while rest:
            frame = unpacker.decompressobj()
            for start in range(0, len(rest), _CHUNK):
                yield frame.decompress(rest[start : start + _CHUNK])
                if frame.eof:
                    break
            else:
                raise _CutShortError
            rest = frame.unused_data + rest[start + _CHUNK :]
    except zstandard.ZstdError as error:
        raise _NotPackedError from error


_UNPACKERS = {
    "gzip": _gunzip,
    "x-gzip": _gunzip,
    "deflate": _inflate,
    "br": _unbrotli,
    "zstd": _unzstd,
}

# ---------------------------------------------------------------- charset

_CODECS = {  # WHATWG name -> (Python codec, labels); labels after https://encoding.spec.whatwg.org
    "utf-8": ("utf-8", "utf8 unicode-1-1-utf-8 x-unicode20utf8 unicode11utf8 utf-8-sig utf8mb4"),
    "windows-1256": ("cp1256", "cp1256 x-cp1256"),
    "iso-8859-6": (
        "iso8859-6",
        "arabic asmo-708 csisolatinarabic ecma-114 iso8859-6 iso_8859-6 iso-8859-6-i iso-8859-6-e",
    ),
    "windows-1252": (
        "cp1252",
        "cp1252 x-cp1252 iso-8859-1 iso8859-1 iso_8859-1 latin1 latin-1 l1 ascii us-ascii ansi",
    ),
    "windows-1254": ("cp1254", "cp1254 x-cp1254 iso-8859-9 iso8859-9 latin5 l5 turkish"),
    "iso-8859-15": ("iso8859-15", "iso8859-15 iso_8859-15 latin9 l9"),
    "windows-1250": ("cp1250", "cp1250 x-cp1250"),
    "iso-8859-2": ("iso8859-2", "iso8859-2 latin2 l2"),
    "windows-1251": ("cp1251", "cp1251 x-cp1251"),
    "koi8-r": ("koi8-r", "koi koi8 koi8_r"),
    "windows-1253": ("cp1253", "cp1253 x-cp1253"),
    "iso-8859-7": ("iso8859-7", "greek iso8859-7"),
    "windows-1255": ("cp1255", "cp1255 x-cp1255"),
    "iso-8859-8": ("iso8859-8", "hebrew iso8859-8 iso-8859-8-i"),
    "windows-1257": ("cp1257", "cp1257 x-cp1257"),
    "windows-1258": ("cp1258", "cp1258 x-cp1258"),
    "gbk": ("gb18030", "gb2312 gb_2312-80 chinese x-gbk gb18030"),
    "big5": ("big5hkscs", "big5-hkscs cn-big5 x-x-big5"),
    "shift_jis": ("cp932", "shift-jis sjis x-sjis ms_kanji windows-31j"),
    "euc-jp": ("euc_jp", "x-euc-jp"),
    "iso-2022-jp": ("iso2022_jp", "csiso2022jp"),
    "euc-kr": ("cp949", "korean ks_c_5601-1987 ksc5601 windows-949"),
    "utf-16le": ("utf-16-le", "utf-16 ucs-2 unicode iso-10646-ucs-2"),
    "utf-16be": ("utf-16-be", "unicodefffe"),
}
_LABELS = {
    label: name for name, (_, labels) in _CODECS.items() for label in (name, *labels.split())
}
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16le"),
    (codecs.BOM_UTF16_BE, "utf-16be"),
)
_HEADER_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([^\s\"';,]+)", re.IGNORECASE)
_META_CHARSET = re.compile(
    rb"<meta[^>]{0,300}?charset\s*=\s*[\"']?\s*([\w:.\-]{2,40})"
    rb"|<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w:.\-]{2,40})",
    re.IGNORECASE,
)
_UNWANTED = re.compile("[\0\ud800-\udfff]")
_LATIN = frozenset({"windows-1252", "windows-1254", "iso-8859-15", "windows-1250", "iso-8859-2"})
_DETECTED = ("cp1256", "iso8859_6", "cp1252", "cp1254")  # what the watched press writes in
_ACCENTED_RUN = re.compile("[\u00c0-\u00ff]{4,}")
_ARABIC_RUN = re.compile(r"[\u0621-\u064a]{2,}")
_FREQUENT = frozenset(
    ("في", "من", "على", "إلى", "أن", "عن", "مع", "التي", "الذي", "هذا", "هذه", "بعد", "بين", "ما")
)


def clean_text(text: str) -> str:
    """`text` without NUL and lone surrogates, which no database can hold; all else stays."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return _UNWANTED.sub("", text)
    return text.replace("\0", "")


def whatwg_name(label: str) -> str | None:
    """The WHATWG name of a charset label: `iso-8859-1` means windows-1252. None if unknown."""
    return _LABELS.get(label.strip().lower())


def decode(body: bytes, content_type: str | None = None) -> Decoded | Failure:
    """The text of an unpacked body. `content_type` is the header's value.

    >>> decode("مرحبا بالعالم".encode("cp1256"), "text/html; charset=windows-1256").text
    'مرحبا بالعالم'
    """
    kind = next((name for magic, name in _MAGIC if body.startswith(magic)), None)
    if kind:
        return Failure(Outcome.NOT_ARTICLE, f"not text: {kind}")
    for attempt in (_by_mark, _as_utf8, _as_declared, _as_detected):
        decoded = attempt(body, content_type or "")
        if decoded is not None:
            return decoded
    declared = ", ".join(_declared(body, content_type or "")) or "none"
    return Failure(Outcome.UNREADABLE, f"no charset fits (declared: {declared})")


def _result(text: str, charset: str, method: str) -> Decoded:
    # no decoder gives lone surrogates, so that only NUL has to be looked for
    plain = text.replace("\0", "") if "\0" in text else text
    return Decoded(plain, charset, method, text.count("\ufffd"))


def _by_mark(body: bytes, content_type: str) -> Decoded | None:
    """By the byte-order mark, or by the NULs of UTF-16 around the first tag."""
    for mark, name in _BOMS:
        if body.startswith(mark):
            text = body[len(mark) :].decode(_CODECS[name][0], "replace")
            return _result(text, name, "bom")
    pairs = {b"<\0": "utf-16le", b"\0<": "utf-16be"}
    if name16 := pairs.get(body[:2]):
        return _result(body.decode(_CODECS[name16][0], "replace"), name16, "sniffed")
    return None


def _as_utf8(body: bytes, content_type: str) -> Decoded | None:
    """Valid UTF-8 is never anything else; with few bad bytes it is still that, and flagged."""
    if body.isascii() and _is_seven_bit(body, content_type):
        return None
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        return _repaired_utf8(body)
    if b"\0" in body or "\ufffd" in text:  # each where one character of it is found fastest
        return _result(text, "utf-8", "utf-8")
    return Decoded(text, "utf-8", "utf-8", 0, body)


def _is_seven_bit(body: bytes, content_type: str) -> bool:
    """Whether a charset is declared that writes all its letters in ASCII, such as iso-2022-jp."""
    declared = _declared(body, content_type)
    return bool(declared) and declared[0][:4] in ("iso-", "utf-1")


def _repaired_utf8(body: bytes) -> Decoded | None:
    text = body.decode("utf-8", "replace")
    bad = text.count("\ufffd")
    multibyte = sum(map(len, re.findall("[^\0-\x7f\ufffd]+", text)))
    few = bad <= len(body) * _BAD_SHARE and multibyte >= bad
    return _result(text, "utf-8", "utf-8-repaired") if few or _mostly(multibyte, bad) else None


def _mostly(multibyte: int, bad: int) -> bool:
    return bad <= multibyte * _BAD_SEQUENCE_SHARE


def _declared(body: bytes, content_type: str) -> list[str]:
    """WHATWG names of the declared charsets, the header's first; unknown labels are left out."""
    labels = _HEADER_CHARSET.findall(content_type)
    for found in _META_CHARSET.finditer(body[:_HEAD]):
        labels.append((found[1] or found[2]).decode("ascii", "replace"))
    return [name for label in labels if (name := whatwg_name(label))]


def _as_declared(body: bytes, content_type: str) -> Decoded | None:
    """The first declared charset that decodes every byte and gives plausible text."""
    in_header = len(_HEADER_CHARSET.findall(content_type))
    for place, name in enumerate(_declared(body, content_type)):
        if name.startswith("utf-"):
            continue  # tried already; `utf-16` in a document that we can read is never true
        text = _strictly(body, name)
        if text is not None and _plausible(text, name):
            return _result(text, name, "header" if place < in_header else "meta")
    return None


def _strictly(body: bytes, name: str) -> str | None:
    try:
        return body.decode(_CODECS[name][0])
    except UnicodeDecodeError:
        return None


def _plausible(text: str, name: str) -> bool:
    """Latin text has few accented letters; Arabic read as Latin has almost nothing else."""
    if name not in _LATIN:
        return True
    return len(_ACCENTED_RUN.findall(text[:200_000])) <= 5


def _as_detected(body: bytes, content_type: str) -> Decoded | None:
    """By frequent Arabic words first, which tell Arabic charsets apart; then by the detector."""
    return _as_arabic(body) or _as_guessed(body)


def _as_arabic(body: bytes) -> Decoded | None:
    best: tuple[int, str, str] = (0, "", "")
    for name in ("windows-1256", "iso-8859-6"):
        text = _strictly(body, name)
        if text is not None:
            runs = _ARABIC_RUN.findall(text[:200_000])
            score = sum(run in _FREQUENT for run in runs) * 20 // max(1, len(runs)) if runs else 0
            best = max(best, (score, name, text))
    return _result(best[2], best[1], "detector") if best[0] else None


def _as_guessed(body: bytes) -> Decoded | None:
    from charset_normalizer import from_bytes

    match = from_bytes(body[:200_000], cp_isolation=list(_DETECTED)).best()
    name = whatwg_name(match.encoding.replace("_", "-")) if match else None
    text = _strictly(body, name) if name else None
    return None if text is None or name is None else _result(text, name, "detector")
