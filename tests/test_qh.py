"""The entry script says one clear sentence where it cannot go on, and leaves nothing behind where it can."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import pytest

ROOT = Path(__file__).resolve().parent.parent
Found = TypeVar("Found")
SETTINGS_OF_A_START = ("DATABASE_URL", "REDIS_URL", "QHENV_DEMO", "QHENV_TODAY", "QHENV_HOST", "QHENV_PORT", "QHENV_VAR", "QHENV_PYTHON")


def surroundings(**extra: str) -> dict[str, str]:
    """The environment of a person who has set nothing but `extra`."""
    return {name: value for name, value in os.environ.items() if name not in SETTINGS_OF_A_START} | extra


def qh(*words: str, script: Path = ROOT / "qh", cwd: Path = ROOT, **extra: str) -> subprocess.CompletedProcess[str]:
    command = [str(script), *words]
    return subprocess.run(command, cwd=cwd, env=surroundings(**extra), capture_output=True, text=True, timeout=30, check=False)


def refusal(result: subprocess.CompletedProcess[str]) -> str:
    """What a refused command says: one English sentence and the same in Chinese, and nothing else."""
    assert result.returncode == 1
    assert result.stdout == ""
    english, chinese = result.stderr.splitlines()
    assert english.isascii()
    assert not chinese.isascii()
    return english


def program(path: Path, text: str) -> Path:
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return path


def python_that(lie: str, path: Path) -> Path:
    """A Python that runs what it is given after the statement `lie` about itself."""
    return program(path, f"exec '{sys.executable}' -c 'import sys; {lie}; exec(sys.argv[1])' \"$2\"")


AS_DEBIAN_SHIPS_IT = 'sys.modules["ensurepip"] = None'


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A fresh copy without an environment, in a path with spaces."""
    folder = tmp_path / "a fresh clone"
    shutil.copytree(ROOT / "requirements", folder / "requirements")
    shutil.copy(ROOT / "qh", folder / "qh")
    return folder


@pytest.fixture
def tools(tmp_path: Path) -> Path:
    """A PATH on which the script's own tools are, and no Python."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in ("sh", "dirname", "cat", "cksum", "mkdir", "rm"):
        (folder / name).symlink_to(str(shutil.which(name)))
    return folder


@pytest.fixture
def taken_port() -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield str(server.getsockname()[1])


def free_port() -> str:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return str(server.getsockname()[1])


def test_alone_it_lists_its_commands_from_any_folder(tmp_path: Path) -> None:
    result = qh(cwd=tmp_path)
    assert result.returncode == 0
    assert [line.split()[1] for line in result.stdout.splitlines()] == ["up", "test", "lint", "manage"]


def test_unknown_command_is_refused() -> None:
    assert refusal(qh("pu")) == "There is no command pu; ./qh alone lists what there is."


def test_taken_port_is_named(taken_port: str, tmp_path: Path) -> None:
    said = refusal(qh("up", QHENV_PORT=taken_port, QHENV_VAR=str(tmp_path / "var")))
    assert said == f"Port {taken_port} is in use. Choose another: QHENV_PORT=8001 ./qh up"


@pytest.mark.parametrize(("host", "port"), [("127.0.0.1", "eight"), ("127.0.0.1", "80000"), ("192.0.2.1", "0")])
def test_impossible_address_is_named(host: str, port: str, tmp_path: Path) -> None:
    said = refusal(qh("up", QHENV_HOST=host, QHENV_PORT=port, QHENV_VAR=str(tmp_path)))
    assert said.startswith(f"Cannot listen on {host}:{port} (")


def test_second_start_on_the_same_data_is_refused(tmp_path: Path) -> None:
    holder = "import fcntl, sys; f = open(sys.argv[1], 'a'); fcntl.flock(f, fcntl.LOCK_EX); print('held', flush=True); sys.stdin.read()"
    command = [sys.executable, "-c", holder, str(tmp_path / "up.lock")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as first:
        assert first.stdout is not None
        assert first.stdout.readline() == "held\n"
        said = refusal(qh("up", QHENV_PORT=free_port(), QHENV_VAR=str(tmp_path)))
        first.communicate()
    assert said == f"qhenv is already running on {tmp_path}, or still stopping."


def test_too_old_python_is_named(checkout: Path, tools: Path) -> None:
    python_that("sys.version_info = (3, 9, 18)", tools / "python3")
    said = refusal(qh("up", script=checkout / "qh", PATH=str(tools)))
    assert said == "qhenv needs Python 3.11 or newer; here is only 3.9. Name another: QHENV_PYTHON=/path/to/python3 ./qh"


def test_missing_python_is_said(checkout: Path, tools: Path) -> None:
    said = refusal(qh("up", script=checkout / "qh", PATH=str(tools)))
    assert said == "qhenv needs Python 3.11 or newer; python3 is not here or does not run."


def test_python_that_only_pretends_to_be_there_is_passed_over(checkout: Path, tools: Path) -> None:
    program(tools / "python3.13", "echo 'python3.13: command not found' >&2; exit 127")
    python_that(f"sys.version_info = (3, 12, 1); {AS_DEBIAN_SHIPS_IT}", tools / "python3")
    assert refusal(qh("up", script=checkout / "qh", PATH=str(tools))).startswith("Python 3.12 cannot make")


def test_missing_venv_module_names_the_package_to_install(checkout: Path) -> None:
    bare = python_that(f"sys.version_info = (3, 11, 2); {AS_DEBIAN_SHIPS_IT}", checkout / "bare python")
    said = refusal(qh("up", script=checkout / "qh", QHENV_PYTHON=str(bare), QHENV_PORT=free_port()))
    assert said.startswith("Python 3.11 cannot make a virtual environment: its venv module is missing.")
    assert said.endswith(": apt install python3.11-venv")


def test_failing_venv_says_the_same(checkout: Path) -> None:
    failing = program(checkout / "failing", f'[ "$1" != -m ] || exit 1; exec "{sys.executable}" "$@"')
    result = qh("test", script=checkout / "qh", QHENV_PYTHON=str(failing))
    assert result.returncode == 1
    assert "apt install python3." in result.stderr.splitlines()[0]
    assert not list(checkout.glob(".venv/*.stamp"))


def test_words_reach_manage_unchanged_and_relative_to_the_caller(checkout: Path, tmp_path: Path) -> None:
    (checkout / "manage.py").write_text("import os, sys; print(sys.argv[1:], os.getcwd(), os.environ['QHENV_TODAY'])")
    environment = checkout / ".venv"
    (environment / "bin").mkdir(parents=True)
    program(environment / "bin" / "python", f'exec "{sys.executable}" "$@"')
    fingerprint = 'cksum <"$0/requirements/run.txt"; "$0/.venv/bin/python" -V'
    stamp = subprocess.run(["sh", "-c", fingerprint, str(checkout)], capture_output=True, check=True).stdout
    (environment / "run.stamp").write_bytes(stamp)
    result = qh("manage", "two words", "*", "", script=checkout / "qh", cwd=tmp_path)
    assert result.stderr == ""
    assert result.stdout == f"['two words', '*', ''] {tmp_path} 2018-10-20\n"


def living(mark: str) -> list[str]:
    """Command lines of processes whose environment holds `mark`."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if mark.encode() in (entry / "environ").read_bytes().split(b"\0"):
                found.append((entry / "cmdline").read_text().replace("\0", " "))
        except OSError:
            continue  # gone meanwhile, or somebody else's
    return found


