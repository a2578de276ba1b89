"""What people install: a wheel with all its data files, that works from any folder."""

from __future__ import annotations

import json
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest
from harness import ROOT

PURE = "storage.text, storage.models, crawler.reading.urls, crawler.reading.page"
HEAVY = ("sqlite3", "sqlite_utils", "scrapy", "twisted", "datasette", "apscheduler")
"""What the pure rooms never load."""
LOADED = f"import sys, json, {PURE}; print(json.dumps(sorted(sys.modules)))"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder)]
    subprocess.run([*command, str(ROOT)], check=True, capture_output=True, timeout=100)
    return next(folder.glob("marsad-*.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The programs of a fresh environment with the wheel in it.

    Its dependencies are those of this environment, by a path file. Python reads no path files in
    a folder that was added so, and thus the editable checkout of this environment stays outside.
    """
    root = tmp_path_factory.mktemp("fresh")
    venv.create(root, with_pip=False)
    python = root / "bin" / "python"
    command = [sys.executable, "-m", "pip", "--python", str(python), "install", "--quiet"]
    command += ["--disable-pip-version-check", "--no-index", "--no-deps", str(wheel)]
    subprocess.run(command, check=True, timeout=100)
    site = next((root / "lib").glob("python3*/site-packages"))
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    return python.parent


def run(*command: str | Path) -> str:
    """What a program prints that is run from the root folder, without this checkout's paths."""
    done = subprocess.run(
        command,
        cwd="/",
        env={"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"},
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
    )
    return done.stdout


def files(wheel: Path) -> list[str]:
    with zipfile.ZipFile(wheel) as archive:
        return archive.namelist()


def test_the_wheel_holds_every_data_file_of_the_checkout(wheel: Path) -> None:
    packages = ("crawler", "spiders", "schedules", "storage")
    ours = {
        str(path.relative_to(ROOT))
        for package in packages
        for path in (ROOT / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }

    inside = set(files(wheel))

    assert ours <= inside
    assert sum(name.startswith("spiders/outlets/") for name in inside) >= 250
    assert "crawler/data/watchlists/terms.toml" in inside
    assert "crawler/demo/articles/manara.toml" in inside
    assert "schedules/nightly.toml" in inside


def test_the_wheel_holds_nothing_that_users_do_not_need(wheel: Path) -> None:
    tops = {name.split("/")[0] for name in files(wheel)}

    assert {top for top in tops if not top.endswith(".dist-info")} == {
        "crawler",
        "spiders",
        "schedules",
        "storage",
    }
    assert not [name for name in files(wheel) if "test" in Path(name).name.split(".")[0]]


def test_an_installed_marsad_lists_the_shipped_outlets_from_the_root_folder(
    installed: Path,
) -> None:
    outlets = json.loads(run(installed / "marsad", "outlets", "list", "--all", "--json"))

    assert len(outlets) >= 250
    assert {"iq", "ma", "bh"} <= {outlet["country"] for outlet in outlets}


def test_an_installed_marsad_explains_itself(installed: Path) -> None:
    assert "marsad demo" in run(installed / "marsad", "--help")


def test_an_installed_marsad_knows_its_spiders(installed: Path) -> None:
    code = "from crawler.engine.runner import spider_names; print(*spider_names())"

    assert {"feed", "urls", "probe"} <= set(run(installed / "python", "-c", code).split())


def test_what_is_imported_comes_from_the_wheel(installed: Path) -> None:
    code = (
        "import crawler, spiders, schedules, storage;"
        "print(*(m.__file__ for m in (crawler, spiders, schedules, storage)), sep='\\n')"
    )

    places = run(installed / "python", "-c", code).splitlines()

    assert len(places) == 4
    assert all(Path(place).is_relative_to(installed.parent) for place in places)


def test_the_installed_pure_rooms_load_no_sql_scrapy_or_datasette(installed: Path) -> None:
    loaded = json.loads(run(installed / "python", "-c", LOADED))

    assert "storage.text" in loaded
    assert not set(HEAVY) & set(loaded)


@pytest.mark.parametrize("module", ["storage.text", "storage.models", "crawler.reading.page"])
def test_a_pure_room_of_the_checkout_loads_no_sql_scrapy_or_datasette(module: str) -> None:
    code = f"import sys, json, {module}; print(json.dumps(sorted(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True, timeout=60
    )

    loaded = json.loads(done.stdout)

    assert module in loaded
    assert not set(HEAVY) & set(loaded)
