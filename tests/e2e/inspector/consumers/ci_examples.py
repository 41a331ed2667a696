#!/usr/bin/env python3
"""ci_examples.py LEASH DOCS FORGETFUL: the commands of docs/ci.md and docs/ci/ are ones that the program LEASH takes.
They run where ./build/shop is FORGETFUL, once as it should be and once with leaks."""
import os
import re
import subprocess
import sys
import tempfile
import unittest

LEASH, DOCS, FORGETFUL = (os.path.abspath(word) for word in sys.argv[1:4])


def commands(name):
    """The lines of a file that begin with `leash`, with those that go on after a backslash."""
    with open(os.path.join(DOCS, name), encoding="utf-8") as file:
        text = re.sub(r"\\\n\s*", "", file.read())
    return re.findall(r"^\s*(?:- )?(leash .*)$", text, re.MULTILINE)


def prose(name):
    """A word in backquotes that begins with -- must be a flag."""
    with open(os.path.join(DOCS, name), encoding="utf-8") as file:
        return {flag for code in re.findall(r"`([^`\n]*)`", file.read()) for flag in re.findall(r"--[a-z-]+", code)}


class Examples(unittest.TestCase):
    def run_in(self, folder, leak, words):
        program = os.path.join(folder, "build", "shop")
        with open(program, "w", encoding="utf-8") as file:
            file.write(f"#!/bin/sh\nexec '{FORGETFUL}' {'leak' if leak else ''}\n")
        os.chmod(program, 0o755)
        env = dict(os.environ, PATH=os.path.join(folder, "bin") + ":" + os.environ["PATH"], TMPDIR=folder,
                   GITHUB_STEP_SUMMARY=os.path.join(folder, "summary.md"), LEASH_OPTIONS="")
        return subprocess.run(["bash", "-o", "pipefail", "-c", words], cwd=folder, env=env, capture_output=True, text=True,
                              check=False)

    def test_commands(self):
        for name in ("ci.md", "ci/github.yml", "ci/gitlab.yml"):
            found = commands(name)
            self.assertTrue(found, name)
            for words in found:
                with self.subTest(file=name, command=words), tempfile.TemporaryDirectory() as folder:
                    for inner in ("bin", "build", "traces"):
                        os.mkdir(os.path.join(folder, inner))
                    os.symlink(LEASH, os.path.join(folder, "bin", "leash"))
                    open(os.path.join(folder, "summary.md"), "w", encoding="utf-8").close()
                    self.run_one(folder, words)

    def run_one(self, folder, words):
        """A clean program passes; one that leaks is 1, unless a baseline knows it."""
        for leak in (False, True):
            record = self.run_in(folder, leak, "leash run -o shop.db -- ./build/shop; cp shop.db traces/shop.db;"
                                 "leash baseline write -o leash.base shop.db")
            self.assertEqual(record.returncode, 0, record.stderr)
            done = self.run_in(folder, leak, words)
            wanted = 1 if leak and "baseline" not in words else 0
            self.assertEqual(done.returncode, wanted, f"{words}\n{done.stdout}\n{done.stderr}")
            for output in re.findall(r"(?:--output [a-z]+=|> |-o )(\S+)", words):
                path = output.strip('"').replace("$GITHUB_STEP_SUMMARY", "summary.md")
                self.assertTrue(os.path.getsize(os.path.join(folder, path)) > 0, output)

    def test_flags(self):
        told = subprocess.run([LEASH, "run", "-h"], capture_output=True, text=True, check=True).stdout
        for flag in prose("ci.md") - {"--output-on-failure", "--install"}:
            self.assertIn(flag, told)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
