"""The browser for pages that are nothing without their scripts: where it is, and how it starts.

Chromium is started so that the guard proxy is its only way out, and with every service off that
talks to somebody by itself.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from importlib.util import find_spec
from pathlib import Path
from typing import Any

VARIABLE = "MARSAD_CHROMIUM"
"""The environment variable that names the program."""
_PROGRAMS = (
    "/usr/lib/chromium/chromium",  # Debian's program itself; the script before it adds extensions
    "chromium",
    "chromium-browser",
    "google-chrome",
)
_NOT_INSTALLED = 'the extra is missing: pip install "marsad[render]"'
_NO_PROGRAM = "there is no Chromium on this machine; on Debian: apt-get install chromium"

NO_SANDBOX = "Chromium has no sandbox when root starts it; run Marsad as an ordinary user"

_SWITCHES = (
    # Names are the proxy's business: Chromium itself can look up none, and reaches no other place.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    "--dns-prefetch-disable",
    "--disable-quic",
    "--webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--enforce-webrtc-ip-permission-check",
    # Nothing that talks to somebody by itself.
    "--disable-sync",
    "--disable-domain-reliability",
    "--no-pings",
    "--no-report-upload",
    "--disable-crash-reporter",
    "--safebrowsing-disable-auto-update",
    "--disable-file-system",
    "--disable-notifications",
    "--disable-speech-api",
    "--js-flags=--max-old-space-size=384",  # megabytes of one page's scripts
)
_HOME = "marsad-browser-"
_POPUPS_OFF = "--disable-popup-blocking"
"""Playwright's default, which lets pages open windows."""


def find_chromium() -> str | None:
    """The path of the Chromium that $MARSAD_CHROMIUM names, else of this machine's, or None."""
    named = os.environ.get(VARIABLE)
    programs = (named,) if named else _PROGRAMS
    return next(filter(None, map(shutil.which, programs)), None)


def browser_problem() -> str | None:
    """Why pages cannot be rendered here, in words for a person; None where they can."""
    if find_spec("scrapy_playwright") is None or find_spec("playwright") is None:
        return _NOT_INSTALLED
    return None if find_chromium() else _NO_PROGRAM


def is_sandboxed() -> bool:
    """Whether Chromium's sandbox holds here: it refuses to start in one for root."""
    return os.geteuid() != 0


def launch_options(program: str, proxy_port: int, home: Path) -> dict[str, Any]:
    """How Playwright starts Chromium. `home` is a folder of this run's, gone after it.

    The proxy that is given here has no pass: what Chromium asks for outside of a page gets 407.
    """
    return {
        "executable_path": program,
        "args": list(_SWITCHES),
        "ignore_default_args": [_POPUPS_OFF],
        "chromium_sandbox": is_sandboxed(),
        "proxy": proxy_options(proxy_port),
        "env": {"HOME": str(home), "TMPDIR": str(home), "PATH": os.defpath, "LANG": "C.UTF-8"},
        "downloads_path": str(home),
        "timeout": 30_000,
        "handle_sigint": False,  # a first Ctrl-C ends the run in good order, and then the browser
        "handle_sigterm": False,
        "handle_sighup": False,
    }


def new_home() -> Path:
    """A folder for what the browser writes, 0700; those that killed runs left are removed."""
    folder = Path(tempfile.gettempdir())
    for old in folder.glob(f"{_HOME}*"):
        owner = old.name.removeprefix(_HOME).partition("-")[0]
        if owner.isdecimal() and not Path("/proc", owner).exists():
            shutil.rmtree(old, ignore_errors=True)
    return Path(tempfile.mkdtemp(prefix=f"{_HOME}{os.getpid()}-"))


def proxy_options(port: int, name: str = "", secret: str = "") -> dict[str, str]:
    """The guard proxy as Playwright takes it, loopback addresses not excepted."""
    options = {"server": f"http://127.0.0.1:{port}", "bypass": "<-loopback>"}
    return options | ({"username": name, "password": secret} if name else {})


def context_options(user_agent: str) -> dict[str, Any]:
    """What each page's own context is made with: no memory, no downloads, no service workers."""
    return {
        "user_agent": user_agent,
        "accept_downloads": False,
        "service_workers": "block",
        "permissions": [],
        "java_script_enabled": True,
        "viewport": {"width": 1280, "height": 1600},
    }
