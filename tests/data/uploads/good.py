"""Files without a fault: every format, every column, every way to write a period."""

import csv
from collections.abc import Iterator

from cases import ROOT, Case, Row, as_json, expectations, indicators, table
from writers import Formula, Sheet, ods, text, xls, xlsx, xlsx_calculated

PLAIN = (
    Row("GDP", "630100", 12.5, "12.5"),
    Row("ENE", "632200", "100.25", "100.25"),
    Row("B2", "630200", 3, "3"),
    Row("A5", "630200", 0.412, "0.412", note='含新增企业，“说明”里有逗号,和引号"'),
    Row("D1", "630000", 1, "1"),
)


def asked(form: str, own: set[str], year: int) -> list[Row]:
    """A row without fault for everything the form asks of these areas in a period of the year."""
    with (ROOT / "fixtures/qinghai/forms.csv").open(encoding="utf-8-sig") as file:
        lines = [row for row in csv.DictReader(file) if row["form"] == form and row["indicator"]]
    prefectures = {"630100", "632200", "632300", "632500", "632600", "632700", "632800", "630200" if year > 2012 else "632100"}
    parts = {row["numerator"] for row in indicators().values() if row["part_of_whole"] == "yes"}
    rows = []
    for line in lines:
        if int(line["valid_from"] or 0) <= year <= int(line["valid_to"] or 9999):
            code = line["indicator"]
            usual = (
                "1" if indicators()[code]["kind"] == "milestone" else "900" if code.startswith("GDP") else "5" if code in parts else "10"
            )
            areas = (
                prefectures
                if line["areas"] == "prefectures"
                else {"630000"}
                if line["areas"] == "province"
                else set(line["areas"].split(";"))
            )
            rows += [Row(code, area, int(usual), usual) for area in sorted(areas & own)]
    return rows


PERIODS = (
    ("GDP", "2014", "2014"), ("GDPC2010", "2014年", "2014"), ("ENE", "2014年全年", "2014"), ("A5", "2014-Q3", "2014-Q3"),
    ("A6", "2014Q3", "2014-Q3"), ("A7", "2014年三季度", "2014-Q3"), ("A8", "2014年第三季度", "2014-Q3"),
    ("C4P", "2014年前三季度", "2014-Q3"),
    ("C2P", "2014年1-3季度", "2014-Q3"), ("C3P", "2014年上半年", "2014-Q2"), ("LE", "2014年第一季度", "2014-Q1"),
    ("WL", "2014-M7", "2014-M7"), ("WLG", "2014M7", "2014-M7"), ("SWR", "2014年7月", "2014-M7"),
)  # fmt: skip
VINTAGES = (
    ("GDP", "快报", "express"), ("GDPC2010", "初步核算", "express"), ("ENE", "初步核实", "preliminary"), ("A5", "最终核实", "final"),
    ("A6", "快报数", "express"), ("A7", "最终核实数", "final"), ("A8", "express", "express"), ("C4E", "preliminary", "preliminary"),
    ("C2P", "final", "final"), ("C3P", "", ""), ("C4P", "初步核实数", "preliminary"),
)  # fmt: skip
STATES = (
    Row("GDP", "630100", 0, "0"),
    *(Row(code, "630100", word, None, "O") for code, word in zip(
        ("GDPC2010", "ENE", "A5", "A6", "A7", "A8", "B1", "B2", "B3", "C2P", "C2E"),
        (None, "—", "——", "———", "－", "-", "…", "……", "无", "缺", "---"), strict=True)),
    Row("C3P", "630100", "不适用", None, "M"),
    Row("C3E", "630100", "n/a", None, "M"),
    Row("C4P", "630100", "保密", None, "Q"),
    Row("C4E", "630100", "未到期", None, "Y"),
    Row("LE", "630100", "not yet due", None, "Y"),
)  # fmt: skip
STAGES = (
    Row("D2", "630100", 0, "0"), Row("D2", "630200", "进行中", "1"), Row("D2", "632200", "基本完成", "2"),
    Row("D2", "632300", "已完成", "3", note="省发展改革委2015年12月1日第7号批复"), Row("D2", "632500", "未启动", "0"),
    Row("D3", "630100", "not started", "0"), Row("D3", "630200", "under way", "1"), Row("D3", "632200", "mostly done", "2"),
    Row("D3", "632300", "done", "3", note="验收文件 2015-12-20"), Row("D3", "632500", 3, "3", note="验收文件 2015-12-21"),
    Row("D3", "632600", "2", "2"),
)  # fmt: skip


