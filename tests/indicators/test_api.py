"""The door for machines: what it takes, what it answers, and that every refusal says what to do."""

import json
import warnings
from decimal import Decimal
from io import BytesIO, StringIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from drf_spectacular.generators import SchemaGenerator
from rest_framework.authtoken.models import Token

from accounts.models import User
from indicators.models import Submission
from tests.conftest import client_of
from tests.make import Line, make_lines, make_workbook
from tests.test_way_of_a_figure import run_jobs

ADDRESS = "/api/v1/submissions"
PERIOD = "2015-Q4"
JSON = "application/json"
PROBLEM = "application/problem+json"


def lines_of(**values: object) -> list[Line]:
    return make_lines("BUR-630200", "QH-Q", PERIOD, values)


def as_json(lines: list[Line], **heading: object) -> bytes:
    rows = [{"indicator": indicator, "area": area, "value": value} for indicator, area, value, *_ in lines]
    return json.dumps({"form": "QH-Q", "bureau": "BUR-630200", "period": PERIOD, "rows": rows} | heading).encode()


def file(content: bytes, name: str = "海东.xlsx") -> BytesIO:
    stream = BytesIO(content)
    stream.name = name
    return stream


def with_token(user: User) -> dict[str, Any]:
    return {"headers": {"Authorization": f"Token {Token.objects.create(user=user)}"}}


def problem(answer: Any, status: int) -> dict[str, Any]:
    """The body of a refusal, which is always of the one form and always has a sentence."""
    assert (answer.status_code, answer["Content-Type"]) == (status, PROBLEM), answer.content
    body: dict[str, Any] = answer.json()
    assert body["status"] == status
    assert len(body["detail"]) > 5
    return body


def checked(client: Client, content: bytes) -> int:
    pk: int = client.post(ADDRESS, content, content_type=JSON).json()["id"]
    run_jobs()
    return pk


@pytest.mark.parametrize("slash", ["", "/"])
def test_file_is_received_with_token_and_the_same_bytes_are_the_same_submission(qinghai: SimpleNamespace, slash: str) -> None:
    content, token = make_workbook(lines_of(), period=PERIOD), with_token(qinghai.clerk)
    first = Client().post(ADDRESS + slash, {"file": file(content)}, **token)
    again = Client().post(ADDRESS + slash, {"file": file(content, "again.xlsx")}, **token)
    assert (first.status_code, again.status_code) == (202, 200)
    assert first.json()["id"] == again.json()["id"] == Submission.objects.get().pk
    assert first["Location"] == f"{ADDRESS}/{first.json()['id']}"
    assert bytes(Submission.objects.get().upload.content) == content


