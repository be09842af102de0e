"""The files for production keep their promises; whether they run is seen where a container engine is."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parent.parent
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
PINNED = re.compile(r"^([a-z0-9._-]+)==([^ ;\\]+)", re.MULTILINE)


def pinned(lock: str) -> dict[str, str]:
    return dict(PINNED.findall((ROOT / "requirements" / lock).read_text()))


def mounts(service: str) -> dict[str, str]:
    """Place inside the container → named volume or folder outside. A required variable `${X:?…}` counts as X."""
    texts = [re.sub(r"\$\{(\w+):\?[^}]*\}", r"\1", text) for text in SERVICES[service].get("volumes", [])]
    return {text.split(":")[1]: text.split(":")[0] for text in texts}


def test_the_services_are_the_ones_of_the_design() -> None:
    assert set(SERVICES) == {"postgres", "redis", "prepare", "web", "worker", "beat", "proxy"}


@pytest.mark.parametrize("service", sorted(set(SERVICES) - {"prepare"}))
def test_every_lasting_service_has_a_health_check_and_starts_again(service: str) -> None:
    check = SERVICES[service]["healthcheck"]
    assert check["test"][0] in {"CMD", "CMD-SHELL"}
    assert check["interval"]
    assert check["timeout"]
    assert check["retries"] >= 3
    assert SERVICES[service]["restart"] == "unless-stopped"


@pytest.mark.parametrize("service", ["web", "worker", "beat"])
def test_our_services_wait_for_healthy_servers_and_a_finished_preparation(service: str) -> None:
    waits = {name: rule["condition"] for name, rule in SERVICES[service]["depends_on"].items()}
    assert waits == {
        "postgres": "service_healthy",
        "redis": "service_healthy",
        "prepare": "service_completed_successfully",
    }


def test_preparation_runs_once_and_on_healthy_servers() -> None:
    prepare = SERVICES["prepare"]
    assert prepare["restart"] == "no"
    assert prepare["command"] == ["python", "manage.py", "prepare"]
    assert {rule["condition"] for rule in prepare["depends_on"].values()} == {"service_healthy"}


def test_there_is_exactly_one_beat() -> None:
    beats = [name for name, service in SERVICES.items() if "beat" in service.get("command", [])]
    assert beats == ["beat"]
    assert SERVICES["beat"]["deploy"]["replicas"] == 1
    assert not any("--beat" in word or word == "-B" for word in SERVICES["worker"]["command"])


def test_data_lives_in_named_volumes() -> None:
    assert mounts("postgres")["/var/lib/postgresql/data"] == "database"
    assert mounts("redis")["/data"] == "broker"
    assert {mounts(service)["/srv/var"] for service in ("prepare", "web", "worker", "beat")} == {"files"}
    assert set(COMPOSE["volumes"]) == {"database", "broker", "files"}


def test_our_image_keeps_its_data_where_the_volume_is_mounted() -> None:
    assert "QHENV_VAR=/srv/var" in (ROOT / "Dockerfile").read_text()


def test_only_the_proxy_is_reachable_from_outside() -> None:
    assert {name for name, service in SERVICES.items() if "ports" in service} == {"proxy"}
    assert SERVICES["proxy"]["networks"] == ["front"]
    assert SERVICES["postgres"]["networks"] == SERVICES["redis"]["networks"] == ["inside"]
    assert COMPOSE["networks"]["inside"]["internal"] is True


def test_the_proxy_ends_tls_and_sends_plain_requests_there() -> None:
    assert {port.split(":")[1] for port in SERVICES["proxy"]["ports"]} == {"80", "443"}
    assert mounts("proxy")["/etc/nginx/certs"] == "QHENV_CERTS"
    assert mounts("proxy")["/etc/nginx/conf.d/default.conf"] == "./deploy/nginx.conf"
    plain, tls = (ROOT / "deploy" / "nginx.conf").read_text().split("listen 443 ssl;")
    assert "listen 80;" in plain
    assert "return 301 https://" in plain
    assert "proxy_pass" not in plain
    assert "proxy_pass http://web:8000;" in tls
    assert "proxy_set_header X-Forwarded-Proto $scheme;" in tls
    assert "ssl_certificate_key /etc/nginx/certs/" in tls


def test_the_application_knows_that_it_stands_behind_tls_and_is_no_demonstration() -> None:
    for name in ("prepare", "web", "worker", "beat"):
        environment = SERVICES[name]["environment"]
        assert environment["QHENV_HTTPS"] == "1"
        assert "QHENV_DEMO" not in environment
        assert "QHENV_TODAY" not in environment


def test_no_secret_stands_in_the_file() -> None:
    secrets = [
        (name, key, str(value))
        for name, service in SERVICES.items()
        for key, value in service.get("environment", {}).items()
        if re.search("PASSWORD|SECRET|DATABASE_URL", key)
    ]
    assert len(secrets) == 1 + 2 * 4
    for name, key, value in secrets:
        assert re.search(r"\$\{(POSTGRES_PASSWORD|QHENV_SECRET_KEY):\?", value), f"{name}: {key} must come from .env"


def test_every_required_variable_stands_empty_in_the_example() -> None:
    required = set(re.findall(r"\$\{(\w+):\?", (ROOT / "docker-compose.yml").read_text()))
    example = dict(line.split("=", 1) for line in (ROOT / ".env.example").read_text().splitlines() if re.match(r"\w+=", line))
    assert set(example) == required
    assert set(example.values()) == {""}


def test_the_image_installs_the_hashed_lock_and_does_not_run_as_root() -> None:
    lines = (ROOT / "Dockerfile").read_text().splitlines()
    assert any("--require-hashes -r requirements/run.txt" in line for line in lines)
    user = next(number for number, line in enumerate(lines) if line.startswith("USER "))
    assert lines[user] == "USER qhenv"
    assert next(number for number, line in enumerate(lines) if line.startswith("CMD ")) > user


def test_secrets_and_data_stay_out_of_the_image() -> None:
    assert {".env", "var", ".git", ".venv"} <= set((ROOT / ".dockerignore").read_text().split())


def test_the_test_lock_holds_everything_of_the_run_lock() -> None:
    assert pinned("run.txt").items() <= pinned("test.txt").items()
    assert "django" in pinned("run.txt")


@pytest.mark.parametrize("lock", ["run.txt", "test.txt"])
def test_a_lock_names_hashes_and_no_place(lock: str) -> None:
    text = (ROOT / "requirements" / lock).read_text()
    assert text.count("--hash=sha256:") >= len(pinned(lock)) > 0
    assert not re.search(r"https?://|file:|--(extra-)?index-url|--find-links", text)
