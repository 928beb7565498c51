"""What the two READMEs tell a newcomer to type works: each command is run, in order, in a fresh copy.

The copy holds the tracked files only and gets a ready environment (the interpreter that runs these tests), so
no package is fetched a second time; everything else, the data home too, is as on a new machine.
"""

import os
import re
import shutil
import signal
import socket
import subprocess
import sysconfig
import time
import urllib.error
import urllib.request
import venv
from pathlib import Path

import pytest

from metrics.paths import ROOT
from tests.house import tracked_files

READMES = ["README.zh-CN.md", "README.md"]
BLOCK = re.compile(r"^```sh\n(.*?)^```", re.MULTILINE | re.DOTALL)
SERVE, TEST = "make run", "make test"
FEW_VOLUNTEERS = "SAMPLE_VOLUNTEERS=600"  # `make run` loads 6,000 by default; the way is the same
# Generous: a machine busy with something else is no fault of a command.
START_SECONDS, COMMANDS_SECONDS = 180, 300


def commands(readme: str) -> list[str]:
    """The commands of a README's sh blocks in order, without comments; a continued line is one command."""
    text = (ROOT / readme).read_text(encoding="utf-8")
    lines = "\n".join(BLOCK.findall(text)).replace("\\\n", " ").splitlines()
    without_comments = (re.sub(r"(^|\s)#.*", "", line).strip() for line in lines)
    return [re.sub(r"\s+", " ", line) for line in without_comments if line]


@pytest.fixture(scope="module")
def fresh_copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project's files and an environment in .venv, as after the first minutes of `make run`."""
    copy = tmp_path_factory.mktemp("clone") / "redvest"
    for path in tracked_files():
        (copy / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / path, copy / path)
    venv.create(copy / ".venv", with_pip=False, symlinks=True)
    packages = next((copy / ".venv" / "lib").glob("python*")) / "site-packages"
    (packages / "of_the_tests.pth").write_text(sysconfig.get_paths()["purelib"] + "\n")
    for stamp in (".installed-run", ".installed-dev"):
        (copy / ".venv" / stamp).touch()
    return copy


@pytest.fixture
def newcomer(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """A newcomer's environment: neither a data home nor a secret has been named."""
    return {
        name: value for name, value in os.environ.items() if name not in {"REDVEST_DATA", "REDVEST_SECRET"}
    }


def test_both_readmes_show_the_same_commands() -> None:
    assert commands(READMES[0]) == commands(READMES[1])


@pytest.mark.parametrize("readme", READMES)
def test_a_readme_begins_with_the_two_commands_and_the_picture(readme: str) -> None:
    text = (ROOT / readme).read_text(encoding="utf-8")
    assert commands(readme)[:2] == [SERVE, TEST]
    assert text.index(f"{SERVE}") < text.index("docs/dashboard.png") < text.index("python -m etl")
    assert (ROOT / "docs" / "dashboard.png").is_file()


@pytest.mark.parametrize("page", [*READMES, *sorted(f"docs/{p.name}" for p in (ROOT / "docs").glob("*.md"))])
def test_every_link_to_a_file_leads_somewhere(page: str) -> None:
    links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", (ROOT / page).read_text(encoding="utf-8"))
    assert [link for link in links if not (ROOT / page).parent.joinpath(link).exists()] == []


def test_ci_runs_the_readmes_test_command() -> None:
    assert re.search(rf"^REDVEST_REQUIRE_BROWSER=1 {TEST}\b", (ROOT / ".ci/run").read_text(), re.MULTILINE)
    dry = subprocess.run(["make", "-n", "test"], cwd=ROOT, capture_output=True, text=True, check=True)
    assert "-m pytest" in dry.stdout


def test_each_command_works_in_order(fresh_copy: Path, newcomer: dict[str, str]) -> None:
    shown = commands(READMES[0])
    for command in [command for command in shown if command.startswith(SERVE)]:
        served_health(command, fresh_copy, newcomer)
    script = "\n".join(command for command in shown if not command.startswith((SERVE, TEST)))
    done = subprocess.run(
        ["bash", "-euxo", "pipefail", "-c", script],
        cwd=fresh_copy,
        env=newcomer,
        capture_output=True,
        text=True,
        timeout=COMMANDS_SECONDS,
    )
    assert done.returncode == 0, f"{done.stdout[-2000:]}\n{done.stderr[-4000:]}"


def served_health(command: str, folder: Path, environment: dict[str, str]) -> None:
    """Start the dashboard as shown, on a free port, wait until it answers, and stop it."""
    port = free_port()
    line = f"{re.sub(r'PORT=[0-9]+', '', command)} PORT={port} {FEW_VOLUNTEERS}"
    log = folder.parent / "served.log"
    with log.open("w") as output:
        server = subprocess.Popen(
            ["bash", "-c", line],
            cwd=folder,
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        deadline = time.monotonic() + START_SECONDS
        while not answers(f"http://127.0.0.1:{port}/_stcore/health"):
            assert server.poll() is None, f"{line} ended:\n{log.read_text()}"
            assert time.monotonic() < deadline, f"{line} did not answer:\n{log.read_text()}"
            time.sleep(0.2)
    finally:
        if server.poll() is None:
            os.killpg(server.pid, signal.SIGTERM)
        server.wait(timeout=20)


def answers(address: str) -> bool:
    # No proxy: on a machine that has one, it would be asked for the loopback address too.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(address, timeout=2) as response:
            return bool(response.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
