"""What the benchmarks' drivers have in common: peers to find, figures to put down, the README that keeps them."""
import os
import platform
import shutil
import subprocess
import sys

README = os.path.join(os.path.dirname(os.path.abspath(__file__)), "README.md")


def median(values):
    values = sorted(values)
    middle = len(values) // 2
    return values[middle] if len(values) % 2 else (values[middle - 1] + values[middle]) / 2


def build_go(source, binary, notes):
    """True: it is there. Else a note says why not."""
    go = shutil.which("go")
    if not go:
        notes.append("Go is not installed (Debian: golang-go); left out.")
        return False
    env = dict(os.environ, GO111MODULE="off", GOFLAGS="")
    if "HOME" not in env:
        env.setdefault("GOCACHE", os.path.join(os.path.dirname(binary), "gocache"))
    if subprocess.run([go, "build", "-o", binary, source], env=env, check=False).returncode:
        notes.append("The program for Go did not build; left out.")
        return False
    return True


def python_with_uvloop(notes):
    """The Python that runs this, or the system's: the package is for the latter. None: neither, and a note says so."""
    for python in (sys.executable, "/usr/bin/python3"):
        asks = [python, "-c", "import uvloop"]
        if shutil.which(python) and subprocess.run(asks, stderr=subprocess.DEVNULL, check=False).returncode == 0:
            return python
    notes.append("uvloop is not installed (Debian: python3-uvloop); left out.")
    return None


def machine():
    model = platform.processor() or platform.machine()
    try:
        with open("/proc/cpuinfo", encoding="utf-8", errors="replace") as file:
            model = next(line.split(":", 1)[1].strip() for line in file if line.startswith("model name"))
    except (OSError, StopIteration):
        pass
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{model}, {os.cpu_count()} processors, {memory:.0f} GiB, Linux {platform.release()}"


def table(head, rows):
    lines = ["| " + " | ".join(head) + " |", "|---" + "|---:" * (len(head) - 1) + "|"]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows])


def update(text, marks):
    """Puts it between two lines of README.md."""
    with open(README, encoding="utf-8") as file:
        before, rest = file.read().split(marks[0])
    after = rest.split(marks[1])[1]
    with open(README, "w", encoding="utf-8") as file:
        file.write(f"{before}{marks[0]}\n{text}\n{marks[1]}{after}")
