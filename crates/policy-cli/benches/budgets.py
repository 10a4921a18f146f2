#!/usr/bin/env python3
"""What a check costs beside reading the same files: CPU, wall time and peak memory, against the budgets.

usage: budgets.py [--program PATH] [--runs N] [--largest FILES] [TREE ...]

Makes trees of 5 to 100,000 files, mixed as real repositories are, and trees of TypeScript, of Terraform and of pages alone.
Runs portcullis and ripgrep on each by turns and prints the least CPU of each (the other runs were disturbed by something else),
with what the budget allows. Other checkers are run too where they are installed. Trees that are named are measured as well.
Fetches nothing. Needs ripgrep 15 or newer (`rg`): older ones take more than half as much CPU again.
"""
import argparse
import itertools
import os
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile
import time
from typing import Callable, NamedTuple

YARDSTICK = ["rg", "-c", "--hidden", "WebSocket", "."]
"""Reads every file of a tree once, and does next to nothing else."""


class Cost(NamedTuple):
    """CPU and wall time in seconds, peak memory in MiB: never less than that of Python, which starts each process."""

    cpu: float
    wall: float
    memory: float


class Peer(NamedTuple):
    """A checker to compare with: its command, and the trees that it reads anything of."""

    command: list[str]
    trees: set[str]


PEERS = {
    "oxlint": Peer(["oxlint", "."], {"TypeScript", "mixed"}),
    "Checkov": Peer(["checkov", "-d", ".", "--quiet", "--compact", "--skip-download"], {"Terraform"}),
    "hadolint": Peer(["sh", "-c", "find . -name Dockerfile -exec hadolint {} +"], {"mixed"}),
    "semgrep": Peer(["semgrep", "scan", "--metrics=off", "--config", "p.yml", "."], set()),
}
"""semgrep brings no rules along and fetching is not done here: it is measured where a tree that is named holds `p.yml`."""


def module(name: str, rng: random.Random) -> str:
    """A module of a front end, as long as such modules are."""
    opens = rng.random() < 0.02
    socket = "export const socket = new WebSocket(`${scheme}://${location.host}/api/live`);\n" if opens else ""
    body = "".join(
        f"export function step{step}(input: Input): Output {{\n"
        f"  const scaled = input.values.map((value) => value * {rng.randint(2, 99)});\n"
        f"  if (scaled.length > {rng.randint(2, 99)}) {{ return {{ kind: 'long', scaled }}; }}\n"
        "  return { kind: 'short', scaled };\n}\n"
        for step in range(rng.randint(3, 25))
    )
    return f"import {{ Input, Output }} from './types';\nconst scheme = location.protocol === 'https:' ? 'wss' : 'ws';\n{socket}{body}// {name}\n"


def terraform(name: str, rng: random.Random) -> str:
    """A file of a Terraform module: mostly what no rule asks about."""
    parts = "".join(
        f'resource "aws_iam_role" "{name}_{part}" {{\n'
        f'  name = "${{var.prefix}}-{part}"\n'
        "  assume_role_policy = jsonencode({\n    Version = \"2012-10-17\"\n"
        '    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ec2.amazonaws.com" } }]\n  })\n'
        f"  tags = merge(var.tags, {{ Part = {rng.randint(1, 99)} }})\n}}\n"
        f'variable "{name}_{part}" {{\n  description = "The size of part {part}."\n  type        = number\n'
        f"  default     = {rng.randint(1, 9999)}\n}}\n"
        for part in range(rng.randint(2, 12))
    )
    service = (
        f'resource "aws_ecs_service" "{name}" {{\n  name            = "{name}"\n  cluster         = var.cluster\n'
        f"  desired_count   = {rng.randint(1, 5)}\n  task_definition = var.task\n"
        "  deployment_circuit_breaker {\n    enable   = true\n    rollback = true\n  }\n}\n"
    )
    return parts + (service if rng.random() < 0.1 else "")


def page(name: str, rng: random.Random) -> str:
    """A page with a script of its own."""
    rows = "".join(f"<li class='row'>{rng.randint(1, 10**6)}</li>\n" for _ in range(rng.randint(20, 200)))
    return f"<!doctype html>\n<title>{name}</title>\n<script src='/static/app.js'></script>\n<ul>\n{rows}</ul>\n"


def python(name: str, rng: random.Random) -> str:
    """A module of a back end."""
    return f"# {name}\n" + "".join(
        f"def step_{step}(values: list[int]) -> int:\n    return sum(value * {rng.randint(2, 99)} for value in values)\n\n\n"
        for step in range(rng.randint(3, 30))
    )


def prose(name: str, rng: random.Random) -> str:
    """Documentation, data, styles: files that a check lists and does not read."""
    return f"# {name}\n\n" + "".join(f"The value of the day was {rng.randint(1, 10**9)}.\n" for _ in range(rng.randint(5, 150)))


