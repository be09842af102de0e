"""What a hostile page, file or person meets: strict headers, no foreign host, no way round the roles."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings as configured
from django.test import Client

from accounts.models import AuditEntry, User
from indicators.models import Submission
from targets.models import Target
from tests.conftest import client_of
from tests.make import explain_all, make_lines, make_workbook, send
from tests.make_history import part_of_the_past

ROOT = Path(__file__).parent.parent
PAGES = (
    "/",
    "/targets/",
    "/targets/C1-2015/",
    "/areas/630200/",
    "/sectors/",
    "/submissions/",
    "/submissions/rules/",
    "/tasks/",
    "/extensions/",
    "/arithmetic/",
    "/reports/compliance/",
    "/styleguide/",
)
OTHERS = ("/login/", "/nowhere/", "/charts/status.json", "/reports/compliance.csv", "/api/v1/targets", "/admin/login/", "/healthz")


@pytest.fixture(scope="module", autouse=True)
def past(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    with part_of_the_past(django_db_blocker, "2015-02-20", "2010", "2011", "2013", "2014-Q3", "2014-Q4"):
        yield


@pytest.fixture
def client(qinghai: SimpleNamespace) -> Client:
    return client_of(qinghai.leader)


@pytest.mark.parametrize("address", [*PAGES, *OTHERS])
def test_policy_of_every_answer_allows_our_own_files_only(client: Client, address: str) -> None:
    policy = dict(part.strip().split(" ", 1) for part in client.get(address, follow=True)["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    words = " ".join(policy.values()).split()
    assert set(words) <= {"'none'", "'self'", "data:", "blob:"}
    assert not {"data:", "blob:"} & set(policy["script-src"].split() + policy["style-src"].split() + policy["connect-src"].split())


@pytest.mark.parametrize("address", PAGES)
def test_other_headers_are_strict(client: Client, address: str) -> None:
    answer = client.get(address)
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "private" in answer["Cache-Control"]
    assert "camera=()" in answer["Permissions-Policy"]


class Seen(HTMLParser):
    """What a page refers to, and what a strict policy would refuse in it."""

    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self.refused: list[str] = []
        self._script = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.addresses += [
            given[name] or "" for name in ("src", "href", "action", "data-chart", "hx-get", "srcset", "poster") if name in given
        ]
        self.refused += [f"{tag} {name}" for name in given if name == "style" or name.startswith("on")]
        self.refused += ["style element"] if tag == "style" else []
        self._script = tag == "script" and "src" not in given

    def handle_data(self, data: str) -> None:
        if self._script and data.strip():
            self.refused.append("script in the page")
        self._script = False


def seen(client: Client, address: str) -> Seen:
    found = Seen()
    found.feed(client.get(address, follow=True).content.decode())
    return found


def every_page(client: Client) -> list[str]:
    return [
        *PAGES,
        *(f"/targets/{code}/" for code in Target.objects.values_list("code", flat=True)[:3]),
        "/login/",
        "/nowhere/",
        "/api/v1/docs/",
    ]


@pytest.mark.full
def test_no_page_refers_to_another_host(client: Client) -> None:
    for address in every_page(client):
        foreign = [one for one in seen(client, address).addresses if re.match(r"(?i)([a-z]+:)?//|javascript:", one)]
        assert foreign == [], address


@pytest.mark.full
def test_no_page_needs_what_the_policy_refuses(client: Client) -> None:
    """A style attribute or a script in the page would silently not work; the API's own documentation can do without its two styles."""
    refused = {address: set(found) for address in every_page(client) if (found := seen(client, address).refused)}
    assert refused.pop("/api/v1/docs/", set()) <= {"style element"}
    assert refused == {}


def test_our_own_scripts_and_styles_ask_no_other_host() -> None:
    files = [*(ROOT / "static" / "js").rglob("*.js"), *(ROOT / "static" / "css").rglob("*.css")]
    assert len(files) >= 4
    for file in files:
        text = file.read_text(encoding="utf-8")
        assert not re.search(r"(?:url\(|import|fetch\(|src\s*=)\s*['\"]?(?:https?:)?//", text), file.name
        assert not re.search(r"\beval\(|new Function\(|innerHTML\s*=|document\.write", text), file.name


def test_every_form_needs_the_sites_own_mark(qinghai: SimpleNamespace) -> None:
    submission = send(make_workbook(make_lines("BUR-630200", "QH-Q", "2014-Q1"), period="2014-Q1"), qinghai.clerk)
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(qinghai.clerk)
    for address in (f"/submissions/{submission.pk}/submit/", "/submissions/upload/", "/logout/", "/i18n/setlang/", "/login/"):
        assert strict.post(address, {"language": "en"}).status_code == 403, address
    submission.refresh_from_db()
    assert submission.state == "checked"


def test_reading_changes_nothing(qinghai: SimpleNamespace) -> None:
    submission = send(make_workbook(make_lines("BUR-630200", "QH-Q", "2014-Q1"), period="2014-Q1"), qinghai.clerk)
    count = AuditEntry.objects.count()
    for move in ("submit", "withdraw", "approve", "return"):
        assert client_of(qinghai.clerk).get(f"/submissions/{submission.pk}/{move}/").status_code == 405
    assert client_of(qinghai.clerk).get("/logout/").status_code == 405
    assert AuditEntry.objects.count() == count


