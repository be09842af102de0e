"""The browser's grid as a clerk uses it: a block pasted, the connection lost, the page closed and opened again, nothing lost."""

import os
import shutil
from collections.abc import Iterator
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.servers.basehttp import WSGIServer
from django.db import connections
from django.test.testcases import LiveServerThread, QuietWSGIRequestHandler

from accounts import clock
from accounts.models import Bureau
from indicators.models import Draft, ReportingForm, ReportingTask, Submission
from indicators.models.form_rows import form_rows
from tests.make import make_lines

pytestmark = pytest.mark.full


class OneAtATime(LiveServerThread):
    """Serves the pages within the test's own transaction, one request after the other. The usual live server empties all tables
    afterwards, which the triggers that keep figures and audit entries refuse."""

    def _create_server(self, connections_override: Any = None) -> WSGIServer:
        return WSGIServer((self.host, self.port), QuietWSGIRequestHandler, allow_reuse_address=False)


@pytest.fixture
def site(db: None, monkeypatch: pytest.MonkeyPatch, settings: Any) -> Iterator[str]:
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # the browser's driver runs a loop in this thread
    settings.ALLOWED_HOSTS = ["*"]
    shared = connections["default"]
    shared.inc_thread_sharing()
    server = OneAtATime("localhost", StaticFilesHandler, connections_override={"default": shared})
    server.daemon = True
    server.start()
    server.is_ready.wait()
    assert server.error is None
    yield f"http://localhost:{server.port}"
    server.terminate()
    shared.dec_thread_sharing()


