#!/usr/bin/env python3
"""Makes all packages from wheels, so that each carries the very program that its wheel carries.

    packaging/assemble.py WHEELS OUT [--all]

WHEELS is a folder with one wheel for each platform. OUT gets:

    archives/   one archive for each platform, with its checksum: the program, man pages, completions and licences
    npm/        the package `portcullis-cli` and those of the platforms
    container/  the context of the container image
    pre-commit/ the contents of the repository of the commit hook

With --all, a platform without a wheel is an error; otherwise it is left out. The program of this machine has to be among them: it
writes the man pages and completions.
"""

import argparse
import gzip
import hashlib
import io
import json
import platform
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import tomllib
import zipfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NAME = "portcullis-cli"
SHELLS = {"bash": "portcullis.bash", "fish": "portcullis.fish", "zsh": "_portcullis", "powershell": "portcullis.ps1"}


@dataclass(frozen=True)
class Platform:
    """A platform: as Rust calls it, as wheels call it (a pattern), and as npm does: the system and the processor."""

    target: str
    wheel: str
    npm: tuple[str, str] | None

    @property
    def is_windows(self) -> bool:
        return "windows" in self.target

    @property
    def program(self) -> str:
        return "portcullis.exe" if self.is_windows else "portcullis"


# For npm and containers, Linux gets the program that is linked statically, which runs with every C library.
PLATFORMS = [
    Platform("x86_64-unknown-linux-musl", "musllinux_.*_x86_64", ("linux", "x64")),
    Platform("aarch64-unknown-linux-musl", "musllinux_.*_aarch64", ("linux", "arm64")),
    Platform("x86_64-unknown-linux-gnu", "(many)?linux.*x86_64", None),
    Platform("aarch64-unknown-linux-gnu", "(many)?linux.*aarch64", None),
    Platform("x86_64-apple-darwin", "macosx_.*_x86_64", ("darwin", "x64")),
    Platform("aarch64-apple-darwin", "macosx_.*_arm64", ("darwin", "arm64")),
    Platform("x86_64-pc-windows-msvc", "win_amd64", ("win32", "x64")),
]


def programs(wheels: Path) -> dict[Platform, bytes]:
    """The program of each platform that has a wheel."""
    found = {}
    for wheel in sorted(wheels.glob("*.whl")):
        tag = wheel.stem.split("-")[-1]
        (owner,) = [candidate for candidate in PLATFORMS if re.match(candidate.wheel, tag)]
        with zipfile.ZipFile(wheel) as archive:
            (script,) = [name for name in archive.namelist() if name.endswith(f".data/scripts/{owner.program}")]
            found[owner] = archive.read(script)
    return found


def runs_here(target: str) -> bool:
    system = {"Linux": "linux", "Darwin": "apple", "Windows": "windows"}[platform.system()]
    processor = {"amd64": "x86_64", "arm64": "aarch64"}.get(platform.machine().lower(), platform.machine())
    return target.startswith(processor) and system in target


