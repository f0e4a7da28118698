"""Findings as JUnit's XML: a suite for each pack, a case for each file. Imports junitparser.

Source: the format as Jenkins, GitLab and GitHub's test reporters read it,
https://github.com/testmoapp/junitxml.
"""

from __future__ import annotations

import io
from collections import defaultdict

from junitparser import Attr, Error, Failure, JUnitXml, TestCase, TestSuite

from controller.errors import PackError
from controller.formats.results import PackResult, Results
from controller.pack.diagnostic import Diagnostic
from controller.redact import scrub

_SUITES = "packctl validate"
# What is left of the characters that XML 1.0 forbids (§2.2) when control characters are gone.
_NO_XML = str.maketrans({"\ufffe": "\ufffd", "\uffff": "\ufffd"})


class _Case(TestCase):
    """A case that names its file, which GitLab links to."""

    file = Attr()


def junit(results: Results) -> str:
    """A file fails when it has a finding that fails the check; what else it has is its output."""
    report = JUnitXml(_SUITES)
    for pack in results.packs:
        report.add_testsuite(_suite(pack, strict=results.strict))
    report.update_statistics()
    written = io.BytesIO()
    report.write(written)
    text = written.getvalue().decode().translate(_NO_XML)
    return f"{text.rstrip()}\n"


def _suite(pack: PackResult, *, strict: bool) -> TestSuite:
    suite = TestSuite(pack.name)
    if pack.failure is not None:
        suite.add_testcase(_unable(pack.name, pack.failure))
        return suite
    by_file: defaultdict[str, list[Diagnostic]] = defaultdict(list)
    for one in pack.findings:
        by_file[one.file].append(one)
    files = sorted({*pack.files, *by_file})
    # Together: the suite counts all of its cases again whenever some are added.
    suite.add_testcases([_case(pack.name, one, by_file[one], strict=strict) for one in files])
    return suite


def _case(pack: str, file: str, found: list[Diagnostic], *, strict: bool) -> TestCase:
    case = _Case(file, classname=pack)
    case.file = file
    failing = [one for one in found if strict or one.is_error]
    passing = [one for one in found if not (strict or one.is_error)]
    if failing:
        first = failing[0]
        failure = Failure(first.message, type_=first.rule.code)
        failure.text = _listed(failing)
        case.result = [failure]
    if passing:
        case.system_out = _listed(passing)
    return case


def _unable(name: str, error: PackError) -> TestCase:
    case = _Case(name, classname=name)
    case.result = [Error(scrub(str(error)), type_=error.reason.value)]
    return case


def _listed(found: list[Diagnostic]) -> str:
    return "\n".join(_line(one) for one in found)


def _line(one: Diagnostic) -> str:
    place = f"{one.file}:{one.span.line}:{one.span.column}"
    hint = f"\n    help: {one.hint}" if one.hint else ""
    return f"{place}: {one.severity.value.lower()} {one.rule.code}: {one.message}{hint}"
