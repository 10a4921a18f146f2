#!/usr/bin/env python3
"""Draws the picture of the README: what a run on one of the fixtures prints, as on a terminal.

    docs/picture.py PROGRAM           writes docs/picture.svg
    docs/picture.py --check PROGRAM   fails if it is not what the program prints
"""

import re
import shutil
import subprocess
import sys
import tempfile
from html import escape
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PICTURE = ROOT / "docs/picture.svg"
FIXTURE = ROOT / "fixtures/incidents/websocket-port/before"

CELL = (8.4, 19)
MARGIN = 20
BAR = 34
BACKGROUND, TEXT = "#1b1f27", "#d7dae0"
COLOURS = {31: "#f4707b", 32: "#98c379", 33: "#e5c07b", 34: "#61afef", 35: "#c88bec", 36: "#56c8d8"}
DIM = "#7f8694"


def printed(program: str) -> str:
    """What the program prints, with colours, on a repository that holds the fixture alone."""
    with tempfile.TemporaryDirectory() as folder:
        repository = Path(folder) / "shop"
        shutil.copytree(FIXTURE, repository)
        (repository / ".git").mkdir()
        command = [Path(program).resolve(), "check", "--color", "always"]
        run = subprocess.run(command, cwd=repository, env={}, stdout=subprocess.PIPE, encoding="utf-8")
    if run.returncode != 1:
        sys.exit(f"the run ended with {run.returncode}")
    return run.stdout


def runs(line: str) -> list[tuple[str, str]]:
    """The parts of a line, each with its style."""
    found, codes = [], set()
    # Links of a terminal are none in a picture.
    line = re.sub(r"\x1b\]8;.*?(\x1b\\|\x07)", "", line)
    for part in re.split(r"(\x1b\[[0-9;]*m)", line):
        if part.startswith("\x1b"):
            for code in (int(code or 0) for code in part[2:-1].split(";")):
                codes = codes | {code} if code else set()
        elif part:
            colour = next((COLOURS[code] for code in codes if code in COLOURS), DIM if 2 in codes else TEXT)
            style = f'fill="{colour}"'
            style += ' font-weight="bold"' if 1 in codes else ""
            style += ' text-decoration="underline"' if 4 in codes else ""
            found.append((part, style))
    return found


def drawn(output: str) -> str:
    lines = ["\x1b[32m$\x1b[0m portcullis check", *output.rstrip("\n").split("\n")]
    plain = [re.sub(r"\x1b\[[0-9;]*m", "", line) for line in lines]
    width = round(max(map(len, plain)) * CELL[0] + 2 * MARGIN)
    height = BAR + len(lines) * CELL[1] + MARGIN
    texts = []
    for row, line in enumerate(lines):
        column = 0
        for part, style in runs(line):
            kept = part.strip(" ")
            if kept:
                x = MARGIN + (column + len(part) - len(part.lstrip(" "))) * CELL[0]
                y = BAR + (row + 0.75) * CELL[1]
                length = len(kept) * CELL[0]
                # Plain spaces would be drawn as one.
                shown = escape(kept).replace(" ", "\u00a0")
                texts.append(f'<text x="{x:.1f}" y="{y:.1f}" textLength="{length:.1f}" {style}>{shown}</text>')
            column += len(part)
    buttons = "".join(
        f'<circle cx="{MARGIN + 6 + 18 * at}" cy="17" r="6" fill="{colour}"/>'
        for at, colour in enumerate(["#f4707b", "#e5c07b", "#98c379"])
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" role="img">'
        "<title>portcullis check finds a port in TypeScript that is closed behind the load balancer in Terraform</title>"
        f'<rect width="{width}" height="{height}" rx="10" fill="{BACKGROUND}"/>{buttons}'
        '<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, \'DejaVu Sans Mono\', monospace" font-size="14">\n'
         + "\n".join(texts) + "\n</g></svg>\n"
    )


def main() -> None:
    *options, program = sys.argv[1:]
    picture = drawn(printed(program))
    if options != ["--check"]:
        PICTURE.write_text(picture)
    elif picture != PICTURE.read_text():
        sys.exit("docs/picture.svg is not what the program prints: docs/picture.py PROGRAM draws it")


if __name__ == "__main__":
    main()
