"""What README.md keeps: the table of what was found, class by class, and what is known to be told wrongly."""
import re

from judge import WITHOUT_TRACE



def worst(scores, cls):
    """Right, wrong and missed: of the build where each was worst."""
    return (min(score.right[cls] for score in scores), max(score.wrong[cls] for score in scores),
            max(score.missed[cls] for score in scores))


def rows(programs, traced, plain, tier):
    cases = [case for program in programs for case in program.cases]
    labelled = {label.cls for case in cases for label in case.labels} - {"nothing"}
    for cls in sorted(labelled.union(*(score.wrong for score in traced + plain))):
        guilty = [case for case in cases if any(label.cls == cls for label in case.labels)]
        twins = [case for case in cases if case.program.folder == cls and not case.labels]
        limits = sum(label.count for case in guilty for label in case.labels
                     if label.cls == cls and label.is_limit(tier))
        without = worst(plain, cls) if cls in WITHOUT_TRACE else ("-",) * 3
        yield (f"`{cls}`", len(guilty), len(twins), *worst(traced, cls), *without, limits or "-")


def lines(head, body):
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |"
                     for line in (head, ("---",) * len(head), *body))


def text(programs, traced, plain, tier):
    """traced, plain: the scores of each build."""
    head = ("class", "leaky programs", "clean twins", "true positives", "false positives", "false negatives",
            "without a trace: true positives", "false positives", "false negatives", "known limits")
    return lines(head, rows(programs, traced, plain, tier))


def limits(programs, tier):
    """A line a limit, with the cases that it is of."""
    found = {}
    for program in programs:
        for case in program.cases:
            for label in filter(lambda label: label.is_limit(tier), case.labels):
                key = (f"`{program.name}.c:{label.line}`", label.cls, label.instead, label.why)
                found.setdefault(key, []).append(case.name)
    body = [(where, ", ".join(names), cls, instead, why) for (where, cls, instead, why), names in found.items()]
    return lines(("where", "programs", "what is true", "what may be told", "why"), body)


def summary(programs, builds, seconds):
    cases = [case for program in programs for case in program.cases]
    clean = sum(not case.labels for case in cases)
    return (f"{len(cases)} programs in {len(programs)} files, {clean} of them clean; "
            f"{len(builds)} builds ({', '.join(build.folder.name for build in builds)}); {seconds:.0f} s")


def between(name):
    return re.compile(rf"(<!-- {name}: [^>]*-->\n)(.*?)(<!-- end of the {name} -->)", re.DOTALL)


def write(readme, **parts):
    words = readme.read_text(encoding="utf-8")
    for name, part in parts.items():
        words = between(name).sub(lambda found: f"{found[1]}{part}\n{found[3]}", words)
    readme.write_text(words, encoding="utf-8")


def is_written(readme, **parts):
    words = readme.read_text(encoding="utf-8")
    return all(between(name).search(words)[2].strip() == part for name, part in parts.items())
