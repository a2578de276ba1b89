"""The process that carries one message or one ping out of this machine.

A process of its own, since what it talks to may hang, and since the library that knows the many
services writes addresses (which are secrets) into its log. It reads one parcel from standard
input, says how that went as one line of JSON, and ends by itself when its time is over.
"""

from __future__ import annotations

import json
import logging
import re
import signal
import socket
import subprocess
import sys
from http.client import HTTPException
from typing import Any, Final, Literal
from urllib.error import HTTPError
from urllib.request import HTTPRedirectHandler, Request, build_opener

SECONDS: Final = 45
"""For one parcel, from the start of the process to its end."""
PING_SECONDS: Final = 10
NAME: Final = "Marsad"
"""What services see as the sender; nothing of this machine."""
USER_AGENT: Final = "Marsad/0.1 (news monitoring for research)"

Outcome = Literal["done", "missing", "address", "refused", "redirect", "timeout"]
_ANSWER = re.compile(r"\berror=(\d{3})\b")
MISSING: Final = "apprise is not installed: `pip install 'marsad[notify]'`"
_WORDS: Final[dict[str, str]] = {
    "done": "",
    "missing": MISSING,
    "address": "its address in marsad.toml is none that apprise knows",
    "refused": "the server could not be reached, or did not take it",
    "redirect": "it leads to another address, which is not followed",
    "timeout": f"there was no end to it within {SECONDS} seconds",
}


def send_message(address: str, title: str, body: str) -> str:
    """Send plain text to an apprise address; gives what went wrong, or "". Never raises for it."""
    return _carry({"message": address, "title": title, "body": body})


def send_ping(address: str) -> str:
    """Ask for a web address and look at the answer's status only; gives what went wrong, or ""."""
    return _carry({"ping": address})


def _carry(parcel: dict[str, str]) -> str:
    """Through standard input: whoever lists processes sees neither address nor text."""
    try:
        done = subprocess.run(
            [sys.executable, "-P", "-m", "crawler.telling.courier"],
            input=json.dumps({**parcel, "seconds": SECONDS}).encode(),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=SECONDS + 5,
            check=False,
        )
        told = json.loads(done.stdout or '{"outcome": "timeout"}')
    except (OSError, ValueError, subprocess.TimeoutExpired):
        told = {"outcome": "timeout"}
    status = f": it answered {told['status']}" if told.get("status") else ""
    return _WORDS[told["outcome"]] + status


def main() -> None:
    """Carry the parcel on standard input."""
    logging.disable(logging.CRITICAL)
    parcel = json.load(sys.stdin)
    signal.alarm(parcel["seconds"])  # whatever hangs: the process ends
    outcome, status = _message(parcel) if "message" in parcel else _ping(parcel["ping"])
    sys.stdout.write(json.dumps({"outcome": outcome, "status": status}))


def _message(parcel: dict[str, str]) -> tuple[Outcome, str]:
    try:
        import apprise
    except ImportError:
        return "missing", ""
    # A mail server is greeted with this machine's name else, which is nobody's business.
    socket.getfqdn = lambda name="": "localhost.localdomain"
    logging.disable(logging.NOTSET)  # what it logs is kept in its result, for the status below
    logging.getLogger("apprise").propagate = False
    service = apprise.Apprise.instantiate(parcel["message"], asset=_asset(apprise))
    if service is None:
        return "address", ""
    hub = apprise.Apprise(asset=service.asset)
    hub.add(service)
    result = hub.notify(parcel["body"], parcel["title"], body_format=apprise.NotifyFormat.TEXT)
    answers = _ANSWER.findall(" ".join(entry.message for entry in result.logs()))
    return ("done", "") if result else ("refused", answers[-1] if answers else "")


def _asset(apprise: Any) -> Any:
    """Who we are, and nothing fetched, kept or followed beside the message itself."""
    return apprise.AppriseAsset(
        app_id=NAME,
        app_desc="news monitoring for research",
        app_url="",
        image_url_mask="",  # else readers' programs fetch a picture from elsewhere
        image_url_logo="",
        async_mode=False,
        http_redirects=False,
        storage_mode=apprise.PersistentStoreMode.MEMORY,
    )


class _Stay(HTTPRedirectHandler):
    """A ping stays where it was sent."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        """No redirect is followed."""


def _ping(address: str) -> tuple[Outcome, str]:
    try:
        request = Request(address, headers={"User-Agent": USER_AGENT})  # noqa: S310  # of marsad.toml
        build_opener(_Stay()).open(request, timeout=PING_SECONDS).close()
    except HTTPError as answer:
        elsewhere = 300 <= answer.code < 400
        return "redirect" if elsewhere else "refused", str(answer.code)
    except (OSError, HTTPException, ValueError):
        return "refused", ""
    return "done", ""


if __name__ == "__main__":
    main()