def formats() -> Iterator[Case]:
    sheet, known = Sheet(table(PLAIN)), expectations(PLAIN)
    flat = expectations(PLAIN, sheet="")
    yield Case("good.xlsx", "a plain workbook", xlsx(sheet), **known)
    yield Case("good_other_program.xlsx", "the same, written by another program", xlsx_calculated(sheet), **known)
    yield Case("good.xls", "an Excel 97-2003 workbook", xls(sheet), **known)
    yield Case("good.ods", "an OpenDocument spreadsheet", ods(sheet), **known)
    yield Case("good.csv", "CSV in UTF-8 with commas", text(table(PLAIN)).encode(), **flat)
    yield Case("good_bom.csv", "CSV in UTF-8 with byte order mark and semicolons", text(table(PLAIN), ";").encode("utf-8-sig"), **flat)
    guessed = {**flat, "findings": [("encoding_guessed", "", None)]}
    yield Case("good_gb18030.csv", "CSV in GB18030 with tabs", text(table(PLAIN), "\t").encode("gb18030"), **guessed)
    yield Case("good_lines.csv", "CSV with single line feeds", text(table(PLAIN)).replace("\r\n", "\n").encode(), **flat)
    yield Case("good.json", "JSON as a file", as_json(PLAIN), **flat)
    yield Case("good_body.json", "JSON as the body of a request", as_json(PLAIN), body=True, **flat)
    yield Case("good_capitals.XLSX", "an ending in capitals is the same ending", xlsx(sheet), **known)
    yield Case("xls_really_xlsx.xls", "an .xlsx by content under .xls is read as what it is", xlsx(sheet), **known)
    yield Case("xlsx_really_xls.xlsx", "an .xls by content under .xlsx is read as what it is", xls(sheet), **known)
    yield Case("xlsx_really_ods.xlsx", "an .ods by content under .xlsx is read as what it is", ods(sheet), **known)
    yield Case("ods_really_xlsx.ods", "an .xlsx by content under .ods is read as what it is", xlsx(sheet), **known)


def layouts() -> Iterator[Case]:
    known = expectations(PLAIN)
    title, form, bureau, period, header, *rows = table(PLAIN)
    turned = [title, form, bureau, period, header[::-1], *(row[::-1] for row in rows)]
    yield Case("turned.xlsx", "columns in reverse order", xlsx(Sheet(turned)), **expectations(PLAIN, column="C"))
    english = ["indicator", "name", "area", "area_name", "unit", "value", "source", "note"]
    heading = [["form", form[1]], ["bureau", bureau[1]], ["period", period[1]]]
    yield Case("english.xlsx", "labels and headers in English", xlsx(Sheet([title, *heading, english, *rows])), **known)
    wide = [[*line, extra] for line, extra in zip([header, *rows], ("备注栏", 1, "x", 2.5, "=", "z"), strict=True)]
    yield Case(
        "further_column.xlsx", "a column the format does not know is ignored", xlsx(Sheet([title, form, bureau, period, *wide])), **known
    )
    least = [["指标代码", "地区代码", "数值"], *([row[0], row[2], row[5]] for row in rows)]
    yield Case(
        "least_columns.csv",
        "only the columns that must be there",
        text([form, bureau, period, *least]).encode(),
        **expectations(PLAIN, sheet=""),
    )
    gaps = [
        title,
        [],
        form,
        bureau,
        period,
        [],
        header,
        *(line for row in rows for line in (row, [])),
        [],
        ["注：数据为初步统计。"],
        ["填表人：张三"],
    ]
    yield Case("blank_rows_and_remarks.xlsx", "blank rows and remarks under the table are skipped", xlsx(Sheet(gaps)), **known)
    low = [form, bureau, period, *[[]] * 26, header, *rows]
    yield Case("header_in_row_30.xlsx", "the header row is the thirtieth", xlsx(Sheet(low)), **known)
    far = [[""] * 4 + list(line) for line in [header, *rows]]
    yield Case(
        "starts_in_column_e.xlsx", "a table that does not begin in column A", xlsx(Sheet([title, form, bureau, period, *far])), **known
    )


