# SPDX-License-Identifier: Apache-2.0
"""See to it that axe-core, which looks for barriers in the pages of ``tox -e ui``, is there in its pinned version.

``python tools/axe_core.py DIR`` leaves it in DIR, as npm lays it out; with the right version there it does nothing, and
needs no network. The pin is in ``package.json``. Standard library only; ``npm`` is the one on the path.
"""

import json
import pathlib
import subprocess
import sys

PACKAGE = pathlib.Path(__file__).resolve().parent.parent / "package.json"
NAME = "axe-core"
INSTALL = ["npm", "install", "--no-save", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]


def pinned() -> str:
    """Return the version that ``package.json`` asks for."""
    return json.loads(PACKAGE.read_text())["devDependencies"][NAME]


def present(folder: pathlib.Path) -> str:
    """Return the version that is in ``folder``, empty if there is none."""
    try:
        return json.loads((folder / "node_modules" / NAME / "package.json").read_text())["version"]
    except (OSError, ValueError, KeyError):
        return ""


def main() -> None:
    folder = pathlib.Path(sys.argv[1]).resolve()
    version = pinned()
    if present(folder) == version:
        return
    print(f"installing {NAME} {version} from npm", flush=True)
    folder.mkdir(parents=True, exist_ok=True)
    if subprocess.run([*INSTALL, "--prefix", str(folder), f"{NAME}@{version}"], check=False).returncode:
        raise SystemExit(f"npm could not install {NAME} {version}")


if __name__ == "__main__":
    main()
