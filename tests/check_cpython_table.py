#!/usr/bin/env python3
"""Keeps CPYTHON.md true.

    check_cpython_table.py                 the table beside this file
    check_cpython_table.py --list          CPython's test methods, as the table has to name them

Every cmocka test that the table names must be a test of the named file, registered in its main(), in a program that is
built. Where CPython 3.11's own tests are (any Python of that version on this machine that has test/test_asyncio), every
method of the files that the table is about must be in it; and nothing else, if they are those of 3.11.7.

The table: `## file.py` begins a file of CPython's, `### Class` a class (or a function that adds tests to classes). A row
`| methods | fate |` names methods in code spans. Its fate names our tests in code spans, each `file.c` (from tests/unit)
followed by functions of that file; or begins with "does not apply: " and the reason, which may name tests too; or with
"not here yet: ", for tests of a file that another branch brings: they are looked for once the file is there.

Exit status: 0 all is well; 1 it is not.
"""
import argparse
import ast
import pathlib
import re
import shutil
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
UNIT = HERE / "unit"
SPAN = re.compile(r"`([^`]+)`")
NO_TEST = "does not apply: "
LATER = "not here yet: "
VERSION = "3.11.7"            # whose tests the table is about


def read_table(path):
    """-> [(line, file, class, [method], fate)]"""
    rows, file, klass = [], None, None
    for number, line in enumerate(path.read_text().splitlines(), 1):
        if line.startswith("## "):
            file, klass = line[3:].strip(" `"), None
        elif line.startswith("### "):
            klass = line[4:].strip(" `")
        elif line.startswith("|") and klass:
            cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
            methods = SPAN.findall(cells[0])
            if methods:
                rows.append((number, file, klass, methods, cells[1] if len(cells) == 2 else ""))
    return rows


# ---- our side ----

class Program:
    """A cmocka test program: its source, and whether it is built."""

    def __init__(self, name):
        self.path = UNIT / name
        self.is_there = self.path.is_file()
        text = self.path.read_text() if self.is_there else ""
        defined = set(re.findall(r"^static void (test_\w+)\(void \*\*state\)", text, re.M))
        main = text[text.find("\nint main("):]
        registered = set(re.findall(r"\btest_\w+", main))
        self.tests = defined & registered
        lists = self.path.parent / "CMakeLists.txt"
        module = self.path.stem.removeprefix("test_")
        self.is_built = lists.is_file() and re.search(r"\b(test_)?%s\b" % module, lists.read_text()) is not None


def tests_named(fate):
    """-> [(file, function or None)], in order; a function before any file has None for its file."""
    file, named = None, []
    for span in SPAN.findall(fate):
        if span.endswith(".c"):
            file = span
            named.append((file, None))
        elif span.startswith("test_"):
            named.append((file, span))
    return named


def check_fate(fate, programs):
    """-> what is wrong with it"""
    named = tests_named(fate)
    later = fate.startswith(LATER)
    if not fate.startswith(NO_TEST) and not any(test for _, test in named):
        return ["neither a test nor “%s…”" % NO_TEST]
    wrong = []
    for file, test in named:
        if file is None:
            wrong.append("%s: of which file?" % test)
            continue
        program = programs.setdefault(file, Program(file))
        if not program.is_there:
            if not later:
                wrong.append("%s does not exist" % file)
        elif not program.is_built:
            wrong.append("%s is not built" % file)
        elif test and test not in program.tests:
            wrong.append("%s is no test of %s, or not registered in its main()" % (test, file))
    return wrong


# ---- CPython's side ----

def folders():
    """-> (folder, version): where test/test_asyncio of a CPython 3.11 may be."""
    for python in filter(None, [sys.executable, shutil.which("python3.11"), shutil.which("python3")]):
        command = [python, "-c", "import sys, os; print('%d.%d.%d' % sys.version_info[:3], os.path.dirname(os.__file__))"]
        version, _, folder = subprocess.run(command, capture_output=True, text=True).stdout.strip().partition(" ")
        yield pathlib.Path(folder), version
    for python in pathlib.Path.home().glob(".pyenv/versions/3.11.*"):
        yield python / "lib/python3.11", python.name
    for prefix in "/usr", "/usr/local":
        yield pathlib.Path(prefix, "lib/python3.11"), "3.11"


def cpythons_tests():
    """-> (the folder test_asyncio, version), the table's version if there are several; None: it is not on this machine"""
    found = [(folder / "test/test_asyncio", version) for folder, version in folders()
             if version.startswith("3.11") and (folder / "test/test_asyncio").is_dir()]
    return min(found, key=lambda tests: tests[1] != VERSION, default=None)


def methods_of(path):
    """{(class, method)}: classes, and functions that define tests for them."""
    found = set()
    for node in ast.parse(path.read_text()).body:
        if not isinstance(node, (ast.ClassDef, ast.FunctionDef)):
            continue
        for inner in node.body:
            if isinstance(inner, (ast.FunctionDef, ast.AsyncFunctionDef)) and inner.name.startswith("test_"):
                found.add((node.name, inner.name))
    return found


def check_complete(rows, tests, version):
    """-> what is in one and not in the other"""
    wrong = []
    for file in dict.fromkeys(row[1] for row in rows):
        listed = {(klass, method) for _, of, klass, methods, _ in rows if of == file for method in methods}
        there = methods_of(tests / file)
        wrong += ["%s: %s.%s is not in the table" % (file, *missing) for missing in sorted(there - listed)]
        if version == VERSION:
            wrong += ["%s: there is no %s.%s" % (file, *extra) for extra in sorted(listed - there)]
    return wrong


# ---- all of it ----

def check_rows(rows, table):
    wrong, programs, seen = [], {}, set()
    for line, file, klass, methods, fate in rows:
        complaints = check_fate(fate, programs)
        for method in methods:
            if (file, klass, method) in seen:
                complaints.append("%s.%s stands twice" % (klass, method))
            seen.add((file, klass, method))
        wrong += ["%s:%d: %s" % (table.name, line, complaint) for complaint in complaints]
    if not rows:
        wrong.append("%s: no rows" % table.name)
    return wrong


def count_fates(rows):
    """-> how many methods are covered, will be, do not apply"""
    counts = [0, 0, 0]
    for _, _, _, methods, fate in rows:
        counts[2 if fate.startswith(NO_TEST) else 1 if fate.startswith(LATER) else 0] += len(methods)
    return counts


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--list", action="store_true", help="print CPython's test methods, and check nothing")
    parser.add_argument("--table", type=pathlib.Path, default=HERE / "CPYTHON.md")
    arguments = parser.parse_args()
    tests = cpythons_tests()
    rows = read_table(arguments.table)
    if arguments.list:
        for file in dict.fromkeys(row[1] for row in rows) if tests else ():
            for klass, method in sorted(methods_of(tests[0] / file)):
                print(file, klass, method)
        return 0
    wrong = check_rows(rows, arguments.table)
    if tests:
        wrong += check_complete(rows, *tests)
    print(*wrong, sep="\n", end="\n" if wrong else "")
    print("%d of CPython's test methods are covered, %d will be, %d do not apply; %s"
          % (*count_fates(rows), "compared with %s" % tests[0] if tests else
             "CPython 3.11's own tests are not here to compare with"))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