@pytest.mark.parametrize("slash", ["", "/"])
def test_json_is_received_in_a_session_and_kept_byte_for_byte(qinghai: SimpleNamespace, slash: str) -> None:
    client, content = client_of(qinghai.clerk), as_json(lines_of())
    answers = [client.post(ADDRESS + slash, content, content_type=f"{JSON}; charset=utf-8") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [202, 200]
    assert bytes(Submission.objects.get().upload.content) == content
    assert client.get(answers[0]["Location"]).json()["door"] == "api"


def test_session_without_the_forms_own_mark_cannot_send(qinghai: SimpleNamespace) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(qinghai.clerk)
    problem(client.post(ADDRESS, as_json(lines_of()), content_type=JSON), 403)


def test_numbers_of_json_arrive_digit_for_digit(qinghai: SimpleNamespace) -> None:
    client = client_of(qinghai.clerk)
    pk = checked(client, as_json(lines_of(A5=0.1, GDP=123456789012345, A7=100)))
    values = dict(Submission.objects.get(pk=pk).entries.values_list("indicator__code", "value"))
    assert (values["A5"], values["GDP"], values["A7"]) == (Decimal("0.1"), Decimal("123456789012345"), Decimal(100))
    shown = {entry["indicator"]: entry["value"] for entry in client.get(f"{ADDRESS}/{pk}").json()["entries"]}
    assert (shown["A5"], shown["GDP"], shown["A7"]) == ("0.1", "123456789012345", "100")


def test_findings_come_with_their_cells(qinghai: SimpleNamespace) -> None:
    lines = [line if line[0] != "A5" else ("A5", "630200", "约三亿") for line in lines_of()]
    place = [line[0] for line in lines].index("A5") + 6
    client = client_of(qinghai.clerk)
    pk = client.post(ADDRESS, {"file": file(make_workbook(lines, period=PERIOD))}).json()["id"]
    run_jobs()
    body = client.get(f"{ADDRESS}/{pk}/").json()
    (finding,) = body["findings"]
    assert body["state"] == "refused"
    assert body["entries"] == []
    assert (finding["rule"], finding["severity"], finding["sheet"], finding["cell"]) == ("not_a_number", "error", "填报表", f"F{place}")
    assert (finding["row"], finding["column"], finding["indicator"], finding["area"]) == (place, 6, "A5", "630200")
    assert "约三亿" in finding["message"]


def test_submission_goes_from_arrival_to_approval(qinghai: SimpleNamespace) -> None:
    clerk, reviewer = client_of(qinghai.clerk), client_of(qinghai.reviewer)
    pk = checked(clerk, as_json([line for line in lines_of() if line[0] != "K1"]))
    address = f"{ADDRESS}/{pk}"
    assert "1" in problem(clerk.post(f"{address}/submit"), 409)["detail"]
    (warning,) = clerk.get(address).json()["findings"]
    explained = clerk.post(f"{address}/explain/", {"explanations": {warning["id"]: "暂无统计"}}, content_type=JSON)
    assert explained.json()["findings"][0]["explanation"] == "暂无统计"
    assert clerk.post(f"{address}/submit").json()["state"] == "submitted"
    assert reviewer.post(f"{address}/approve/").json()["state"] == "approved"


def test_submission_goes_back_with_a_reason_and_can_be_taken_back(qinghai: SimpleNamespace) -> None:
    clerk, reviewer = client_of(qinghai.clerk), client_of(qinghai.reviewer)
    pk = checked(clerk, as_json(lines_of()))
    clerk.post(f"{ADDRESS}/{pk}/submit")
    assert "reason" in problem(reviewer.post(f"{ADDRESS}/{pk}/return", {}, content_type=JSON), 400)["errors"]
    body = reviewer.post(f"{ADDRESS}/{pk}/return", {"reason": "K1请核对"}, content_type=JSON).json()
    assert (body["state"], body["reason"]) == ("returned", "K1请核对")
    other = checked(clerk, as_json(lines_of(K1=11)))
    assert clerk.post(f"{ADDRESS}/{other}/withdraw/").json()["state"] == "withdrawn"


@pytest.mark.parametrize(
    ("move", "who"), [("submit", "clerk"), ("withdraw", "clerk"), ("approve", "reviewer"), ("return", "reviewer"), ("explain", "clerk")]
)
def test_wrong_move_is_a_conflict_told_in_a_plain_sentence(qinghai: SimpleNamespace, move: str, who: str) -> None:
    """Returned already: nothing more can be done with it."""
    clerk, reviewer = client_of(qinghai.clerk), client_of(qinghai.reviewer)
    pk = checked(clerk, as_json(lines_of()))
    clerk.post(f"{ADDRESS}/{pk}/submit")
    reviewer.post(f"{ADDRESS}/{pk}/return", {"reason": "x"}, content_type=JSON)
    body = {"return": {"reason": "x"}, "explain": {"explanations": {"1": "x"}}}.get(move, {})
    told = problem({"clerk": clerk, "reviewer": reviewer}[who].post(f"{ADDRESS}/{pk}/{move}", body, content_type=JSON), 409)
    assert told["title"] == "conflict"
    assert str(Submission.State.RETURNED.label) in told["detail"]


def test_nobody_moves_what_is_not_theirs(qinghai: SimpleNamespace) -> None:
    pk = checked(client_of(qinghai.clerk), as_json(lines_of()))
    for person in (qinghai.reviewer, qinghai.leader, qinghai.auditor, qinghai.administrator):
        problem(client_of(person).post(f"{ADDRESS}/{pk}/submit"), 403)
        problem(client_of(person).post(f"{ADDRESS}/{pk}/withdraw"), 403)
    for person in (qinghai.clerk, qinghai.leader, qinghai.auditor, qinghai.administrator):
        problem(client_of(person).post(f"{ADDRESS}/{pk}/approve"), 403)
        problem(client_of(person).post(f"{ADDRESS}/{pk}/return", {"reason": "x"}, content_type=JSON), 403)
    assert Submission.objects.get().state == Submission.State.CHECKED


def test_another_bureaus_submission_is_not_there(qinghai: SimpleNamespace) -> None:
    pk = checked(client_of(qinghai.clerk), as_json(lines_of()))
    other = client_of(qinghai.other_clerk)
    assert other.get(ADDRESS).json()["count"] == 0
    problem(other.get(f"{ADDRESS}/{pk}"), 404)
    for move in ("explain", "submit", "withdraw", "approve", "return"):
        body = {"explanations": {}, "reason": "x"}
        problem(other.post(f"{ADDRESS}/{pk}/{move}", body, content_type=JSON), 404)
    assert client_of(qinghai.leader).get(f"{ADDRESS}/{pk}").status_code == 200


def test_stranger_gets_401_and_is_told_how_to_sign_in(db: None) -> None:
    for answer in (Client().get(ADDRESS), Client().post(ADDRESS, b"{}", content_type=JSON), Client().get("/api/v1/assessments/")):
        problem(answer, 401)
        assert answer["WWW-Authenticate"] == "Token"
    problem(Client().get(ADDRESS, headers={"Authorization": "Token wrong"}), 401)


@pytest.mark.parametrize("person", ["leader", "reviewer", "auditor", "administrator"])
def test_only_a_clerk_sends_figures(qinghai: SimpleNamespace, person: str) -> None:
    problem(client_of(getattr(qinghai, person)).post(ADDRESS, as_json(lines_of()), content_type=JSON), 403)
    assert not Submission.objects.exists()


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b'{"rows": [', JSON),
        (b"\xff\xfe", JSON),
        (b"[]", JSON),
        (b'"text"', JSON),
        ({"form": "QH-Q"}, None),
        ({"file": SimpleUploadedFile("empty.xlsx", b"")}, None),
        ({"file": "not a file"}, None),
    ],
)
def test_body_that_cannot_be_taken_is_400(qinghai: SimpleNamespace, body: Any, kind: str | None) -> None:
    given = {"content_type": kind} if kind else {}
    problem(client_of(qinghai.clerk).post(ADDRESS, body, **given), 400)
    assert not Submission.objects.exists()


