# SPDX-License-Identifier: Apache-2.0
"""The distribution, built once from a copy of the sources, and one Horizon to install it in."""

import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

import pytest

from tests.packaging import clean_horizon

#: Nothing is fetched for a build, as on the machines of those who package for a distribution.
NO_NETWORK = {"PIP_NO_INDEX": "1", "http_proxy": "http://127.0.0.1:9", "https_proxy": "http://127.0.0.1:9"}


def source_files():
    """Paths, below the repository, of all that belongs to it; in an unpacked source distribution, of all that is there.

    New files that nobody has committed yet are among them; what git ignores is not.
    """
    root = clean_horizon.REPOSITORY
    if not (root / ".git").exists():
        made = ("PKG-INFO", "backup_reset_panel.egg-info/", ".tox/", ".venv/", "build/", "dist/")
        found = [path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file() or path.is_symlink()]
        return [name for name in found if not name.startswith(made) and "__pycache__" not in name]
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=root, stdout=subprocess.PIPE, text=True, check=True).stdout
    return [name for name in listed.rstrip("\0").split("\0") if os.path.lexists(root / name)]


@pytest.fixture(scope="session")
def sources():
    """See source_files."""
    return source_files()


@pytest.fixture(scope="session")
def distribution(sources, tmp_path_factory):
    """Folder with the source distribution, and the wheel that was built from it; without git, without a network."""
    copy = tmp_path_factory.mktemp("sources")
    for name in sources:
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(clean_horizon.REPOSITORY / name, copy / name, follow_symlinks=False)
    target = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(target), str(copy)]
    clean_horizon.run(command, env=os.environ | NO_NETWORK)
    return target


@pytest.fixture(scope="session")
def wheel(distribution):
    """Path of the wheel."""
    [found] = distribution.glob("*.whl")
    return found


@pytest.fixture(scope="session")
def horizon():
    """A CleanHorizon that has never seen the plugin; tests leave it as they found it."""
    with tempfile.TemporaryDirectory(prefix="backup-reset-panel-horizon-") as folder:
        # Apache's user reads it, too.
        pathlib.Path(folder).chmod(0o755)
        made = clean_horizon.CleanHorizon(pathlib.Path(folder))
        made.install()
        yield made
