#!/usr/bin/env python3
"""consumers.py LEASH SOURCE: reports of the program LEASH, read by what reads them elsewhere: xmllint with a schema, jq,
a checker of SARIF, Python's csv and XML readers, and the rules by which GitHub reads a log."""
import csv
import json
import os
import random
import re
import sqlite3
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree as ElementTree

LEASH, SOURCE = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
import check_sarif  # noqa: E402

RUN = """INSERT INTO run(id, pid, argv, began_unix_ns, ended_ns, end_kind, level) VALUES
 (1, 4711, './shop', 1700000000000000000, 4812000000, 'complete', 'lifecycle');
 INSERT INTO loop VALUES(1, 1, 1, 1, 0, 4811000000, 0, 4812000000, 'complete');
 INSERT INTO site VALUES(1, 'src/main.c', 22, 'main', 'app');
 INSERT INTO task(id, name, site_id, coro_site_id, loop_id, created_ns, began_ns, ended_ns, state) VALUES
 (1, 'Task-1', 1, 1, 1, 0, 0, 4811000000, 'done');"""
# Names that mean something to one format or another.
NAMES = ["plain", "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "a,b\"c", "a\nb\r\nc", "\x1b[31mred\x07", "]]>", "<b>&amp;", "a|b",
         "`rm`", "```", "[x](http://y)", "{0}", "%0A::error::x", "::error::x", "caf\u00e9 \u65e5\u672c", "\u202e\u200b\ufffe",
         "#1 @you", "</details>", "\\", "$(id)", "'", "x" * 600]
PIECES = list("abc /.,:;'\"`|\\<>()[]{}&%#=+-@*_~!?$\t\n\r\x00\x07\x1b\x7f\x85\xa0") + [
    "\u2028", "\u202e", "\ufeff", "\uffff", "\U0001f600", "\ud83d", "::", "%0A", "]]>", "-->", "&#0;", "{0}", "](", "../", "```"]
SEED = int(os.environ.get("SEED", "7"))
FORMATS = ("text", "json", "jsonl", "csv", "md", "github", "sarif", "junit")


def make_trace(path, rows=()):
    db = sqlite3.connect(path)
    with open(os.path.join(SOURCE, "traces/schema.sql"), encoding="utf-8") as schema:
        db.executescript(schema.read())
    db.executescript(RUN)
    for sql, values in rows:
        db.execute(sql, values)
    db.commit()
    db.close()


def hostile_rows():
    for i, name in enumerate(NAMES):
        site = i + 10
        yield "INSERT INTO site VALUES(?, ?, ?, ?, ?)", (site, f"src/{name}.c", i * 7 - 3 if i else 2, name, name)
        yield ("INSERT INTO coro(id, site_id, created_ns, state, facts) VALUES(?, ?, 5, 'created', 512)", (site, site))
        yield ("INSERT INTO task(id, name, site_id, loop_id, created_ns, state, facts, lost_ns, exit_await_id)"
               " VALUES(?, ?, ?, 1, 5, 'cancelled', 321, 9, ?)", (site, name, site, site))
        yield "INSERT INTO await VALUES(?, ?, NULL, 'object', ?, NULL, ?, 5, NULL, NULL)", (site, site, site, site)
        yield "INSERT INTO object(id, kind, name, site_id) VALUES(?, 'lock', ?, ?)", (site, name, site)
    dice = random.Random(SEED)
    for site in range(100, 160):
        words = [b"".join(dice.choice(PIECES).encode("utf-8", "surrogatepass") for _ in range(dice.randrange(1, 20)))
                 + dice.choice((b"", b"\xff", b"\xc3")) for _ in range(3)]
        yield ("INSERT INTO site VALUES(?, CAST(? AS TEXT), ?, CAST(? AS TEXT), CAST(? AS TEXT))",
               (site, words[0], dice.randrange(-5, 10 ** 6), words[1], words[2]))
        yield "INSERT INTO coro(id, site_id, created_ns, state, facts) VALUES(?, ?, 5, 'created', 512)", (site, site)
    yield "INSERT INTO site VALUES(9, CAST(x'ff41' AS TEXT), 3, CAST(x'c3' AS TEXT), NULL)", ()
    yield "INSERT INTO coro(id, site_id, created_ns, state, facts) VALUES(9, 9, 5, 'created', 512)", ()


