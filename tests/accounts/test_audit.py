"""The trail of who did what: whole, unchangeable, and telling where somebody tampered."""

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO, StringIO
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.test import Client

from accounts.append_only import allow, forbid
from accounts.models import AuditEntry, Bureau, User
from accounts.source import Source, came_from, current_source
from indicators.models import Upload
from qhenv.checks import refuse_demonstration_accounts
from targets.models import Assessment
from tests.conftest import client_of
from tests.make import approve, make_lines, make_workbook, send
from tests.make_history import work_off

PERIOD = "2015-Q4"


def good() -> bytes:
    return make_workbook(make_lines("BUR-630200", "QH-Q", PERIOD), period=PERIOD)


def record(cast: SimpleNamespace, count: int = 5) -> None:
    for place in range(count):
        AuditEntry.objects.record(by=cast.leader, verb="note", about=cast.leader, data={"place": place, "中": "文"})


def without_triggers(act: Callable[[], object]) -> None:
    """What the owner of the database could do."""
    with connection.cursor() as cursor:
        for statement in allow(connection.vendor, "accounts_auditentry"):
            cursor.execute(statement)
        act()
        for statement in forbid(connection.vendor, "accounts_auditentry"):
            cursor.execute(statement)


def test_chain_holds_through_a_whole_way_and_two_plans(qinghai: SimpleNamespace) -> None:
    approve(good(), qinghai.clerk, qinghai.reviewer)
    record(qinghai)
    numbers = list(AuditEntry.objects.order_by("number").values_list("number", flat=True))
    assert numbers == list(range(1, len(numbers) + 1))
    assert AuditEntry.objects.first_broken() is None


@pytest.mark.parametrize(
    "field", ["actor", "role", "verb", "object_type", "object_id", "door", "address", "data", "at", "previous_hash", "hash"]
)
def test_change_of_any_field_is_found_at_its_number(qinghai: SimpleNamespace, field: str) -> None:
    record(qinghai)
    entry = AuditEntry.objects.order_by("number").reverse()[2]
    value = {"data": {"place": 99}, "at": entry.at + timedelta(microseconds=1)}.get(field, "x")
    without_triggers(lambda: AuditEntry.objects.filter(pk=entry.pk).update(**{field: value}))
    broken = AuditEntry.objects.first_broken()
    assert broken is not None
    assert broken.number == entry.number


def test_entry_taken_out_of_the_middle_is_found_at_the_next(qinghai: SimpleNamespace) -> None:
    record(qinghai)
    entry = AuditEntry.objects.order_by("-number")[2]
    without_triggers(lambda: AuditEntry.objects.filter(pk=entry.pk)._raw_delete("default"))
    broken = AuditEntry.objects.first_broken()
    assert broken is not None
    assert broken.number == entry.number + 1


def test_entry_with_a_new_hash_of_its_own_breaks_the_next(qinghai: SimpleNamespace) -> None:
    record(qinghai)
    entry = AuditEntry.objects.order_by("-number")[2]
    entry.data = {"place": "forged"}
    entry.hash = entry.digest()
    without_triggers(lambda: AuditEntry.objects.filter(pk=entry.pk).update(data=entry.data, hash=entry.hash))
    broken = AuditEntry.objects.first_broken()
    assert broken is not None
    assert broken.number == entry.number + 1


def test_database_refuses_change_and_deletion_of_what_is_kept_for_ever(qinghai: SimpleNamespace) -> None:
    approve(good(), qinghai.clerk, qinghai.reviewer)
    acts: list[Callable[[], object]] = [
        lambda: AuditEntry.objects.update(verb="x"),
        lambda: AuditEntry.objects.all()._raw_delete("default"),
        lambda: Upload.objects.update(size=1),
        lambda: Upload.objects.all()._raw_delete("default"),
    ]
    for act in acts:
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            act()


@pytest.mark.full
def test_results_are_append_only_too(qinghai: SimpleNamespace) -> None:
    approve(good(), qinghai.clerk, qinghai.reviewer)
    work_off()
    assert Assessment.objects.exists()
    for act in (lambda: Assessment.objects.update(status="achieved"), lambda: Assessment.objects.all()._raw_delete("default")):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            act()


def test_act_that_fails_leaves_no_entry(qinghai: SimpleNamespace) -> None:
    def act() -> None:
        with transaction.atomic():
            record(qinghai, 1)
            raise DatabaseError("disk full")

    count = AuditEntry.objects.count()
    with pytest.raises(DatabaseError):
        act()
    assert AuditEntry.objects.count() == count
    record(qinghai, 1)
    assert AuditEntry.objects.first_broken() is None


