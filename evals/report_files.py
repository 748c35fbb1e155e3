"""The other forms of a report: JUnit for a build's list of tests, Markdown for its summary, JSON for programs."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from evals.report import CaseReport, Report, SuiteReport
from evals.report_page import figure, judged, page, standing, worst_first

REPORT = "report.json"
MOST_NAMED, LONGEST_WHY = 20, 300
"""Cases a summary names, and characters it gives of why each failed."""


def write(report: Report, folder: Path) -> Path:
    """report.json, report.html, junit.xml and summary.md; gives the page's path."""
    (folder / REPORT).write_text(report.model_dump_json(indent=1), "utf-8")
    (folder / "junit.xml").write_bytes(junit(report))
    (folder / "summary.md").write_text(markdown(report), "utf-8")
    path = folder / "report.html"
    path.write_text(page(report), "utf-8")
    return path


def junit(report: Report) -> bytes:
    """One test suite a suite, one test case a case: a failing one is a failure, one that crashed or was not measured an error."""
    root = Element("testsuites", name=f"evals {report.run_id}")
    for suite in report.suites:
        cases = [case for case in report.cases if case.suite == suite.name]
        counts = Counter(_kind(case) for case in cases)
        told = {"tests": len(cases), "failures": counts["failure"], "errors": counts["error"], "skipped": counts["skipped"]}
        node = SubElement(root, "testsuite", {"name": suite.name} | {key: str(value) for key, value in told.items()})
        for case in cases:
            test = SubElement(node, "testcase", classname=f"evals.{suite.name}", name=case.id, time=f"{case.latency_s:.3f}")
            if kind := _kind(case):
                said = _plain("; ".join(filter(None, [case.error, *case.reasons])) or standing(case))
                SubElement(test, kind, message=said[:500]).text = said
    indent(root)
    return tostring(root, encoding="utf-8", xml_declaration=True)


def _kind(case: CaseReport) -> str:
    if case.error:
        return "error"
    return {True: "", False: "failure", None: "skipped"}[case.passed]


def _plain(text: str) -> str:
    """Without the characters XML 1.0 cannot hold."""
    return "".join(sign for sign in text if sign in "\t\n\r" or (sign >= " " and not "\ud800" <= sign <= "\udfff" and sign not in "\ufffe\uffff"))


def markdown(report: Report) -> str:
    """The verdict in the first line, then why, then a line a suite. Text from cases is made harmless."""
    lines = [f"**{report.word}** evaluation {report.run_id} ({report.mode}, {_md(report.identity.model or report.identity.engine)})", ""]
    if report.differences:
        lines += [f"What differs: {_md('; '.join(report.differences))}", ""]
    if report.verdict:
        lines += [f"- {reason.word} {reason.suite or ''}: {_md(reason.text)}" for reason in report.verdict.reasons] + [""]
    lines += ["| suite | verdict | passed | of | 95 % interval | newly failing | newly passing |", "|---|---|---|---|---|---|---|"]
    lines += [_row(suite) for suite in report.suites]
    lost = [case for case in worst_first(report) if case.change == "newly_failing"]
    told = [f"- {case.suite} **{_md(case.id)}**{' (pinned)' if case.pinned else ''}: {_md('; '.join(case.reasons)[:LONGEST_WHY])}" for case in lost]
    lines += ["", "Newly failing:", "", *told[:MOST_NAMED]] if told else []
    lines += [f"- and {len(told) - MOST_NAMED} more"] if len(told) > MOST_NAMED else []
    told = [f"- {_md(line)}" for line in judged(report)]
    lines += ["", *told] if told else []
    return "\n".join(lines) + "\n"


def _row(suite: SuiteReport) -> str:
    passed = next((metric for metric in suite.metrics if metric.name == "passed"), None)
    interval = f"{figure(passed.low)} – {figure(passed.high)}" if passed and passed.low is not None else ""
    changes = (len(suite.comparison.newly_failing), len(suite.comparison.newly_passing)) if suite.comparison else ("", "")
    return f"| {suite.name} | {suite.word or ''} | {suite.passed} | {suite.total} | {interval} | {changes[0]} | {changes[1]} |"


def _md(text: str) -> str:
    """Text that stays text in Markdown: no table cells, tags, links or code."""
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return "".join("\\" + sign if sign in "\\`*_[]|!#" else sign for sign in escaped.replace("\n", " "))
