"""Where the desk may be opened: what the options of `marsad explore` come to, or why not."""

from __future__ import annotations

import ipaddress
import ssl
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from storage.explorer.doors_asked import House

LOOPBACK_NAMES = frozenset({"127.0.0.1", "localhost", "[::1]"})
_ACCOUNT = "make an account first: `marsad explore account add NAME`"
_WAYS = (
    "give a certificate (--tls-cert FILE --tls-key FILE), or say which proxy stands before it "
    "(--behind-proxy https://desk.example.org), or stay on 127.0.0.1 and come through an ssh "
    "tunnel: docs/how-to-open-the-desk.md"
)


class Refused(Exception):
    """The desk is not opened like this; the message says what to do instead."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """The options, as they were given."""

    host: str = "127.0.0.1"
    port: int = 8300
    certificate: Path | None = None
    key: Path | None = None
    behind: str | None = None
    proxies: tuple[str, ...] = ()
    sign_in: bool = False


@dataclass(frozen=True, slots=True)
class Binding:
    """Where to listen, how readers reach it, and whether they sign in."""

    host: str
    port: int
    house: House
    sign_in: bool
    certificate: Path | None = None
    key: Path | None = None

    def base(self, port: int) -> str:
        """The address that a browser opens, once the port is known."""
        if self.house.origin:
            return self.house.origin
        scheme = "https" if self.house.secure else "http"
        named = sorted(self.house.names - LOOPBACK_NAMES) if self.house.secure else []
        host = next((one for one in named if not one.startswith("*")), self.host)
        return f"{scheme}://{f'[{host}]' if ':' in host and host[0] != '[' else host}:{port}"


def binding(wanted: Wanted, *, accounts: bool) -> Binding:
    """Where the desk is opened. `accounts`: somebody could sign in. Raises Refused."""
    address = _address(wanted.host)
    if (wanted.certificate is None) != (wanted.key is None):
        raise Refused("--tls-cert and --tls-key go together: both files, or neither")
    if wanted.proxies and wanted.behind is None:
        raise Refused("--proxy-address goes with --behind-proxy https://…")
    beyond = not address.is_loopback
    if beyond and wanted.behind is None and wanted.certificate is None:
        raise Refused(f"beyond this machine the desk is opened with TLS only: {_WAYS}")
    sign_in = beyond or wanted.sign_in or bool(wanted.behind or wanted.certificate)
    if sign_in and not accounts:
        raise Refused(f"nobody could sign in: {_ACCOUNT}")
    house = _house(wanted, beyond=beyond)
    return Binding(str(address), wanted.port, house, sign_in, wanted.certificate, wanted.key)


def _house(wanted: Wanted, *, beyond: bool) -> House:
    if wanted.behind is not None:
        origin, name = _declared(wanted.behind)
        return House(frozenset({name}), True, _proxies(wanted, beyond=beyond), origin)
    if wanted.certificate is not None and wanted.key is not None:
        names = certificate_names(wanted.certificate, wanted.key)
        return House(names if beyond else names | LOOPBACK_NAMES, secure=True)
    return House(LOOPBACK_NAMES)


def _address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    try:
        return ipaddress.ip_address("127.0.0.1" if host == "localhost" else host.strip("[]"))
    except ValueError:
        raise Refused(
            f"--host takes an address of this machine, such as 127.0.0.1 or 0.0.0.0; {host!r} is "
            "none (the name that readers use is the certificate's, or that of --behind-proxy)"
        ) from None


def _declared(url: str) -> tuple[str, str]:
    """A proxy's address as browsers write an origin, and its host name."""
    try:
        parts = urlsplit(url)
        right = parts.scheme == "https" and parts.hostname and parts.path in ("", "/")
        port = parts.port
    except ValueError:
        right, port = None, None
    if not right or parts.query or parts.fragment or parts.username:
        raise Refused(
            "--behind-proxy takes the address that readers open, https and without a path, such "
            f"as https://desk.example.org; {url!r} is none"
        )
    name = str(parts.hostname).encode("idna").decode("ascii")
    return f"https://{name}" + (f":{port}" if port not in (None, 443) else ""), name


def _proxies(wanted: Wanted, *, beyond: bool) -> frozenset[str]:
    if not wanted.proxies and beyond:
        raise Refused(
            "say from which address the proxy asks: --proxy-address 10.0.0.5 (everybody else is "
            "turned away); on one machine with it, leave --host at 127.0.0.1"
        )
    try:
        given = [str(ipaddress.ip_address(one.strip("[]"))) for one in wanted.proxies]
    except ValueError:
        raise Refused("--proxy-address takes one IP address, such as 10.0.0.5") from None
    return frozenset(given or ("127.0.0.1", "::1"))


def certificate_names(certificate: Path, key: Path) -> frozenset[str]:
    """The host names that a certificate is for. Raises Refused where the two files are no pair."""
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(certificate, key, password="")
    except (OSError, ssl.SSLError, ValueError) as wrong:
        raise Refused(
            f"{certificate} and {key} are no certificate with its key that can be read "
            f"({type(wrong).__name__}): both as PEM, the key without a password"
        ) from None
    return _names(certificate)


def _names(certificate: Path) -> frozenset[str]:
    from cryptography import x509

    first = x509.load_pem_x509_certificates(certificate.read_bytes())[0]
    if first.not_valid_after_utc < datetime.now(UTC):
        raise Refused(f"{certificate} ended on {first.not_valid_after_utc:%Y-%m-%d}: renew it")
    try:
        names = first.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        raise Refused(f"{certificate} names no host (subjectAltName): browsers refuse it") from None
    hosts = [name.lower() for name in names.get_values_for_type(x509.DNSName)]
    addresses = [str(one) for one in names.get_values_for_type(x509.IPAddress)]
    return frozenset([*hosts, *(f"[{one}]" if ":" in one else one for one in addresses)])
