"""What every test may use: the small plan, a fixed cast of people, and the doors they come through."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from xdist.scheduler import LoadFileScheduling

from accounts.models import Bureau, User
from targets.models.loading import known_codes, load
from targets.pack import read_pack

ROOT = Path(__file__).parent.parent
SMALL_PACK = ROOT / "tests" / "data" / "pack_small"
QINGHAI = ROOT / "fixtures" / "qinghai"
DEMO = ROOT / "fixtures" / "demo"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--full", action="store_true", help="also the slow tests: browser, faults, load, whole starts")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not config.getoption("--full"):
        slow = [item for item in items if item.get_closest_marker("full")]
        config.hook.pytest_deselected(items=slow)
        items[:] = [item for item in items if item not in slow]


class PastTogether(LoadFileScheduling):  # type: ignore[misc]
    """One worker takes a whole file, and all files that share a part of the past, which is loaded once."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.split("::")[0]
        return "past" if "part_of_the_past" in (ROOT / file).read_text(encoding="utf-8") else file


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> PastTogether | None:
    return PastTogether(config, log) if config.getoption("dist") == "loadfile" else None


@pytest.fixture(autouse=True)
def quick(settings: Any) -> None:
    """No collected files and no slow password hashes; everything else is as in production."""
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def load_packs(*folders: Path) -> None:
    for folder in folders:
        pack, faults = read_pack(folder, known_codes())
        assert not faults
        load(pack, by=None)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """Every test finds the Qinghai plan with the demonstration allocation already there; what it does itself is rolled back."""
    with django_db_blocker.unblock():
        load_packs(QINGHAI, DEMO)


@pytest.fixture
def qinghai(db: None) -> SimpleNamespace:
    """The cast: a clerk of Haidong and one of Xining, two reviewers, a leader, an auditor, an administrator."""

    def person(name: str, role: str, code: str = "") -> User:
        return User.objects.create_user(name, password="pass", role=role, bureau=Bureau.objects.get(code=code) if code else None)

    return SimpleNamespace(
        clerk=person("clerk", User.Role.REPORTER, "BUR-630200"),
        other_clerk=person("other_clerk", User.Role.REPORTER, "BUR-630100"),
        reviewer=person("reviewer", User.Role.REVIEWER),
        second_reviewer=person("second_reviewer", User.Role.REVIEWER),
        leader=person("leader", User.Role.LEADER),
        auditor=person("auditor", User.Role.AUDITOR),
        administrator=person("administrator", User.Role.ADMINISTRATOR),
    )


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client
