"""Environments of their own for tools that are no dependencies of this project."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

FOLDER = Path(__file__).resolve().parent / "cache" / "peers"
"""Beside the bench and not in the repository; each environment is made once."""


def python_of(name: str, packages: Sequence[str]) -> Path | None:
    """The Python of an environment with these packages; None, said on stderr, if that fails."""
    folder = FOLDER / name
    python = folder / "bin" / "python"
    if (folder / "installed").exists():
        return python
    print(f"installing {', '.join(packages)} for the comparison", file=sys.stderr)
    uv = Path(sys.executable).with_name("uv")
    make = [str(uv), "venv", "--quiet", "--allow-existing", "--python", sys.executable, str(folder)]
    install = [str(uv), "pip", "install", "--quiet", "--python", str(python), *packages]
    try:
        subprocess.run(make, check=True, capture_output=True, timeout=120)
        subprocess.run(install, check=True, capture_output=True, timeout=600)
    except (OSError, subprocess.SubprocessError) as error:
        print(f"{name} cannot be installed (no registry?), left out: {error}", file=sys.stderr)
        return None
    (folder / "installed").touch()
    return python