FEW = {
    "Dockerfile": "FROM python:3.12-slim\nWORKDIR /app\nCOPY . .\nUSER 1000\nCMD [\"python\", \"-m\", \"app\"]\n",
    ".dockerignore": ".git\nnode_modules\n**/__pycache__\n*.md\n",
    "compose.yaml": "services:\n  app:\n    build: .\n    ports: ['8000:8000']\n",
    ".github/workflows/ci.yml": "on: push\njobs:\n  build:\n    runs-on: ubuntu-latest\n    steps:\n"
    "      - uses: actions/checkout@v4\n      - run: docker build -t app:${{ github.sha }} .\n",
    "scripts/build.sh": "#!/bin/bash\nset -e\nTAG=$(git rev-parse --short HEAD)\ndocker build -t app:$TAG .\n",
}
"""What a repository holds once for many modules."""

KINDS: dict[str, list[tuple[str, int, Callable[[str, random.Random], str]]]] = {
    "mixed": [("ts", 9, module), ("py", 5, python), ("md", 5, prose), ("html", 1, page), ("tf", 1, terraform)],
    "TypeScript": [("ts", 1, module)],
    "Terraform": [("tf", 3, terraform), ("md", 1, prose), ("yaml", 1, prose)],
    "pages": [("html", 1, page)],
}

BUDGETS = {"mixed": 1.5, "TypeScript": 1.5, "Terraform": 4.0, "pages": 1.5}
"""Times the CPU of the yardstick."""


def make(kind: str, files: int, root: pathlib.Path) -> None:
    """Writes a tree of so many files, the same at each run."""
    rng = random.Random(f"{kind} {files}")
    mix = [(ending, text) for ending, share, text in KINDS[kind] for _ in range(share)]
    few = len(FEW) if kind == "mixed" else 0
    written = 0
    for number in itertools.count():
        folder = root / f"area{number // 400}" / f"part{number // 20}"
        if few and number % 400 == 0:
            for name, text in FEW.items():
                target = folder.parent / name
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_text(text)
                written += 1
        if written >= files:
            return
        ending, text = rng.choice(mix)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"unit{number}.{ending}").write_text(text(f"unit{number}", rng))
        written += 1


def run(command: list[str], tree: pathlib.Path) -> Cost:
    """Runs a command in a tree, whatever it answers."""
    begin = time.perf_counter()
    process = subprocess.Popen(command, cwd=tree, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, _, used = os.wait4(process.pid, 0)
    process.returncode = 0
    wall = time.perf_counter() - begin
    unit = 1 if sys.platform == "darwin" else 1024
    return Cost(used.ru_utime + used.ru_stime, wall, used.ru_maxrss * unit / 2**20)


def least(costs: list[Cost]) -> Cost:
    """The least of each measure."""
    return Cost(*(min(values) for values in zip(*costs)))


def measure(name: str, kind: str, tree: pathlib.Path, program: str, runs: int) -> None:
    """Prints what a check of the tree costs, and what others do there."""
    check = [program, "check", ".", "--fail-on", "never", "-q"]
    pairs = [(run(YARDSTICK, tree), run(check, tree)) for _ in range(runs + 1)][1:]
    yardstick, own = least([pair[0] for pair in pairs]), least([pair[1] for pair in pairs])
    budget = BUDGETS.get(kind, BUDGETS["mixed"])
    ratio = own.cpu / yardstick.cpu
    row(name, "portcullis", own, f"{ratio:.2f} of {budget:.1f}{' OVER' if ratio > budget else ''}")
    row(name, "ripgrep", yardstick, "")
    for peer, (command, trees) in PEERS.items():
        named = peer == "semgrep" and (tree / "p.yml").is_file()
        if (kind in trees or named) and shutil.which(command[0] if command[0] != "sh" else peer):
            cost = run(command, tree)
            row(name, peer, cost, f"{cost.cpu / own.cpu:.0f} times portcullis")


def row(tree: str, command: str, cost: Cost, note: str) -> None:
    print(f"{tree:<24} {command:<12} {cost.cpu * 1000:>10.1f} {cost.wall * 1000:>10.1f} {cost.memory:>8.0f}  {note}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", default="target/release/portcullis", help="what to measure (default: %(default)s)")
    parser.add_argument("--runs", type=int, default=5, help="how often each is run (default: %(default)s)")
    parser.add_argument("--largest", type=int, default=100_000, help="files of the largest tree (default: %(default)s)")
    parser.add_argument("trees", nargs="*", type=pathlib.Path, help="trees of your own to measure too")
    arguments = parser.parse_args()
    program = shutil.which(arguments.program)
    if program is None:
        sys.exit(f"{arguments.program} is missing: run `cargo build --release` first")
    if shutil.which("rg") is None:
        sys.exit("ripgrep (`rg`) is missing: it is what a check is compared with")
    print(f"{'tree':<24} {'command':<12} {'CPU ms':>10} {'wall ms':>10} {'MiB':>8}  CPU against ripgrep")
    sizes = [("mixed", 5), ("mixed", 1_000), ("mixed", 10_000), ("mixed", 100_000)]
    sizes += [("TypeScript", 5_000), ("Terraform", 2_000), ("pages", 5_000)]
    for kind, files in sizes:
        if files <= arguments.largest:
            with tempfile.TemporaryDirectory() as scratch:
                tree = pathlib.Path(scratch)
                make(kind, files, tree)
                measure(f"{kind}, {files:,} files", kind, tree, os.path.abspath(program), arguments.runs)
    for tree in arguments.trees:
        measure(tree.name, "mixed", tree, os.path.abspath(program), arguments.runs)


if __name__ == "__main__":
    main()
