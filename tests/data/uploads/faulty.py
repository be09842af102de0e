"""One file per finding: what section 5 of the format lists, each with the cell it is found at and nothing else beside it."""

import json
from collections.abc import Iterator
from datetime import date

from cases import Case, Row, as_json, expectations, table
from good import asked
from writers import Formula, Sheet, ods, text, xls, xlsx, xlsx_calculated

TWO = (Row("GDP", "630100", 10, "10"), Row("ENE", "630100", 20, "20"))
WORDS = (
    "约12", "12吨", "75%", "3万家", "1.2.3", "十二", "12~15", "≥12", "(5)", "NaN", "inf", "----", "12,5", "1,2345", "1.234,5", "1/2",
    "待定", "12亿吨", "0x1F",
)  # fmt: skip
PREFECTURES = ("630100", "630200", "632200", "632300", "632500", "632600", "632700", "632800", "630000")


def series(code: str, area: str, *points: tuple[str, object, str]) -> list[Row]:
    """Rows of one indicator in several periods: (period, value, what is found)."""
    return [
        Row(code, area, value, str(value), period=period, means=period, found=[found] if found else []) for period, value, found in points
    ]


def sheets(name: str, shows: str, rows: list[Row], **more: object) -> Case:
    """A workbook with periods of its own rows."""
    return Case(f"{name}.xlsx", shows, xlsx(Sheet(table(rows, period=None))), **{**expectations(rows, ""), **more})