class Consumers(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        os.chdir(cls.folder.name)
        os.mkdir("src")
        with open("src/plain.c", "w", encoding="utf-8") as file:
            file.write("    leash_coro(plain, &(int){3}); /* \u00e9 [x](y) */ plain;\n" * 3)
        make_trace("clean.db")
        make_trace("hostile.db", hostile_rows())
        make_trace("crashed.db", [("UPDATE run SET end_kind = 'crashed'", ())])
        with open("known.supp", "w", encoding="utf-8") as file:
            file.write("# leash suppressions 1\nunreferenced:name=plain\n")
        # All formats in one pass: text to standard output, the others to files.
        words = [LEASH, "check", "--suppressions", "known.supp", "hostile.db", "clean.db", "crashed.db", "none.db"]
        for name in FORMATS:
            words += ["--output", f"{name}=report.{name}" if name != "text" else "text=-"]
        cls.said = subprocess.run(words, capture_output=True, check=False)
        with open("report.text", "wb") as file:
            file.write(cls.said.stdout)
        with open("report.json", encoding="utf-8") as file:
            cls.json = json.load(file)

    @classmethod
    def tearDownClass(cls):
        os.chdir("/")
        cls.folder.cleanup()

    def read(self, name):
        with open(f"report.{name}", encoding="utf-8", newline="") as file:
            return file.read()

    def run_tool(self, *words):
        done = subprocess.run(words, capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stderr[:2000])
        return done.stdout

    def test_exit(self):
        print(f"SEED={SEED}", file=sys.stderr)
        self.assertEqual(self.said.returncode, 2, self.said.stderr)
        self.assertEqual(self.json["exit"], 2)
        self.assertEqual([trace["exit"] for trace in self.json["traces"]], [1, 0, 3, 2])
        self.assertFalse([name for name in os.listdir(".") if name.startswith(".leash")])

    def test_no_control_bytes(self):
        for name in FORMATS:
            text = self.read(name)
            if name == "csv":
                text = text.replace("\r\n", "\n")
            wrong = re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b\u202e\ufffe]", text)
            self.assertIsNone(wrong, f"{name}: {wrong and text[max(wrong.start() - 60, 0):wrong.end() + 20]!r}")

    def test_junit(self):
        self.run_tool("xmllint", "--noout", "--schema", os.path.join(HERE, "junit.xsd"), "report.junit")
        suites = ElementTree.parse("report.junit").getroot().findall("testsuite")
        self.assertEqual([suite.get("name") for suite in suites], ["hostile.db", "clean.db", "crashed.db", "none.db"])
        for suite in suites:
            self.assertEqual(int(suite.get("tests")), len(suite.findall("testcase")))
            for element, count in (("failure", "failures"), ("error", "errors"), ("skipped", "skipped")):
                self.assertEqual(int(suite.get(count)), len(suite.findall(f"testcase/{element}")))
        failing = [leak for leak in self.json["leaks"] if leak["status"] == "error"]
        failures = suites[0].findall("testcase/failure")
        self.assertEqual(len(failures), len(failing))
        texts = {re.search(r"\n  id ([0-9a-f]{8}) ", failure.text).group(1): failure.text for failure in failures}
        for leak in failing:
            self.assertIn(leak["hint"], texts[leak["fingerprint"]])
        self.assertEqual(int(suites[0].get("skipped")), 1)
        self.assertEqual([suite.get("failures") for suite in suites[1:]], ["0", "0", "0"])
        self.assertEqual([suite.get("errors") for suite in suites], ["0", "0", "1", "1"])

    def test_jq(self):
        leaks = str(len(self.json["leaks"]))
        self.assertEqual(self.run_tool("jq", "-r", ".leaks | length", "report.json").strip(), leaks)
        self.assertEqual(self.run_tool("jq", "-rs", "length", "report.jsonl").strip(), leaks)
        self.assertEqual(self.run_tool("jq", "-r", ".runs[0].results | length", "report.sarif").strip(), leaks)
        self.assertEqual(self.run_tool("jq", "-r", ".schema", "report.json").strip(), "leash.check/1")

    def test_json(self):
        names = {example["name"] for leak in self.json["leaks"] for example in leak["examples"]}
        self.assertLessEqual({"plain", "=1+1", "a\nb\r\nc", "\x1b[31mred\x07"}, names)  # the texts themselves, unescaped
        with open("report.jsonl", encoding="utf-8") as file:
            self.assertEqual([json.loads(line) for line in file], self.json["leaks"])
        suppressed = [leak for leak in self.json["leaks"] if leak["suppressed_by"]]
        self.assertEqual([leak["status"] for leak in suppressed], ["suppressed"])
        self.assertEqual(suppressed[0]["suppressed_at"], "known.supp:2")

    def test_sarif(self):
        with open("report.sarif", encoding="utf-8") as file:
            log = json.load(file)
        check_sarif.check(log)
        run = log["runs"][0]
        self.assertEqual(len(log["runs"]), 1)
        self.assertEqual([artifact["location"]["uri"] for artifact in run["artifacts"]],
                         ["hostile.db", "clean.db", "crashed.db", "none.db"])
        self.assertFalse(run["invocations"][0]["executionSuccessful"])
        self.assertEqual(len(run["invocations"][0]["toolExecutionNotifications"]), 2)
        rules = {rule["properties"]["class"]: rule["id"] for rule in run["tool"]["driver"]["rules"]}
        self.assertEqual((rules["deadlock"], rules["never-awaited"], rules["awaited-twice"]), ("TL001", "TL005", "TL016"))
        for result, leak in zip(run["results"], self.json["leaks"]):
            self.assertEqual(result["partialFingerprints"], {"leashFingerprint/v1": leak["fingerprint"]})
            self.assertIn(leak["hint"], result["message"]["text"])
            self.assertEqual(bool(result["suppressions"]), bool(leak["suppressed_by"]))
        places = [result["locations"][0]["physicalLocation"] for result in run["results"]]
        regions = [place["region"] for place in places if place["artifactLocation"]["uri"] == "src/plain.c"]
        self.assertEqual(len(regions), 2)
        for region in regions:
            self.assertIn("[x](y) */ plain;", region["snippet"]["text"])
            self.assertNotIn("startColumn", region)  # the name stands there twice

    def test_sarif_checker(self):
        """The checker itself finds what is wrong."""
        for key, value in (("level", "fatal"), ("ruleIndex", 99), ("ruleId", 5), ("colour", "red"), ("locations", None),
                           ("message", {"text": "[a](b)"}), ("occurrenceCount", 0)):
            with open("report.sarif", encoding="utf-8") as file:
                log = json.load(file)
            log["runs"][0]["results"][0][key] = value
            with self.assertRaises(check_sarif.Fault, msg=key):
                check_sarif.check(log)
        for uri in ("a b", "/etc", "../x", "a//b", "%zz", "a\u00e9"):
            with open("report.sarif", encoding="utf-8") as file:
                log = json.load(file)
            place = log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]
            place.update(uri=uri, uriBaseId="%SRCROOT%")
            with self.assertRaises(check_sarif.Fault, msg=uri):
                check_sarif.check(log)

    def test_csv(self):
        rows = list(csv.DictReader(self.read("csv").splitlines(keepends=True), strict=True))
        self.assertNotIn(None, [key for row in rows for key in row] + [value for row in rows for value in row.values()])
        self.assertEqual(len([row for row in rows if row["class"]]), len(self.json["leaks"]))
        self.assertEqual([row["status"] for row in rows if not row["class"]], ["inconclusive", "unreadable"])
        for row in rows:
            for value in row.values():
                self.assertFalse(value.startswith(("=", "+", "@", "\t", "\r")), value)
                self.assertFalse(value.startswith("-") and not re.fullmatch(r"-\d+", value), value)
        self.assertTrue(self.read("csv").endswith("\r\n"))

    def test_github(self):
        """As the runner reads a log: a line that begins with :: is a command."""
        seen = {"error": 0, "warning": 0}
        for line in self.read("github").splitlines():
            command = re.fullmatch(r"::(error|warning) (.*?)::(.*)", line)
            if not command:
                self.assertTrue(line.startswith("leash: "), line)
                continue
            kind, properties, message = command.groups()
            for part in properties.split(","):
                self.assertRegex(part, r"^(file|line|title)=[^:,]*$")
            for part in (properties, message):
                self.assertIsNone(re.search(r"%(?!25|0A|0D|3A|2C)", part), part)
            seen[kind] += 1
            first = message.split("%0A")[0].replace("%25", "%")
            if "file=" in properties:
                self.assertIn(first, self.read("text"))
        self.assertEqual(seen["error"], 9 + 1 + 2)  # nine, the one that counts the rest, two traces

    def test_markdown(self):
        fence = None
        for line in self.read("md").splitlines():
            mark = re.match("`{3,}", line)
            if mark and not fence:
                fence = mark.group()
            elif fence:
                fence = None if line == fence else fence
            elif line.startswith("|"):
                self.assertEqual(line.count("|"), 8, line)
                self.assertNotRegex(line, r"[<>`\\]")
            else:
                self.assertNotRegex(line.replace("<details><summary>", "").replace("</summary>", "").replace("</details>", ""),
                                    r"[<>`\\]")
        self.assertIsNone(fence)

    def test_pipe(self):
        done = subprocess.run(f"'{LEASH}' check hostile.db clean.db 2>&1 | cat", shell=True, capture_output=True, check=False)
        self.assertNotIn(b"\x1b", done.stdout)
        self.assertIn(b"\\x1b[31mred", done.stdout)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
