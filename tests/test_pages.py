"""Every address, for everybody who may see it, in both languages."""

import re
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from accounts.models import Area, User
from indicators.models import Sector, Submission
from jobs.models import Job
from targets.models import Assessment, Target
from tests.conftest import client_of
from tests.make import approve, make_lines, make_workbook, send
from tests.make_history import part_of_the_past

PERIOD = "2014-Q4"
FILED = "2014-Q1"  # not in this part of the past: what the tests file meets no earlier figure
ROLES = ("clerk", "reviewer", "leader", "auditor", "administrator")
LANGUAGES = ("zh-hans", "en")


@pytest.fixture(scope="module", autouse=True)
def past(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    with part_of_the_past(django_db_blocker, "2015-02-20", "2010", "2011", "2013", "2014-Q3", "2014-Q4"):
        yield


@pytest.fixture
def sent(qinghai: SimpleNamespace) -> Submission:
    """Haidong's next file, with a warning, waiting for its explanation."""
    lines = [line for line in make_lines("BUR-630200", "QH-Q", FILED) if line[0] != "K1"]
    return send(make_workbook(lines, period=FILED), qinghai.clerk)


def pages(submission: Submission) -> list[str]:
    own = [
        "/",
        "/targets/",
        "/areas/",
        "/sectors/",
        "/arithmetic/",
        "/submissions/",
        "/submissions/rules/",
        "/tasks/",
        "/extensions/",
        "/projects/",
        "/reports/compliance/",
        "/styleguide/",
    ]
    own += ["/targets/C1-2015/", "/targets/K2-2020/?area=630200", "/areas/630200/", "/areas/630000/?period=2014-Q3"]
    own += [f"/sectors/{Sector.objects.filter(targets__isnull=False).order_by('position')[0].code}/", submission.get_absolute_url()]
    assert submission.task
    own += [submission.task.get_absolute_url()]
    return [*own, "/api/v1/docs/"]


DATA = (
    "/targets/C1-2015/charts/trajectory.json",
    "/targets/C1-2015/charts/gap.json",
    "/areas/630200/charts/gap.json",
    "/sectors/industry/charts/gap.json",
    "/charts/status.json",
    "/charts/status.json?area=630000",
    "/reports/compliance.csv",
    "/reports/compliance.xlsx",
    "/api/v1/schema/",
)


def speaking(user: User, language: str) -> Client:
    client = client_of(user)
    client.cookies["django_language"] = language
    return client


@pytest.mark.parametrize(
    ("role", "language"),
    [
        ("leader", "zh-hans"),
        *(pytest.param(role, language, marks=pytest.mark.full) for role in ROLES for language in LANGUAGES),
    ],
)
def test_every_page_answers_for_every_role_in_both_languages(qinghai: SimpleNamespace, sent: Submission, role: str, language: str) -> None:
    client = speaking(getattr(qinghai, role), language)
    for address in (*pages(sent), *DATA):
        answer = client.get(address)
        assert answer.status_code == 200, address
        if answer["Content-Type"].startswith("text/html") and "/api/" not in address:
            assert f'<html lang="{language}">' in answer.content.decode(), address
    upload = client.get("/submissions/upload/")
    assert upload.status_code == (200 if role == "clerk" else 403)


@pytest.mark.parametrize(("language", "step"), [pytest.param(one, 1, marks=pytest.mark.full) for one in LANGUAGES])
def test_every_target_area_and_sector_has_its_page_and_charts(qinghai: SimpleNamespace, language: str, step: int) -> None:
    """Every eighth target in the quick run."""
    client = speaking(qinghai.leader, language)
    codes = list(Target.objects.values_list("code", flat=True))[::step]
    addresses = [f"/targets/{code}/?period={PERIOD}" for code in codes] + [f"/targets/{code}/charts/trajectory.json" for code in codes]
    addresses += [f"/areas/{code}/" for code in Area.objects.values_list("code", flat=True)]
    addresses += [f"/sectors/{code}/" for code in Sector.objects.values_list("code", flat=True)]
    for address in addresses:
        answer = client.get(address)
        assert answer.status_code == 200, address
        text = answer.content.decode()
        assert not re.search(r"%\([a-z_]+\)s|\bNone\b|\bnan\b|NaN|Infinity", re.sub(r'"[a-z_]+":\s*null', "", text)), address


def test_stranger_is_sent_to_sign_in_everywhere(sent: Submission) -> None:
    for address in [*pages(sent)[:-1], *DATA[:-1], "/submissions/upload/", f"/submissions/{sent.pk}/file/"]:
        answer = Client().get(address)
        assert (answer.status_code, answer["Location"].split("?")[0]) == (302, "/login/"), address
    for address in ("/api/v1/docs/", "/api/v1/schema/"):
        assert Client().get(address).status_code == 401
    assert Client().post(f"/submissions/{sent.pk}/submit/").status_code == 302
    sent.refresh_from_db()
    assert sent.state == "checked"


def patterns(resolver: Any, prefix: str = "") -> Iterator[str]:
    for one in resolver.url_patterns:
        if isinstance(one, URLResolver):
            yield from patterns(one, prefix + str(one.pattern))
        elif isinstance(one, URLPattern):
            yield prefix + str(one.pattern)


PUBLIC = {"login/", "logout/", "healthz", "readyz", "i18n/setlang/"}


def test_nothing_but_these_is_open_to_strangers(sent: Submission) -> None:
    """Every address there is, also one somebody adds later."""
    words = {"int:pk": str(sent.pk), "slug:code": "C1-2015", "slug:kind": "compliance", "slug:ending": "csv", "slug:move": "submit"}
    words |= {"slug:answer": "grant", "slug:indicator": "GDP", "slug:area": "630200"}
    for pattern in patterns(get_resolver()):
        if pattern.startswith(("admin/", "^admin")) or "^" in pattern or "(?P" in pattern:
            continue  # the admin and the API have tests of their own
        address = re.sub(r"<([^>]+)>", lambda match: words[match[1]], pattern)
        status = Client().get(f"/{address}").status_code
        assert (status in (200, 302, 405)) if pattern in PUBLIC else status in (302, 401, 405), pattern


def test_clerk_sees_the_own_bureaus_files_and_no_others(qinghai: SimpleNamespace, sent: Submission) -> None:
    other = client_of(qinghai.other_clerk)
    for address in (sent.get_absolute_url(), f"{sent.get_absolute_url()}file/"):
        assert other.get(address).status_code == 404
        assert client_of(qinghai.clerk).get(address).status_code == 200
    for move in ("submit", "withdraw", "approve", "return"):
        assert other.post(f"/submissions/{sent.pk}/{move}/").status_code == 404
    names = other.get("/submissions/").content.decode()
    assert "海东.xlsx" not in names
    assert "海东.xlsx" not in other.get("/areas/630200/").content.decode()


def test_original_file_comes_back_byte_for_byte_and_is_never_shown_by_the_browser(qinghai: SimpleNamespace, sent: Submission) -> None:
    answer = client_of(qinghai.reviewer).get(f"/submissions/{sent.pk}/file/")
    assert b"".join(answer.streaming_content) == bytes(sent.upload.content)
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("move", ["approve", "return", "submit", "withdraw"])
def test_wrong_move_on_a_page_is_a_sentence_and_changes_nothing(qinghai: SimpleNamespace, sent: Submission, move: str) -> None:
    """A warning is open and nothing has been sent: not one of these is possible for this person now."""
    person = qinghai.reviewer if move in ("approve", "return") else qinghai.clerk
    if move == "withdraw":
        sent.withdraw(by=qinghai.clerk)
    before = Submission.objects.get(pk=sent.pk).state
    answer = speaking(person, "en").post(f"/submissions/{sent.pk}/{move}/", {"reason": "x"}, follow=True)
    assert answer.status_code == 200
    assert 'class="message message-error"' in answer.content.decode()
    assert Submission.objects.get(pk=sent.pk).state == before


def test_unknown_move_area_period_and_page_are_not_there(qinghai: SimpleNamespace, sent: Submission) -> None:
    client = client_of(qinghai.clerk)
    assert client.post(f"/submissions/{sent.pk}/endorse/").status_code == 404
    assert client.get("/targets/C1-2015/?area=999999").status_code == 404
    assert client.get("/nowhere/").status_code == 404
    for page in ("/", "/targets/", "/reports/compliance/", "/charts/status.json", "/areas/630200/"):
        for period in ("soon", "2014-Q5", "0000", "2014-M13", "99999"):
            assert client.get(page, {"period": period}).status_code == 404, (page, period)


def test_awkward_words_in_an_address_are_no_fault_of_the_server(qinghai: SimpleNamespace, sent: Submission) -> None:
    client = client_of(qinghai.clerk)
    for address in (
        "/submissions/?page=0",
        "/submissions/?page=x",
        "/submissions/?state=%00",
        "/reports/compliance/?area=%27;--",
        "/?period=9999-Q4",
    ):
        assert client.get(address).status_code in (200, 400, 404), address
    hostile = {"explanation-²": "x", "explanation-99999999999999999999999": "x", "explanation-": "x"}
    assert client.post(f"/submissions/{sent.pk}/submit/", hostile).status_code == 302


def test_markup_in_a_file_is_shown_and_never_obeyed(qinghai: SimpleNamespace) -> None:
    trick = "<script>alert(1)</script>"
    lines = [(*line, trick) if line[0] == "K1" else line for line in make_lines("BUR-630200", "QH-Q", FILED)]
    content = make_workbook([*lines, (f"{trick}", "630200", trick)], period=FILED)
    submission = send(content, qinghai.clerk, name=f"{trick}.xlsx")
    for address in (submission.get_absolute_url(), "/submissions/"):
        page = client_of(qinghai.reviewer).get(address).content.decode()
        assert trick not in page
        assert "&lt;script&gt;" in page


@pytest.mark.parametrize(
    ("address", "most"),
    [
        ("/", 15),
        ("/targets/", 10),
        ("/targets/C1-2015/?period=2014-Q4", 20),
        ("/areas/630200/", 14),
        ("/sectors/industry/", 14),
        ("/submissions/", 8),
        ("/reports/compliance/", 10),
        ("/arithmetic/", 14),
    ],
)
def test_page_costs_a_fixed_number_of_queries(
    qinghai: SimpleNamespace, django_assert_max_num_queries: Any, address: str, most: int
) -> None:
    client = client_of(qinghai.leader)
    with django_assert_max_num_queries(most):
        client.get(address)


def test_more_files_cost_the_list_no_more_queries(qinghai: SimpleNamespace, django_assert_max_num_queries: Any) -> None:
    client = client_of(qinghai.reviewer)
    with django_assert_max_num_queries(20) as few:
        client.get("/submissions/")
    for value in range(4):
        send(make_workbook(make_lines("BUR-630200", "QH-Q", FILED, {"K1": value}), period=FILED), qinghai.clerk)
    with django_assert_max_num_queries(len(few)):
        client.get("/submissions/")


def test_language_is_switched_by_the_person_and_not_by_the_browser(qinghai: SimpleNamespace) -> None:
    client = client_of(qinghai.leader)
    page = client.get("/targets/", headers={"Accept-Language": "en"})
    assert page["Content-Language"] == "zh-hans"
    answer = client.post("/i18n/setlang/", {"language": "en", "next": "/targets/?period=2014-Q3"})
    assert (answer.status_code, answer["Location"]) == (302, "/targets/?period=2014-Q3")
    english = client.get("/targets/")
    assert english["Content-Language"] == "en"
    assert Target.objects.get(code="A1-2015").name_en.replace("'", "&#x27;") in english.content.decode()
    client.cookies["django_language"] = "xx"
    assert client.get("/targets/")["Content-Language"] == "zh-hans"


def test_language_switch_leads_to_no_other_host(qinghai: SimpleNamespace) -> None:
    answer = client_of(qinghai.leader).post("/i18n/setlang/", {"language": "en", "next": "https://elsewhere.example/"})
    assert answer["Location"] == "/"
    assert Client().post("/login/", {"username": "leader", "password": "pass", "next": "//elsewhere.example/"})["Location"] == "/home/"


@pytest.mark.full
@pytest.mark.parametrize(("language", "words"), [("zh-hans", "演示数据"), ("en", "Demonstration data")])
def test_every_page_and_export_is_marked_as_a_demonstration(qinghai: SimpleNamespace, sent: Submission, language: str, words: str) -> None:
    client = speaking(qinghai.clerk, language)
    for address in [*pages(sent)[:-1], "/submissions/upload/", "/reports/compliance.csv"]:
        assert words in client.get(address).content.decode(), address
    assert words in Client(headers={"cookie": f"django_language={language}"}).get("/login/").content.decode()


def test_without_demonstration_no_page_says_so(qinghai: SimpleNamespace, settings: Any, sent: Submission) -> None:
    settings.DEMO = False
    client = speaking(qinghai.clerk, "zh-hans")
    for address in ("/", "/targets/", "/reports/compliance.csv", "/submissions/"):
        assert "演示数据" not in client.get(address).content.decode(), address


def test_overview_counts_what_the_results_say(qinghai: SimpleNamespace) -> None:
    years = speaking(qinghai.leader, "en").get("/", {"period": PERIOD}).context["years"]
    for year in years:
        found = Assessment.objects.current().filter(period=PERIOD, area__code="630000", target__target_year=year.year)
        for count in year.counts:
            assert count.number == found.filter(status=count.status).count(), (year.year, count.status)
        assert sum(count.number for count in year.counts) == year.total


def test_loading_shows_its_progress_on_the_overview(qinghai: SimpleNamespace) -> None:
    job = Job.objects.create(kind="load_history", state="running", done=30, total=120)
    page = client_of(qinghai.leader).get("/").content.decode()
    assert job.get_absolute_url() in page
    Job.objects.filter(pk=job.pk).update(state="done")
    assert job.get_absolute_url() not in client_of(qinghai.leader).get("/").content.decode()


def test_status_is_never_colour_alone(qinghai: SimpleNamespace) -> None:
    """Every cell of the matrix says its status in a word and shows a shape."""
    page = speaking(qinghai.leader, "en").get("/", {"period": PERIOD}).content.decode()
    cells = re.findall(r'<td class="cell cell-(?!none)(\w+)">(.*?)</td>', page, re.DOTALL)
    assert len(cells) > 100
    words = {"achieved": "Achieved", "on_track": "On track", "at_risk": "At risk", "off_track": "Off track", "no_data": "No data"}
    for status, content in cells:
        assert words[status] in content
        assert "<svg" in content or "<use" in content


def test_approved_figure_leads_back_to_its_file(qinghai: SimpleNamespace) -> None:
    lines = make_lines("BUR-630200", "QH-Q", FILED)
    submission = approve(make_workbook(lines, period=FILED), qinghai.clerk, qinghai.reviewer)
    page = client_of(qinghai.leader).get("/targets/K1-2015/", {"area": "630200", "period": FILED}).content.decode()
    assert submission.get_absolute_url() in page
    other = client_of(qinghai.other_clerk).get("/targets/K1-2015/", {"area": "630200", "period": FILED}).content.decode()
    assert submission.get_absolute_url() not in other, "a link that ends in “not there” is no link"
