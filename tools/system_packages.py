# SPDX-License-Identifier: Apache-2.0
"""See to it that the Debian packages of a profile of ``bindep.txt`` are there.

``python tools/system_packages.py PROFILE ...``: nothing missing, nothing done. As root the missing ones are
installed by apt-get; anyone else gets the exact command to run and exit status 1. Standard library only.

Of bindep's format it reads what ``bindep.txt`` uses: a name, then profiles in brackets, ``platform:dpkg`` among them.
"""

import os
import pathlib
import re
import shutil
import subprocess
import sys

BINDEP = pathlib.Path(__file__).resolve().parent.parent / "bindep.txt"
LINE = re.compile(r"^(?P<name>[a-z0-9][a-z0-9.+-]*)\s*(?:\[(?P<profiles>[^\]]*)\])?$")
INSTALL = ["apt-get", "install", "-y", "--no-install-recommends", "-o", "DPkg::Lock::Timeout=300"]


def wanted(profiles: list[str], text: str) -> list[str]:
    """Return the names of the packages in ``text`` (bindep's format) that any of ``profiles`` needs."""
    names = []
    for raw in text.splitlines():
        line = raw.split("#")[0].strip()
        if not line:
            continue
        match = LINE.match(line)
        if match is None:
            raise SystemExit(f"{BINDEP.name}: cannot read {raw!r}")
        tags = {tag for tag in (match["profiles"] or "").split() if not tag.startswith("platform:")}
        if not tags or tags & set(profiles):
            names.append(match["name"])
    return names


def missing(names: list[str]) -> list[str]:
    """Return those of ``names`` that dpkg does not know as installed."""
    command = ["dpkg-query", "--show", "--showformat=${Package} ${db:Status-Status}\n", *names]
    shown = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=False).stdout
    installed = {line.split()[0] for line in shown.splitlines() if line.endswith(" installed")}
    return [name for name in names if name not in installed]


def apt_get(command: list[str]) -> None:
    environment = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
    if subprocess.run(command, env=environment, check=False).returncode:
        raise SystemExit(f"failed: {' '.join(command)}")


def main() -> None:
    profiles = sys.argv[1:]
    names = wanted(profiles, BINDEP.read_text())
    if shutil.which("dpkg-query") is None:
        print(f"Not a Debian system: install the counterparts of {' '.join(names)} yourself.", flush=True)
        return
    absent = missing(names)
    if not absent:
        return
    if os.geteuid():
        raise SystemExit(
            "These tests need Debian packages that are not here. Install them, then try again:\n"
            f"  sudo apt-get update && sudo {' '.join(INSTALL[:4])} {' '.join(absent)}"
        )
    print(f"installing Debian packages: {' '.join(absent)}", flush=True)
    apt_get(["apt-get", "update", "-q"])
    apt_get([*INSTALL, "-q", *absent])


if __name__ == "__main__":
    main()
