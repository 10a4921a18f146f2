#!/usr/bin/env python3
"""Builds the site from the cards of the rules and the documents of the repository, with search.

    docs/build.py OUT

Needs `zensical`. Each rule has one page, `rules/<family>/<rule>/`, to which reports link.
"""

import json
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
REPOSITORY = "https://github.com/portcullis-dev/portcullis/blob/main"
# Documents of the root, by the names of their pages. Everything in this folder becomes a page too.
DOCUMENTS = {
    "README.md": "index.md",
    "CHANGELOG.md": "changelog.md",
    "SECURITY.md": "security.md",
    "ARCHITECTURE.md": "architecture.md",
    "CONTRIBUTING.md": "contributing.md",
}


def card(path: Path) -> tuple[str, dict, str]:
    """The rule, the facts and the text of a card."""
    _, facts, body = path.read_text().split("+++\n", 2)
    return f"{path.parent.name}/{path.stem}".replace("_", "-"), tomllib.loads(facts), body.strip()


def page(rule: str, facts: dict, body: str) -> str:
    remarks = [f"**{facts['severity']}**", f"since {facts['since']}"]
    if not facts.get("default", True):
        remarks.append("opt-in")
    if facts.get("fixable"):
        remarks.append("fixable with `--fix`")
    body = re.sub(r"^(```\S+) path=(\S+)$", r'\1 title="\2"', body, flags=re.MULTILINE)
    text = f"# {rule}\n\n{facts['summary']}.\n\n{' · '.join(remarks)}\n\n{body}\n\n"
    text += f"## Where it comes from\n\n{facts['source']}.\n"
    if facts.get("references"):
        text += "\n## References\n\n" + "".join(f"- <{link}>\n" for link in facts["references"])
    return text


def linked(text: str) -> str:
    """The text of a document of the root, with links that lead to a page or to the file in the repository."""

    def link(match: re.Match) -> str:
        before, path = match.groups()
        if path.endswith(".svg"):
            return match[0]
        if path.startswith("docs/"):
            return before + path.removeprefix("docs/")
        return before + DOCUMENTS.get(path, f"{REPOSITORY}/{path}")

    return re.sub(r"(\[[^\]]*\]\()(?!https?:|#)([^)#]+)", link, text)


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def main() -> None:
    out = Path(sys.argv[1]).resolve()
    cards = sorted(card(path) for path in (ROOT / "rules").glob("*/*.md") if path.read_text().startswith("+++"))
    families = sorted({rule.split("/")[0] for rule, _, _ in cards})
    with tempfile.TemporaryDirectory() as room:
        pages = Path(room) / "docs"
        for rule, facts, body in cards:
            write(pages / "rules" / f"{rule}.md", page(rule, facts, body))
        table = ["# Rules", "", "| rule | severity | finds |", "| --- | --- | --- |"]
        table += [
            f"| [{rule}]({rule}.md) | {facts['severity']} | {facts['summary']} |" for rule, facts, _ in cards
        ]
        write(pages / "rules/index.md", "\n".join(table) + "\n")
        for source, name in DOCUMENTS.items():
            write(pages / name, linked((ROOT / source).read_text()))
        own = sorted((ROOT / "docs").glob("*.md"))
        for path in own:
            write(pages / path.name, linked(path.read_text().replace("](../", "](")))
        # The README, which is the first page, shows them from here.
        shutil.copytree(ROOT / "docs", pages / "docs", ignore=lambda _, names: [name for name in names if not name.endswith(".svg")])

        rules = ["rules/index.md"]
        rules += [
            {family: [f"rules/{rule}.md" for rule, _, _ in cards if rule.startswith(f"{family}/")]}
            for family in families
        ]
        navigation = ["index.md", *(path.name for path in own), {"Rules": rules}]
        navigation += [name for name in DOCUMENTS.values() if name != "index.md"]
        address = tomllib.loads((ROOT / "Cargo.toml").read_text())["workspace"]["package"]["homepage"]
        config = (ROOT / "docs/zensical.toml").read_text()
        config = config.replace("[project]\n", f"[project]\nsite_url = {inline(address)}\nnav = {inline(navigation)}\n", 1)
        write(Path(room) / "zensical.toml", config)
        subprocess.run(["zensical", "build", "--clean", "--strict"], cwd=room, check=True, stdout=subprocess.DEVNULL)
        shutil.rmtree(out, ignore_errors=True)
        shutil.copytree(Path(room) / "site", out)

    missing = [rule for rule, _, _ in cards if not (out / "rules" / rule / "index.html").exists()]
    if missing or not cards:
        sys.exit(f"rules without a page: {missing}")
    if "hardcoded-port" not in (out / "search.json").read_text():
        sys.exit("the search does not find a rule by its name")
    print(f"The site has a page for each of {len(cards)} rules.")


def inline(value: object) -> str:
    """A value as inline TOML."""
    if isinstance(value, list):
        return "[" + ", ".join(map(inline, value)) + "]"
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{json.dumps(key)} = {inline(item)}" for key, item in value.items()) + " }"
    return json.dumps(value)


if __name__ == "__main__":
    main()