def write_program(program: bytes, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(program)
    path.chmod(0o755)


def extras(program: bytes) -> dict[str, bytes]:
    """What the program writes about itself, by path in an archive."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "portcullis"
        write_program(program, path)

        pages = Path(folder) / "man"
        pages.mkdir()
        subprocess.run([path, "man", pages], check=True)
        files = {f"man/{page.name}": page.read_bytes() for page in pages.iterdir()}
        for shell, file in SHELLS.items():
            script = subprocess.run([path, "completions", shell], check=True, stdout=subprocess.PIPE)
            files[f"completions/{file}"] = script.stdout
    for file in ["README.md", "CHANGELOG.md", "LICENSE-MIT", "LICENSE-APACHE"]:
        files[file] = (ROOT / file).read_bytes()
    return files


def write_archive(owner: Platform, files: dict[str, bytes], out: Path) -> None:
    """An archive whose bytes depend on its contents alone, and its checksum."""
    folder = f"portcullis-{owner.target}"
    path = out / (folder + (".zip" if owner.is_windows else ".tar.gz"))
    if owner.is_windows:
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, contents in sorted(files.items()):
                archive.writestr(zipfile.ZipInfo(f"{folder}/{name}"), contents, zipfile.ZIP_DEFLATED)
    else:
        plain = io.BytesIO()
        with tarfile.open(fileobj=plain, mode="w", format=tarfile.USTAR_FORMAT) as archive:
            for name, contents in sorted(files.items()):
                entry = tarfile.TarInfo(f"{folder}/{name}")
                entry.size = len(contents)
                entry.mode = 0o755 if name == owner.program else 0o644
                archive.addfile(entry, io.BytesIO(contents))
        path.write_bytes(gzip.compress(plain.getvalue(), mtime=0))
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    path.with_name(path.name + ".sha256").write_text(f"{digest}  {path.name}\n", newline="\n")


def write_npm(found: dict[Platform, bytes], package: dict, out: Path) -> None:
    common = {
        "version": package["version"],
        "description": package["description"],
        "license": package["license"],
        "repository": {"type": "git", "url": f"git+{package['repository']}.git"},
    }
    names = {}
    for owner, program in found.items():
        if owner.npm is None:
            continue
        system, processor = owner.npm
        name = f"{NAME}-{system}-{processor}"
        names[name] = package["version"]
        write_program(program, out / name / owner.program)
        manifest = {"name": name, **common, "os": [system], "cpu": [processor], "preferUnplugged": True}
        (out / name / "package.json").write_text(json.dumps(manifest, indent=2) + "\n")
    main = out / NAME
    main.mkdir()
    for file in ["portcullis.js", "README.md"]:
        shutil.copy(ROOT / "packaging/npm" / file, main)
    manifest = {
        "name": NAME,
        **common,
        "keywords": package["keywords"],
        "bin": {"portcullis": "portcullis.js"},
        "engines": {"node": ">=18"},
        "optionalDependencies": names,
    }
    (main / "package.json").write_text(json.dumps(manifest, indent=2) + "\n")
    for folder in out.iterdir():
        for licence in ["LICENSE-MIT", "LICENSE-APACHE"]:
            shutil.copy(ROOT / licence, folder)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("wheels", type=Path)
    arguments.add_argument("out", type=Path)
    arguments.add_argument("--all", action="store_true", help="every platform has to have a wheel")
    options = arguments.parse_args()

    found = programs(options.wheels)
    missing = [owner.target for owner in PLATFORMS if owner not in found]
    if options.all and missing:
        sys.exit(f"no wheel for {', '.join(missing)}")
    here = [program for owner, program in found.items() if runs_here(owner.target)]
    if not here:
        sys.exit("no wheel has a program for this machine, which would write the man pages and completions")
    if not any("musl" in owner.target for owner in found):
        # A trial on a machine that has no static program: the packages carry the one that there is.
        found = {
            (Platform(owner.target, owner.wheel, ("linux", {"x86_64": "x64"}.get(owner.target.split("-")[0], "arm64")))
             if "linux" in owner.target else owner): program
            for owner, program in found.items()
        }

    manifest = tomllib.loads((ROOT / "Cargo.toml").read_text())
    package = {key: value for key, value in manifest["package"].items() if isinstance(value, str)}
    package = {**manifest["workspace"]["package"], **package}

    shutil.rmtree(options.out, ignore_errors=True)
    for folder in ["archives", "npm", "container"]:
        (options.out / folder).mkdir(parents=True)
    about = extras(here[0])
    for owner, program in found.items():
        write_archive(owner, {**about, owner.program: program}, options.out / "archives")
        if owner.npm and owner.npm[0] == "linux":
            architecture = {"x64": "amd64"}.get(owner.npm[1], owner.npm[1])
            write_program(program, options.out / "container" / architecture / "portcullis")
    shutil.copy(ROOT / "packaging/container/Dockerfile", options.out / "container")
    write_npm(found, package, options.out / "npm")
    shutil.copytree(ROOT / "packaging/pre-commit", options.out / "pre-commit")
    for file in (options.out / "pre-commit").iterdir():
        file.write_text(file.read_text().replace("VERSION", package["version"]))


if __name__ == "__main__":
    main()