def test_other_kinds_of_body_are_415(qinghai: SimpleNamespace) -> None:
    problem(client_of(qinghai.clerk).post(ADDRESS, b"a,b", content_type="text/csv"), 415)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"period": "garbage"}, "period"),
        ({"period": "0000"}, "period"),
        ({"period": "9999-Q4"}, "period"),
        ({"form": "NONE"}, "form"),
        ({"form": "QH-P"}, "form"),
    ],
)
def test_form_and_period_beside_a_file_must_make_sense(qinghai: SimpleNamespace, given: dict[str, str], field: str) -> None:
    """QH-P is a form, but not one of this bureau's: the upload page does not offer it either."""
    answer = client_of(qinghai.clerk).post(ADDRESS, {"file": file(make_workbook(lines_of(), period=PERIOD))} | given)
    assert list(problem(answer, 400)["errors"]) == [field]
    assert not Submission.objects.exists()


def test_period_beside_a_file_may_be_written_as_people_write_it(qinghai: SimpleNamespace) -> None:
    client = client_of(qinghai.clerk)
    body = {"file": file(make_workbook(lines_of(), form="", period="")), "form": "QH-Q", "period": "2015年四季度"}
    pk = client.post(ADDRESS, body).json()["id"]
    run_jobs()
    found = client.get(f"{ADDRESS}/{pk}").json()
    assert (found["state"], found["period"], found["findings"]) == ("checked", PERIOD, [])


