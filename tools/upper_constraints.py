# SPDX-License-Identifier: Apache-2.0
"""Install with the upper-constraints of an OpenStack release: what clouds of that release really run.

``python tools/upper_constraints.py RELEASE ARGUMENT...`` is ``pip install ARGUMENT...`` with the constraints that
OpenStack keeps for RELEASE (``2025.1``). What the arguments, or the requirement files among them, pin with ``==`` goes
before those: tools of the tests, and a Horizon that is newer than the constraints.

The constraints come from https://releases.openstack.org/constraints/upper, or from files in the folder that
``UPPER_CONSTRAINTS`` names, each called as its release. They are kept nowhere in this repository: they are OpenStack's.
Standard library only: it runs before anything is installed.
"""

import itertools
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import urllib.request

ADDRESS = "https://releases.openstack.org/constraints/upper"
SECONDS = 60
#: What the sources of those years were built with: later ones lack pkg_resources.
BUILT_WITH = "setuptools<81\n"
PIN = re.compile(r"^\s*([\w.-]+)(?:\[[^\]]*\])?\s*={2,3}")


def published(release: str) -> str:
    """Return the text of a release's constraints."""
    folder = os.environ.get("UPPER_CONSTRAINTS")
    if folder:
        return (pathlib.Path(folder) / release).read_text()
    try:
        with urllib.request.urlopen(f"{ADDRESS}/{release}", timeout=SECONDS) as answer:
            return answer.read().decode()
    except OSError as failure:
        raise SystemExit(
            f"{ADDRESS}/{release} cannot be read ({failure}).\n"
            f"Where it cannot be: set UPPER_CONSTRAINTS to a folder with that file, called {release}."
        ) from failure


def pinned(lines: list[str]) -> set[str]:
    """Return the names, in one spelling, that lines of requirements pin."""
    return {re.sub(r"[-_.]+", "-", found[1]).lower() for found in map(PIN.match, lines) if found}


def requirement_lines(arguments: list[str]) -> list[str]:
    """Return pip's arguments and, after them, the lines of the requirement files among them."""
    files = [after for option, after in itertools.pairwise(arguments) if option == "-r"]
    files += [one[2:] for one in arguments if one.startswith("-r") and len(one) > 2]
    return arguments + [line for file in files for line in pathlib.Path(file).read_text().splitlines()]


def constraints(text: str, ours: set[str]) -> str:
    """Return constraints without those of the names in ``ours``."""
    return "".join(line for line in text.splitlines(keepends=True) if not pinned([line]) & ours)


def main() -> int:
    release, *arguments = sys.argv[1:]
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder) / f"upper-constraints-{release}.txt"
        file.write_text(constraints(published(release), pinned(requirement_lines(arguments))))
        build = pathlib.Path(folder) / "build-constraints.txt"
        build.write_text(BUILT_WITH)
        command = [
            sys.executable,
            "-m",
            "pip",
            "install",
            "-c",
            str(file),
            "--build-constraint",
            str(build),
            *arguments,
        ]
        return subprocess.run([*command, *arguments], check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