def test_approving_ones_own_file_fails_through_every_door(qinghai: SimpleNamespace) -> None:
    """A person who changed from a bureau to the reviewers meanwhile."""
    submission = send(make_workbook(make_lines("BUR-630200", "QH-Q", "2014-Q1"), period="2014-Q1"), qinghai.clerk)
    explain_all(submission, qinghai.clerk)
    submission.submit(by=qinghai.clerk)
    User.objects.filter(pk=qinghai.clerk.pk).update(role=User.Role.REVIEWER, bureau=None)
    turned = client_of(User.objects.get(pk=qinghai.clerk.pk))
    turned.post(f"/submissions/{submission.pk}/approve/")
    assert turned.post(f"/api/v1/submissions/{submission.pk}/approve").status_code == 409
    submission.refresh_from_db()
    assert submission.state == "submitted"


@pytest.mark.parametrize("role", ["clerk", "reviewer", "leader", "auditor"])
def test_admin_is_for_administrators_only(qinghai: SimpleNamespace, role: str) -> None:
    answer = client_of(getattr(qinghai, role)).get("/admin/accounts/user/")
    assert (answer.status_code, answer["Location"].split("?")[0]) == (302, "/admin/login/")


def test_person_whose_account_is_closed_is_out_at_once(qinghai: SimpleNamespace) -> None:
    client = client_of(qinghai.leader)
    assert client.get("/").status_code == 200
    User.objects.filter(pk=qinghai.leader.pk).update(is_active=False)
    assert client.get("/").status_code == 302


def test_clerk_without_a_bureau_sees_and_sends_nothing(qinghai: SimpleNamespace) -> None:
    send(make_workbook(make_lines("BUR-630200", "QH-Q", "2014-Q1"), period="2014-Q1"), qinghai.clerk)
    User.objects.filter(pk=qinghai.other_clerk.pk).update(bureau=None)
    lost = client_of(User.objects.get(pk=qinghai.other_clerk.pk))
    assert lost.get("/submissions/").context["total"] == 0
    assert lost.get("/submissions/upload/").status_code == 403
    assert lost.get("/areas/630200/").status_code == 200


def test_file_of_another_bureau_is_refused_in_content_too(qinghai: SimpleNamespace) -> None:
    """Xining's clerk sends a file that says it is Haidong's."""
    submission = send(make_workbook(make_lines("BUR-630200", "QH-Q", "2014-Q1"), period="2014-Q1"), qinghai.other_clerk)
    assert submission.state == Submission.State.REFUSED
    assert {"wrong_bureau", "area_not_reported"} <= set(submission.findings.values_list("rule", flat=True))


def test_too_large_a_file_is_refused_with_a_sentence(qinghai: SimpleNamespace) -> None:
    big = BytesIO(b"0" * (20 * 1024 * 1024 + 1))
    big.name = "big.xlsx"
    page = client_of(qinghai.clerk).post("/submissions/upload/", {"file": big})
    assert page.status_code == 200
    assert page.context["form"].errors["file"]
    big.seek(0)
    answer = client_of(qinghai.clerk).post("/api/v1/submissions", {"file": big})
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
    body = b'{"form": "QH-Q", "rows": [' + b" " * (22 * 1024 * 1024) + b"]}"
    answer = client_of(qinghai.clerk).post("/api/v1/submissions", body, content_type="application/json")
    assert (answer.status_code, answer["Content-Type"]) == (413, "application/problem+json")
    assert not Submission.objects.filter(door__in=["page", "api"]).exists()


def test_cookies_and_debugging_are_as_in_production() -> None:
    assert configured.DEBUG is False
    assert configured.SESSION_COOKIE_HTTPONLY
    assert configured.SESSION_COOKIE_SAMESITE == "Lax"
    assert configured.X_FRAME_OPTIONS == "DENY"
    assert configured.PASSWORD_HASHERS[0] != "django.contrib.auth.hashers.PBKDF2PasswordHasher"


def test_fault_of_ours_tells_nothing_of_the_inside(qinghai: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QHENV_TODAY", "no day at all")
    client = client_of(qinghai.leader)
    client.raise_request_exception = False
    answer = client.get("/arithmetic/")
    text = answer.content.decode()
    assert answer.status_code == 500
    assert "Traceback" not in text
    assert "no day at all" not in text


@pytest.mark.parametrize("address", ["/projects/?indicator=%00", "/tasks/?state=%00", "/api/v1/projects?indicator=%00", "/targets/?%00=a"])
def test_zero_character_in_an_address_is_a_bad_request(qinghai: SimpleNamespace, address: str) -> None:
    assert client_of(qinghai.clerk).get(address).status_code == 400


def test_zero_character_in_a_form_is_a_bad_request(qinghai: SimpleNamespace) -> None:
    assert client_of(qinghai.clerk).post("/projects/1/strike/", {"reason": "a\0b"}).status_code == 400