def meanings() -> Iterator[Case]:
    rows = [
        Row(code, "630000" if code in ("WL", "WLG", "SWR") else "630100", 2, "2", period=written, means=means)
        for code, written, means in PERIODS
    ]
    periods = expectations(rows, "")
    yield Case("periods.csv", "every way to write a period", text(table(rows, period=None)).encode(), **{**periods, "findings": []})
    numbers = [Row("GDP", "630100", 5, "5", period=2014, means="2014"), Row("ENE", "630100", 5, "5", period="2014", means="2014")]
    yield Case("period_number.xlsx", "a year as a number cell", xlsx(Sheet(table(numbers, period=None))), **expectations(numbers, ""))
    codes = [Row("GDP", 630100, 5, "5"), Row("ENE", 632200, 6, "6")]
    yield Case("area_number.xlsx", "area codes as number cells", xlsx(Sheet(table(codes))), **expectations(codes))
    rows = [Row(code, "630100", 2, "2", vintage=written, final=final) for code, written, final in VINTAGES]
    yield Case("vintages.xlsx", "every word for how final a figure is", xlsx(Sheet(table([*rows]))), **expectations(rows))
    yield Case(
        "states.xlsx",
        "the five states: a zero, missing, not applicable, withheld, not yet due",
        xlsx(Sheet(table(STATES))),
        **expectations(STATES),
    )
    yield Case("states.csv", "the five states in CSV", text(table(STATES)).encode(), **expectations(STATES, sheet=""))
    yield Case("states.xls", "the five states in .xls", xls(Sheet(table(STATES))), **expectations(STATES))
    yield Case("stages.xlsx", "stages of milestones as numbers and words", xlsx(Sheet(table(STAGES))), **expectations(STAGES))
    negative = [
        Row("ER", "630000", -3.5, "-3.5", period="2014", means="2014"),
        Row("ER", "632200", "-2.25", "-2.25", period="2014", means="2014"),
    ]
    yield Case(
        "negative.xlsx", "a rate below zero, as number and as text", xlsx(Sheet(table(negative, period=None))), **expectations(negative, "")
    )
    due = [Row("GDP", "630100", "未到期", None, "Y", period="2015-M7", means="2015-M7")]
    yield Case(
        "not_due_any_period.csv",
        "a row that is not yet due may stand in any period",
        text(table(due, period=None)).encode(),
        **expectations(due, "", ""),
    )
    rate = (("GDPC2010", "2013", 100), ("GDPC2010", "2014", 110), ("ENE", "2013", 100), ("ENE", "2014", 104), ("ER", "2014", -5.45))
    rows = [Row(code, "630000", value, str(value), period=period, means=period) for code, period, value in rate]
    yield Case(
        "rate_agrees.xlsx", "a published rate that agrees with its terms", xlsx(Sheet(table(rows, period=None))), **expectations(rows, "")
    )
    grows = [
        Row("GDP", "630100", value, str(value), period=f"2014-Q{n}", means=f"2014-Q{n}") for n, value in enumerate((10, 19, 30, 41), 1)
    ]
    yield Case("year_to_date.xlsx", "a flow that grows within its year", xlsx(Sheet(table(grows, period=None))), **expectations(grows, ""))
    beside = [Row("GDP", "630100", 7, "7", period="2015-Q4", means="2015-Q4")]
    alone = text(table(beside, period=None)[4:]).encode()
    yield Case("form_beside.csv", "no heading lines: the form and the period are named beside the file", alone,
    fields={"form": "BULK", "period": "2015-Q4"},
               **expectations(beside, sheet="", first=2))  # fmt: skip


def forms() -> Iterator[Case]:
    haibei, haidong = "BUR-632200", "BUR-630200"
    quarter = asked("QH-Q", {"632200"}, 2014)
    yield Case(
        "quarter.xlsx",
        "everything the quarterly form asks",
        xlsx(Sheet(table(quarter, "QH-Q", haibei, "2014-Q1"))),
        haibei,
        "QH-Q",
        **expectations(quarter, "2014-Q1"),
    )
    quarter = asked("QH-Q", {"630200", "P-HD"}, 2016)
    yield Case(
        "quarter_park.ods",
        "a bureau with a park",
        ods(Sheet(table(quarter, "QH-Q", haidong, "2016-Q2"))),
        haidong,
        "QH-Q",
        **expectations(quarter, "2016-Q2"),
    )
    for year, area in ((2012, "632100"), (2013, "630200")):
        rows = asked("QH-Y", {area}, year)
        known = expectations(rows, str(year), "")
        yield Case(
            f"haidong_{year}.csv",
            f"the area code of {year}",
            text(table(rows, "QH-Y", haidong, str(year))).encode(),
            haidong,
            "QH-Y",
            **known,
        )
    rows = asked("QH-P", {"630000"}, 2015)
    without = [[*line[:2], *line[3:]] for line in table(rows, "QH-P")[4:]]
    heading = [list(line) for line in table(rows, "QH-P")[:4]]
    alone = [*heading, *without]
    yield Case(
        "one_area.xlsx",
        "a form that covers one area needs no area column",
        xlsx(Sheet(alone)),
        form="QH-P",
        **expectations(rows, column="E"),
    )
    yield Case("formula.xlsx", "formulas with stored values", xlsx_calculated(Sheet(table(FORMULAS))), **expectations(FORMULAS))
    yield Case("formula.ods", "formulas with stored values in .ods", ods(Sheet(table(FORMULAS[:2]))), **expectations(FORMULAS[:2]))


FORMULAS = (
    Row("GDP", "630100", Formula("=10+2.5", 12.5), "12.5", found=["formula_value"]),
    Row("ENE", "630100", Formula("=SUM(1,2)", 3), "3", found=["formula_value"]),
    Row("A5", "630100", Formula("=0.1+0.2", 0.30000000000000004), "0.3", found=["formula_value"]),
)


def cases() -> Iterator[Case]:
    for group in (formats, layouts, meanings, forms):
        yield from group()
