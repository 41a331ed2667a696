"""Programs of the corpus and what their comments say must be found in them (README.md has the grammar)."""
import collections
import re

COMMENT = re.compile(r"/\*(.*?)\*/", re.DOTALL)
CASE = re.compile(r"\b(?:PLAIN_)?CASE\((\w+)\)")
OPTIONS = re.compile(r"^OPTIONS (\S+)$")
LABEL = re.compile(r"^(LEAK|LIMIT|TIER2) ([a-z-]+)(?: or ([a-z-]+))? (\d+)(?: in ([\w, ]+?))?(?: - (.+))?$")



class Label(collections.namedtuple("Label", "kind cls instead count cases why line")):
    """LEAK must be found. LIMIT is known to be told wrongly, TIER2 is by the scan's first tier: either class is taken
    then. "nothing" may stand for a class."""

    def is_limit(self, tier):
        return self.kind == "LIMIT" or (self.kind == "TIER2" and tier < 2)


# One way to run a program, and its labels.
Case = collections.namedtuple("Case", "program name labels")


class Program:
    """One source file."""

    def __init__(self, path, folder):
        self.path = path
        self.name = str(path.relative_to(folder).with_suffix(""))
        self.folder = path.parent.name
        self.options = ""
        text = path.read_text(encoding="utf-8")
        labels = list(self._labels(text))
        table = text[text.index("\nCASES("):] if "\nCASES(" in text else ""
        names = [name for name in CASE.findall(table)]
        for label in labels:
            for name in label.cases:
                if name not in names:
                    self._refuse(label.line, f"no case {name}")
        if not names:
            self._refuse(1, "no CASES")
        self.cases = [Case(self, name, [label for label in labels if not label.cases or name in label.cases])
                      for name in names]

    def _refuse(self, line, why):
        raise SystemExit(f"{self.path}:{line}: {why}")

    def _labels(self, text):
        for comment in COMMENT.finditer(text):
            words = re.sub(r"\s+", " ", comment[1]).strip()
            line = self._line_of(text, comment)
            option = OPTIONS.match(words)
            if option:
                self.options = option[1]
            if not re.match(r"(LEAK|LIMIT|TIER2) ", words):
                continue
            for part in words.split(";"):
                label = LABEL.match(part.strip())
                if not label:
                    self._refuse(line, f"not a label: {part.strip()}")
                kind, cls, instead, count, cases, why = label.groups()
                if (kind == "LEAK") != (instead is None):
                    self._refuse(line, "a limit, and nothing else, says what else may be found")
                yield Label(kind, cls, instead, int(count), re.findall(r"\w+", cases or ""), why or "", line)

    @staticmethod
    def _line_of(text, comment):
        """The line that a label is about: its own, or the next one where it stands alone."""
        begin = text.rfind("\n", 0, comment.start()) + 1
        alone = not text[begin:comment.start()].strip()
        at = comment.end() if alone else comment.start()
        return text.count("\n", 0, at) + 1 + alone


def load(folder):
    return [Program(path, folder) for path in sorted(folder.glob("*/*.c"))]