@pytest.mark.parametrize("explanations", [{"x": "a"}, {"99999999999999999999999": "a"}, {"-1": "a"}, [1], {"1": ""}])
def test_explanations_with_impossible_keys_are_400_or_change_nothing(qinghai: SimpleNamespace, explanations: Any) -> None:
    client = client_of(qinghai.clerk)
    pk = checked(client, as_json([line for line in lines_of() if line[0] != "K1"]))
    answer = client.post(f"{ADDRESS}/{pk}/explain", {"explanations": explanations}, content_type=JSON)
    assert answer.status_code in (200, 400)
    assert Submission.objects.get().findings.get().explanation == ""


def test_all_three_doors_end_in_the_same(qinghai: SimpleNamespace, tmp_path: Path) -> None:
    lines = [line if line[0] != "K1" else ("K1", "630200", "—") for line in lines_of()]
    content, clerk = make_workbook(lines, period=PERIOD), client_of(qinghai.clerk)
    (path := tmp_path / "海东.xlsx").write_bytes(content)

    def through(door: str) -> dict[str, Any]:
        if door == "page":
            clerk.post("/submissions/upload/", {"file": file(content)})
        elif door == "api":
            clerk.post(ADDRESS, {"file": file(content)})
        else:
            call_command("import_submission", path, by="clerk", stdout=StringIO())
        run_jobs()
        found = Submission.objects.order_by("pk").last()
        assert found is not None
        result = {name: getattr(found, name) for name in ("filename", "bureau", "form", "period", "state", "upload", "sent_by", "revises")}
        result["entries"] = list(
            found.entries.values_list("indicator__code", "area__code", "period", "value", "status", "text", "sheet", "row", "column")
        )
        result["findings"] = list(found.findings.values_list("rule", "severity", "sheet", "row", "column", "message", "indicator", "area"))
        assert found.door == door
        found.withdraw(by=qinghai.clerk)  # so that the next door does not meet the same bytes
        return result

    page, api, command = (through(door) for door in ("page", "api", "command"))
    assert page == api == command
    assert (len(page["entries"]), [finding[0] for finding in page["findings"]]) == (len(lines), ["missing_value"])


def test_lists_stay_within_their_queries(qinghai: SimpleNamespace, django_assert_num_queries: Any) -> None:
    client = client_of(qinghai.clerk)
    for value in (1, 2, 3):
        checked(client, as_json(lines_of(K1=value)))
    with django_assert_num_queries(4) as seen:  # session, user, count, page
        assert client.get(ADDRESS).json()["count"] == 3
    assert not [query for query in seen.captured_queries if '"content"' in query["sql"]], "a list carries no files"
    last = Submission.objects.latest("pk").pk
    with django_assert_num_queries(7):  # session, user, submission, its findings, entries, their indicators and areas
        client.get(f"{ADDRESS}/{last}")


def test_token_is_given_for_name_and_password_only(qinghai: SimpleNamespace) -> None:
    token = Client().post("/api/v1/token/", {"username": "clerk", "password": "pass"}).json()["token"]
    assert Client().get(ADDRESS, headers={"Authorization": f"Token {token}"}).status_code == 200
    problem(Client().post("/api/v1/token/", {"username": "clerk", "password": "guess"}), 400)


def test_schema_generates_without_a_warning_and_names_every_address(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        schema = SchemaGenerator().get_schema(request=None, public=True)
    assert capsys.readouterr().err == ""
    ends = {path.rstrip("/").removeprefix("/api/v1/") for path in schema["paths"]}
    moves = {f"submissions/{{id}}/{move}" for move in ("approve", "explain", "return", "submit", "withdraw")}
    assert moves | {"submissions", "submissions/{id}", "tasks", "tasks/{id}", "targets", "targets/{code}", "assessments", "token"} <= ends
    assert set(
        schema["paths"][next(path for path in schema["paths"] if path.rstrip("/").endswith("submissions"))]["post"]["responses"]
    ) >= {"200", "202", "403"}