def soon(start: "subprocess.Popen[bytes]", look: Callable[[], Found | None]) -> Found:
    """What `look` finds as soon as it finds something; AssertionError when `start` has ended or a minute has passed."""
    for _ in range(600):
        if found := look():
            return found
        with contextlib.suppress(subprocess.TimeoutExpired):
            raise AssertionError(f"ended with {start.wait(0.1)}")
    raise AssertionError("nothing after a minute")


def first_page(port: str) -> bytes | None:
    with contextlib.suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5) as answer:
        return bytes(answer.read())
    return None


def wait_for_the_lock(data: Path) -> None:
    """Returns when nothing of a start holds its data any more; TimeoutExpired after 20 seconds."""
    wait = "import fcntl, sys; fcntl.flock(open(sys.argv[1]), fcntl.LOCK_EX)"
    subprocess.run([sys.executable, "-c", wait, str(data / "up.lock")], timeout=20, check=True)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One data folder for all starts: each must cope with what the one before, however it ended, has left."""
    return tmp_path_factory.mktemp("data of many starts")


@pytest.mark.full
@pytest.mark.parametrize("ending", [signal.SIGKILL, signal.SIGINT, signal.SIGTERM])
def test_up_serves_the_sign_in_page_and_leaves_no_process(ending: signal.Signals, data: Path, tmp_path: Path) -> None:
    port, output, mark = free_port(), tmp_path / "output", f"QHENV_VAR={data}"
    environment = surroundings(QHENV_PORT=port, QHENV_VAR=str(data))
    with output.open("w") as log:
        start = subprocess.Popen([str(ROOT / "qh"), "up"], cwd=tmp_path, env=environment, stdout=log, stderr=log)
    try:
        page = soon(start, lambda: first_page(port))
        assert soon(start, lambda: [line for line in living(mark) if line.startswith("python") and "celery" in line])
    finally:
        start.send_signal(ending)
        start.wait(20)
        if ending is signal.SIGKILL:  # the guard of the Procfile needs a moment to notice
            wait_for_the_lock(data)
    assert b'name="password"' in page
    assert f"http://127.0.0.1:{port}/" in output.read_text()
    assert living(mark) == []