@pytest.fixture
def context(site: str) -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    found = next((path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None)
    if found is None:
        reason = "no chromium here: install Debian's chromium, or set QHENV_NO_BROWSER=1 to leave the browser tests out"
        pytest.skip(reason) if os.environ.get("QHENV_NO_BROWSER") else pytest.fail(reason)
    shared = connections["default"]
    with sync_playwright() as playwright:
        connections["default"] = shared  # connections are kept by loop, and the browser's driver has just begun one
        chromium = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        context = chromium.new_context(base_url=site, viewport={"width": 1280, "height": 800}, locale="zh-CN")
        context.grant_permissions(["clipboard-read", "clipboard-write"], origin=site)
        yield context
        chromium.close()


@pytest.fixture
def task(qinghai: SimpleNamespace) -> ReportingTask:
    form, bureau = ReportingForm.objects.get(code="QH-Q"), Bureau.objects.get(code="BUR-630200")
    made, _ = ReportingTask.objects.get_or_create(
        form=form, bureau=bureau, period="2018-Q3", defaults={"due_on": date(2018, 10, 22), "opened_at": clock.now()}
    )
    return made


def sign_in(page: Any, name: str = "clerk") -> None:
    page.goto("/login/")
    page.fill("[name=username]", name)
    page.fill("[name=password]", "pass")
    page.press("[name=password]", "Enter")
    page.wait_for_url(lambda url: "/login" not in url)


def open_grid(context: Any, task: ReportingTask) -> Any:
    page = context.new_page()
    page.errors = []
    page.on("pageerror", lambda error: page.errors.append(str(error)))
    page.on("console", lambda said: page.errors.append(said.text) if "Content Security Policy" in said.text else None)
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(f"/tasks/{task.pk}/grid/")
    page.wait_for_selector("[data-do=check]:not([hidden])")
    return page


def paste(page: Any, text: str) -> None:
    page.evaluate("(text) => navigator.clipboard.writeText(text)", text)
    page.keyboard.press("Control+V")


def cell(page: Any, key: str, column: str = "value") -> Any:
    return page.locator(f'[name="{key}:{column}"]')


def saved(page: Any) -> None:
    page.wait_for_selector('#grid-state[data-state="saved"]')


def stored(task: ReportingTask) -> dict[str, dict[str, str]]:
    return Draft.objects.get(task=task).cells


def test_a_quarter_is_typed_through_a_lost_connection_and_sent(context: Any, task: ReportingTask) -> None:
    page = context.new_page()
    sign_in(page)
    page = open_grid(context, task)
    rows = form_rows(task)
    values = {f"{code}/{area}": str(value) for code, area, value, *_ in make_lines("BUR-630200", "QH-Q", "2018-Q3")}
    first = next(place for place, row in enumerate(rows) if row.asked)
    block = rows[first : first + 60]
    assert len(block) == 60
    cell(page, rows[first].key).focus()
    lines = [f"{values[row.key] if row.asked else '未到期'}\t统计局\t" for row in block]
    paste(page, "\r\n".join(["\t".join([lines[0].split("\t")[0], "统计局", '"两行\n说明 ""引"""']), *lines[1:]]) + "\r\n")
    saved(page)
    pasted = {row.key: {"value": values[row.key], "source": "统计局"} for row in block if row.asked}
    pasted[rows[first].key]["note"] = '两行 说明 "引"'
    assert stored(task) == pasted

    context.set_offline(True)
    later = [row for row in rows[first + 60 :] if row.asked]
    for row in later:
        cell(page, row.key).focus()
        page.keyboard.type(values[row.key])
        page.keyboard.press("Enter")
    page.wait_for_selector('#grid-state[data-state="offline"]')
    assert stored(task) == pasted
    page.close(run_before_unload=False)
    context.set_offline(False)

    page = open_grid(context, task)
    saved(page)
    everything = pasted | {row.key: {"value": values[row.key]} for row in later}
    assert stored(task) == everything
    assert {key: cell(page, key).input_value() for key in everything} == {key: texts["value"] for key, texts in everything.items()}

    page.click("[data-do=check]")
    page.wait_for_selector("#grid-message p")
    serious = [one for one in Axe().run(page).response["violations"] if one["impact"] in {"serious", "critical"}]
    assert [(one["id"], one["nodes"][0]["html"]) for one in serious] == []
    for entry in page.locator("li[data-rule]:has(.shape-warning):not(.grid-explained)").all():
        key = entry.locator("xpath=..").get_attribute("id").removeprefix("said-")
        cell(page, key, "note").fill("首次报送，已核实")
    page.click("[data-do=send]")
    page.wait_for_url("**/submissions/*/")
    submission = Submission.objects.get()
    submission.validate()
    assert (submission.door, submission.state) == ("grid", Submission.State.CHECKED)
    assert submission.findings.filter(severity="warning", explanation="").count() == 0
    assert page.errors == []


def test_two_windows_that_type_into_one_cell_are_both_shown_and_the_person_chooses(context: Any, task: ReportingTask) -> None:
    sign_in(context.new_page())
    one, other = open_grid(context, task), open_grid(context, task)
    key = next(row.key for row in form_rows(task) if row.asked)
    cell(one, key).fill("1")
    saved(one)
    cell(other, key).fill("2")
    other.wait_for_selector("li[data-conflict]")
    assert "1" in other.locator("li[data-conflict]").inner_text()
    assert stored(task)[key]["value"] == "1"
    other.locator("li[data-conflict] button").last.click()
    saved(other)
    assert stored(task)[key]["value"] == "2"


def test_keys_move_replace_restore_clear_and_undo(context: Any, task: ReportingTask) -> None:
    sign_in(context.new_page())
    page = open_grid(context, task)
    first, second = [row.key for row in form_rows(task) if row.asked][:2]
    focused = "document.activeElement.name"
    press = page.keyboard.press
    cell(page, first).focus()
    page.keyboard.type("12")
    press("Enter")
    assert page.evaluate(focused) == f"{second}:value"
    press("ArrowUp")
    page.keyboard.type("3")  # replaces
    assert cell(page, first).input_value() == "3"
    press("Escape")
    assert cell(page, first).input_value() == "12"
    press("F2")
    page.keyboard.type("5")
    press("ArrowLeft")  # moves in the text
    page.keyboard.type("4")
    assert cell(page, first).input_value() == "1245"
    press("Shift+Enter")
    press("End")
    assert page.evaluate(focused) == f"{first}:note"
    press("Home")
    press("Delete")
    assert cell(page, first).input_value() == ""
    press("Control+Z")
    assert cell(page, first).input_value() == "1245"
    press("ArrowRight")
    assert page.evaluate(focused) == f"{first}:source"
    press("Tab")
    assert page.evaluate(focused) == f"{first}:note"


def test_what_does_not_fit_is_told_and_somebody_else_at_this_computer_gets_none_of_it(context: Any, task: ReportingTask) -> None:
    sign_in(context.new_page())
    page = open_grid(context, task)
    last = [row.key for row in form_rows(task) if row.asked][-1]
    cell(page, last, "source").focus()
    paste(page, "年报\t说明\t多余\r\n下一行\r\n")
    told = page.locator("#grid-message").inner_text()
    assert "多余" in told
    assert "下一行" in told
    saved(page)
    assert stored(task)[last] == {"source": "年报", "note": "说明"}

    context.set_offline(True)
    cell(page, last).fill("99")
    page.wait_for_selector('#grid-state[data-state="offline"]')
    context.clear_cookies()
    context.set_offline(False)
    page.wait_for_selector("#grid-message a")  # sign in again
    colleague = type(task.bureau.people.first()).objects.create_user("colleague", password="pass", role="reporter", bureau=task.bureau)
    sign_in(context.new_page(), colleague.username)
    page.click("[data-do=again]")
    page.wait_for_timeout(300)
    opened = open_grid(context, task)
    assert cell(opened, last).input_value() == ""
    assert "value" not in stored(task)[last]
