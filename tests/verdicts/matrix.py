"""Builds of the corpus: one a compiler and level of optimisation, against the library of a build of leash."""
import collections
import concurrent.futures
import os
import subprocess

FLAGS = ["-g", "-std=gnu11", "-D_GNU_SOURCE", "-Wall", "-Wextra", "-Wshadow", "-Werror", "-Wno-unused-result"]

Build = collections.namedtuple("Build", "compiler level folder")


def builds(compilers, levels, work):
    return [Build(compiler, level, work / f"{os.path.basename(compiler)}-O{level}")
            for compiler in compilers for level in levels]


def binary(build, program):
    return build.folder / program.name.replace("/", "-")


def newest(paths):
    return max(path.stat().st_mtime for path in paths)


def compile_one(build, program, here, leash):
    """Only what is older than what it is made of. Sites are recorded as `folder/program.c`."""
    out = binary(build, program)
    headers = [*here.glob("*.h"), *(leash.source / "runtime/include").rglob("*.h")]
    if out.exists() and out.stat().st_mtime > newest([program.path, *headers]):
        return None
    library = leash.build / "lib"
    done = subprocess.run(
        [build.compiler, *FLAGS, f"-O{build.level}", f"-I{leash.source}/runtime/include", "-I.",
         str(program.path.relative_to(here)), "-o", str(out), f"-L{library}", "-lleash", "-lpthread",
         f"-Wl,-rpath,{library}"], cwd=here, capture_output=True, text=True, check=False)
    return done.stderr or "the compiler failed" if done.returncode else None


def compile_all(build, programs, here, leash, jobs):
    """-> complaints"""
    build.folder.mkdir(parents=True, exist_ok=True)
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        said = pool.map(lambda program: compile_one(build, program, here, leash), programs)
        return [complaint for complaint in said if complaint]