@pytest.mark.parametrize(("path", "door"), [("/submissions/upload/", "page"), ("/api/v1/submissions", "api")])
def test_entry_names_person_role_door_and_address(qinghai: SimpleNamespace, path: str, door: str) -> None:
    file = BytesIO(good())
    file.name = "海东.xlsx"
    client_of(qinghai.clerk).post(path, {"file": file}, REMOTE_ADDR="10.1.2.3")
    entry = AuditEntry.objects.get(verb="receive")
    assert (entry.actor, entry.role, entry.door, entry.address) == ("clerk", "reporter", door, "10.1.2.3")
    assert entry.data["sha256"]


def test_source_is_put_back_after_a_request() -> None:
    before = current_source()
    with came_from(Source("page", "10.0.0.1")):
        assert current_source().address == "10.0.0.1"
    assert current_source() == before


def test_what_an_administrator_changes_is_in_the_trail(qinghai: SimpleNamespace) -> None:
    User.objects.filter(pk=qinghai.administrator.pk).update(is_staff=True, is_superuser=True)
    admin = client_of(qinghai.administrator)
    bureau = Bureau.objects.get(code="BUR-630200")
    form = admin.get(f"/admin/accounts/bureau/{bureau.pk}/change/").context["adminform"].form
    data = {name: value for name, value in form.initial.items() if value is not None} | {
        "name_en": "Haidong office",
        "areas": [a.pk for a in bureau.areas.all()],
    }
    answer = admin.post(f"/admin/accounts/bureau/{bureau.pk}/change/", data)
    assert answer.status_code == 302, answer.context["adminform"].form.errors
    entry = AuditEntry.objects.about(bureau).get(verb="change")
    assert (entry.actor, entry.door) == ("administrator", "admin")
    assert entry.data["name_en"][1] == "Haidong office"


def test_password_set_by_an_administrator_is_in_the_trail(qinghai: SimpleNamespace) -> None:
    """Whoever can set a reviewer's password can act as the reviewer: that must not go unseen."""
    User.objects.filter(pk=qinghai.administrator.pk).update(is_staff=True, is_superuser=True)
    new = {"password1": "a-long-new-password-9", "password2": "a-long-new-password-9", "usable_password": "true", "set-password": "1"}
    answer = client_of(qinghai.administrator).post(f"/admin/accounts/user/{qinghai.reviewer.pk}/password/", new)
    assert answer.status_code == 302
    assert Client().login(username="reviewer", password="a-long-new-password-9")
    entry = AuditEntry.objects.about(qinghai.reviewer).latest("number")
    assert entry.actor == "administrator"
    assert "a-long-new-password-9" not in str(entry.data)


def test_nobody_reads_the_keys_of_others(qinghai: SimpleNamespace) -> None:
    User.objects.filter(pk=qinghai.administrator.pk).update(is_staff=True, is_superuser=True)
    assert client_of(qinghai.administrator).get("/admin/").status_code == 200
    assert client_of(qinghai.administrator).get("/admin/authtoken/tokenproxy/").status_code == 404


def test_nothing_kept_for_ever_can_be_changed_in_the_admin(qinghai: SimpleNamespace) -> None:
    User.objects.filter(pk=qinghai.administrator.pk).update(is_staff=True, is_superuser=True)
    admin = client_of(qinghai.administrator)
    submission = send(good(), qinghai.clerk)
    entry = AuditEntry.objects.latest("number")
    for path in (f"/admin/accounts/auditentry/{entry.pk}", f"/admin/indicators/submission/{submission.pk}"):
        assert admin.get(f"{path}/change/").status_code == 200
        assert admin.post(f"{path}/change/", {"state": "approved", "verb": "x"}).status_code == 403
        assert admin.post(f"{path}/delete/", {"post": "yes"}).status_code == 403
    submission.refresh_from_db()
    assert submission.state == "checked"


def test_closing_the_demonstration_locks_its_accounts_and_keeps_their_history(qinghai: SimpleNamespace) -> None:
    send(good(), qinghai.clerk)
    User.objects.filter(username__in=["clerk", "reviewer"]).update(is_demonstration=True)
    call_command("drop_demo", stdout=StringIO())
    assert not User.objects.filter(is_demonstration=True, is_active=True).exists()
    assert not Client().login(username="clerk", password="pass")
    assert Client().login(username="leader", password="pass")
    assert AuditEntry.objects.filter(verb="close_account").count() == 2
    assert AuditEntry.objects.about(qinghai.clerk).get(verb="close_account")
    refuse_demonstration_accounts()


@pytest.mark.parametrize("demonstration", [True, False])
def test_production_does_not_start_while_demonstration_accounts_are_open(
    qinghai: SimpleNamespace, settings: Any, demonstration: bool
) -> None:
    User.objects.filter(username="clerk").update(is_demonstration=True)
    settings.DEMO = demonstration
    if demonstration:
        refuse_demonstration_accounts()
    else:
        with pytest.raises(ImproperlyConfigured, match="drop_demo"):
            refuse_demonstration_accounts()