def values() -> Iterator[Case]:
    codes = ("GDP", "GDPC2010", "ENE")
    rows = [Row(codes[n // 9], PREFECTURES[n % 9], word, found=["not_a_number"]) for n, word in enumerate(WORDS)]
    yield Case("not_numbers.xlsx", "texts that are no numbers", xlsx(Sheet(table(rows))), **expectations(rows))
    yield Case("not_numbers.csv", "texts that are no numbers, in CSV", text(table(rows)).encode(), **expectations(rows, sheet=""))
    rows = [Row("GDP", "630100", True, found=["not_a_number"]), Row("ENE", "630100", date(2015, 12, 31), found=["not_a_number"]),
            Row("A5", "630100", "#DIV/0!", found=["not_a_number"]), Row("A6", "630100", "#N/A", found=["not_a_number"])]  # fmt: skip
    yield Case(
        "wrong_kinds.xlsx", "a truth value, a date and two error cells are no numbers", xlsx(Sheet(table(rows))), **expectations(rows)
    )
    rows = [
        Row("GDP", "630100", Formula("=1/0", "#DIV/0!"), found=["not_a_number"]),
        Row("ENE", "630100", Formula("=NA()", "#N/A"), found=["not_a_number"]),
    ]
    yield Case("formula_error.xlsx", "formulas whose stored value is an error", xlsx_calculated(Sheet(table(rows))), **expectations(rows))
    rows = [Row("GDP", "630100", Formula("=1+1"), found=["formula_without_value"]), Row("ENE", "630100", 5, "5")]
    for name, content in (
        ("formula_bare.xlsx", xlsx(Sheet(table(rows)))), ("formula_blank.xlsx", xlsx_calculated(Sheet(table(rows)))),
        ("formula_bare.ods", ods(Sheet(table(rows)))),
    ):  # fmt: skip
        yield Case(name, "a formula without a stored value", content, **expectations(rows))
    rows = [
        Row("GDP", "630100", "1234567890.1234567", found=["too_many_digits"]),
        Row("ENE", "630100", "123456789012.345", "123456789012.345"),
    ]
    yield Case("too_many_digits.xlsx", "seventeen digits are too many, fifteen are not", xlsx(Sheet(table(rows))), **expectations(rows))
    wrong = (
        ("GDP", "万"),
        ("GDPC2010", "亿元"),
        ("ENE", "3亿元"),
        ("C2P", "12吨标准煤"),
        ("B2", "3%"),
        ("A5", "3兆元"),
        ("H1", "3兆瓦"),
        ("SWR", "3家"),
        ("K1", "3万m2"),
    )
    rows = [Row(code, "630100", raw, found=["not_a_number"]) for code, raw in wrong]
    yield Case(
        "wrong_units.xlsx", "multipliers and units that do not lead to the indicator's", xlsx(Sheet(table(rows))), **expectations(rows)
    )
    rows = [Row("GDP", "630100", -1, found=["out_of_bounds"]), Row("SWR", "630000", "101", found=["out_of_bounds"]),
    Row("D1", "630000", 4, found=["out_of_bounds"]),
            Row("B2", "630100", 3.5, found=["not_whole"]), Row("B2", "630200", "4.0", "4")]  # fmt: skip
    yield Case(
        "bounds.xlsx",
        "below the minimum, above the maximum, a stage there is not, half an enterprise",
        xlsx(Sheet(table(rows))),
        **expectations(rows),
    )
    rows = [Row("GDP", "630100", 1, unit="万元", found=["unit_mismatch@E"]), Row("ENE", "630100", 1, unit="")]
    yield Case("unit_mismatch.xlsx", "a unit that is not the indicator's", xlsx(Sheet(table(rows))), **expectations(rows))
    rows = [
        Row("F1N", "630100", 12, found=["part_exceeds_whole"]),
        Row("F1D", "630100", 10),
        Row("G1N", "630200", 5),
        Row("G1D", "630200", 5),
    ]
    yield Case("part_exceeds_whole.xlsx", "a numerator above its denominator", xlsx(Sheet(table(rows))), **expectations(rows))
    rows = [
        Row("D1", "630000", 3, "3", found=["milestone_without_evidence"]),
        Row("D2", "630100", "已完成", "3", found=["milestone_without_evidence"]),
    ]
    yield Case("no_evidence.xlsx", "done, without a note", xlsx(Sheet(table(rows))), **expectations(rows))


def keys() -> Iterator[Case]:
    rows = [Row("ZZ9", "630100", 1, found=["unknown_indicator@A"]), Row("C1", "630100", 1, unit="", found=["derived_indicator@A"]),
            Row("A1", "630100", 1, unit="", found=["derived_indicator@A"])]  # fmt: skip
    yield Case("indicators.xlsx", "an indicator there is not, and two that are computed", xlsx(Sheet(table(rows))), **expectations(rows))
    rows = [Row("GDP", "", 1, found=["unknown_area@C"]), Row("GDP", "999999", 1, found=["unknown_area@C"]),
    Row("GDP", "632100", 1, found=["unknown_area@C"]),
            Row("GDP", "P-XN", 1, found=["area_not_reported@C"])]  # fmt: skip
    yield Case(
        "areas.xlsx",
        "no area, none with this code, one that no longer is, one the bureau does not report for",
        xlsx(Sheet(table(rows))),
        **expectations(rows),
    )
    without = [[*line[:2], *line[3:]] for line in table([Row("GDP", "", 1)])[4:]]
    yield Case("no_area_column.csv", "no area column in a form of many areas: said at the value", text([*table([])[:4], *without]).encode(),
               findings=[("unknown_area", "", "E6")])  # fmt: skip
    rows = series("GDP", "630200", ("2012", 10, "unknown_area@C"))
    yield sheets("area_before_its_time", "an area that is not yet", rows)
    rows = [Row("GDP", "630100", 1), Row("GDP", "630100", 1, found=["duplicate_row"]), Row("GDP", "630100", 2, found=["duplicate_row"])]
    yield Case("duplicates.xlsx", "the same figure three times", xlsx(Sheet(table(rows))), **expectations(rows))
    again = [Row("GDP", "630100", 1, found=["duplicate_row"])]
    both = {**expectations(rows[:1]), "findings": expectations(again, sheet="补充")["findings"]}
    yield Case("duplicate_sheets.xlsx", "the same figure on two sheets", xlsx(Sheet(table(rows[:1])), Sheet(table(again), "补充")), **both)
    rows = [Row("GDP", "630100", 1, vintage="定稿", found=["unknown_vintage@J"]), Row("ENE", "630100", 1, vintage="快报")]
    yield Case("unknown_vintage.xlsx", "a word for how final a figure is that is none", xlsx(Sheet(table(rows))), **expectations(rows))
    rows = asked("QH-P", {"630000"}, 2015)
    more = [*rows, Row("D2", "630000", 1, found=["indicator_not_in_form@A"])]
    yield Case(
        "not_in_form.xlsx", "an indicator the form does not ask for", xlsx(Sheet(table(more, "QH-P"))), form="QH-P", **expectations(more)
    )
    three = rows[:3]
    known = expectations(three)
    known["findings"] = [("missing_value", "", None)]
    yield Case("row_absent.xlsx", "a row the form asks for is absent", xlsx(Sheet(table(three, "QH-P"))), form="QH-P", **known)
    said = [rows[0], Row("A10", "630000", "—", None, "O", ["missing_value"]), Row("A12", "630000", "未到期", None, "Y", ["missing_value"]),
            Row("G3", "630000", "不适用", None, "M")]  # fmt: skip
    yield Case(
        "value_missing.xlsx",
        "a figure said to be missing, not yet due, not applicable",
        xlsx(Sheet(table(said, "QH-P"))),
        form="QH-P",
        **expectations(said),
    )


def periods() -> Iterator[Case]:
    rows = [*series("GDP", "630100", ("2014-Q5", 1, "unknown_period@I"), ("去年", 1, "unknown_period@I"), ("", 1, "unknown_period@I"),
    ("2014-13", 1, "unknown_period@I")),
            *series("ENE", "630100", ("2018-Q4", 1, "future_period@I"), ("2015-M7", 1, "period_frequency@I"),
            ("2018", 1, "future_period@I")),
            *series("ER", "630000", ("2015-Q2", 1, "period_frequency@I"))]  # fmt: skip
    yield sheets("periods_wrong", "periods that cannot be read, are not over, or do not fit the indicator", rows)
    for name, shows, period, rule in (
        ("heading_period", "a heading whose period cannot be read is blamed once", "2015年末", "unknown_period"),
        ("heading_future", "a heading whose period is not over is blamed once", "2018-Q4", "future_period"),
    ):
        yield Case(f"{name}.xlsx", shows, xlsx(Sheet(table(TWO, period=period))), findings=[(rule, "填报表", "B4")])
    yield Case("no_period.csv", "no period anywhere: said at each value", text(table(TWO, period=None)).encode(),
               findings=[("unknown_period", "", "F6"), ("unknown_period", "", "F7")])  # fmt: skip
    rows = asked("QH-P", {"630000"}, 2015)
    for row in rows:
        row.period = "2015-Q4"
    rows[1].period, rows[1].found = "2015-Q3", ["period_mismatch@I"]
    yield Case(
        "period_mismatch.xlsx",
        "a row in another period than the submission's",
        xlsx(Sheet(table(rows, "QH-P"))),
        form="QH-P",
        **expectations(rows),
    )
    plain = asked("QH-P", {"630000"}, 2015)
    yield Case("wrong_form.xlsx", "a heading that names another form than the one asked for", xlsx(Sheet(table(plain, "BULK"))),
    form="QH-P",
               fields={"form": "QH-P"}, findings=[("wrong_form", "填报表", "B2")])  # fmt: skip
    yield Case(
        "wrong_bureau.xlsx",
        "a heading that names another bureau",
        xlsx(Sheet(table(TWO, bureau="BUR-630100"))),
        findings=[("wrong_bureau", "填报表", "B3")],
    )


def comparisons() -> Iterator[Case]:
    year, before = "2015-Q4", "2014-Q4"
    yield sheets(
        "falls", "a flow that falls within its year", series("GDP", "630100", ("2014-Q1", 10, ""), ("2014-Q2", 9, "year_to_date_falls"))
    )
    for power in (1, -1, 2, 4, -4):
        rows = series("GDP", "630100", (before, 50000, ""), (year, int(50000 * 10**power), "unit_slip"))
        yield sheets(f"slip_{power}".replace("-", "minus_"), f"off by the power of ten {power}", rows)
    yield sheets("jump", "three and a half times last year's", series("H1", "630100", (before, 10, ""), (year, 35, "jump")))
    yield sheets("drop", "a quarter of last year's", series("H1", "630100", (before, 20, ""), (year, 5, "jump")))
    yield sheets("no_jump", "exactly three times and exactly a third are usual",
                 [*series("H1", "630100", (before, 10, ""), (year, 30, "")),
                 *series("H1", "630200", (before, 30, ""), (year, 10, ""))])  # fmt: skip
    yield sheets(
        "before_quarter",
        "no figure of last year: the quarter before of a stock",
        series("H1", "630100", ("2015-Q3", 10, ""), (year, 100, "unit_slip")),
    )
    quiet = [*series("H1", "630100", (before, 0, ""), (year, 100, "")), *series("B2", "630100", (before, 4, ""), (year, 40, "")),
             *series("SWR", "630000", (before, 9, ""), (year, 90, "")), *series("D2", "630100", (before, 1, ""), (year, 2, "")),
             *series("GDP", "632200", ("2014-Q4", 1000, ""), ("2015-Q1", 100, ""))]  # fmt: skip
    yield sheets("no_comparison", "zero, a small count, a rate, a milestone and a new year are not compared", quiet)
    rate = (("GDPC2010", "2013", 100), ("GDPC2010", "2014", 110), ("ENE", "2013", 100), ("ENE", "2014", 104), ("ER", "2014", -3))
    rows = [
        Row(code, "630000", value, str(value), period=at, means=at, found=["intensity_identity"] if code == "ER" else [])
        for code, at, value in rate
    ]
    yield sheets("rate_differs", "a published rate its terms do not give", rows)
    rows = [Row("GDP", "630100", 10, "10", found=["past_figure_changed"])]
    changed = xlsx(Sheet(table(rows)))
    was = [Row("GDP", "630100", 11, "11")]
    yield Case("past.xlsx", "the past of the next file", xlsx(Sheet(table(was))), **expectations(was))
    yield Case(
        "past_changed.xlsx", "an approved figure of the same period was another", changed, after=("past.xlsx",), **expectations(rows)
    )
    rows = series("GDP", "630100", ("2016-Q4", 110, "unit_slip"))
    yield sheets("past_slip", "ten times an approved figure of last year", rows, after=("past.xlsx",))


def layouts() -> Iterator[Case]:
    title, form, bureau, period, header, *rows = table(TWO)
    nothing = [("no_header", "", None)]
    no_value = [[*line[:5], *line[6:]] for line in (header, *rows)]
    yield Case("no_value_column.xlsx", "no value column", xlsx(Sheet([title, form, bureau, period, *no_value])), findings=nothing)
    twice = xlsx(Sheet([title, form, bureau, period, [*header, "数值"], *rows]))
    yield Case("header_twice.xlsx", "a header twice", twice, findings=[("no_header", "填报表", "I5")])
    yield Case(
        "header_in_row_31.xlsx",
        "the header row comes too late",
        xlsx(Sheet([form, bureau, period, *[[]] * 27, header, *rows])),
        findings=nothing,
    )
    yield Case("no_table.csv", "no table", "今天天气很好\r\n".encode(), findings=nothing)
    yield Case("no_table.xls", "no table in an .xls", xls(Sheet([["你好"]])), findings=nothing)
    passport = json.dumps(
        {"bureau": "BUR-630000", "form": "BULK", "form_version": "0" * 12, "issued": "2018-10-20", "mac": "0" * 64, "period": "2015-Q4"},
        separators=(",", ":"),
    )
    guarded = (Sheet([title, form, bureau, period, header, *rows]), Sheet([[passport]], "_passport", state="veryHidden"))
    yield Case(
        "foreign_template.xlsx", "a passport this installation did not issue", xlsx(*guarded), findings=[("foreign_template", "", None)]
    )


def jsons() -> Iterator[Case]:
    rows = [Row("GDP", "630100", "12.5亿元", "12.5", found=["unit_in_cell"]), Row("GDP", "630200", "１２", "12", found=["number_repaired"]),
            Row("GDP", "632200", None, None, "O"), Row("GDP", "632300", 12345678.25, "12345678.25")]  # fmt: skip
    known = expectations(rows, sheet="", first=1, column="C")
    yield Case("values.json", "the same ways to write a value in JSON", as_json(rows), **known)
    yield Case("values_body.json", "the same as the body of a request", as_json(rows), body=True, **known)
    rows = [Row("ZZ9", "630100", 1, unit="亿元", found=["unknown_indicator@A"]), Row("GDP", "999999", 1, found=["unknown_area@B"]),
            Row("GDP", "630100", "x", found=["not_a_number"]), Row("GDP", "632200", 1, unit="吨", found=["unit_mismatch@D"])]  # fmt: skip
    yield Case(
        "faults.json",
        "faults in JSON, at the row and the name's place in it",
        as_json(rows),
        **expectations(rows, sheet="", first=1, column="C"),
    )
    huge = as_json([Row("GDP", "630100", 7)]).replace(b": 7", b": " + b"9" * 5000)
    yield Case("huge_number.json", "a number of 5,000 digits", huge, findings=[("too_many_digits", "", "C1")], hostile=True)
    binary = as_json([Row("GDP", "630100", 7, "0.123456789012345")]).replace(b": 7", b": 0.123456789012345")
    yield Case(
        "fifteen_digits.json", "fifteen digits are kept", binary, **expectations([Row("GDP", "630100", 7, "0.123456789012345")], sheet="")
    )


def cases() -> Iterator[Case]:
    for group in (values, keys, periods, comparisons, layouts, jsons):
        yield from group()
