# SPDX-License-Identifier: Apache-2.0
"""An operator, and what they did taken back again after each test."""

import pathlib

import pytest

from tests.packaging import clean_horizon
from tests.packaging.guides import ENABLED_FILE
from tests.packaging.guides import Operator

SNIPPETS = clean_horizon.REPOSITORY / "doc" / "source" / "install" / "snippets"


@pytest.fixture
def operator(horizon, wheel, tmp_path):
    """Who follows a guide beside a Horizon that has never seen the plugin."""
    yield Operator(horizon, tmp_path, wheel)
    pathlib.Path(horizon.enabled / ENABLED_FILE).unlink(missing_ok=True)
    horizon.python("-m", "pip", "uninstall", "-q", "--yes", "backup-reset-panel")


@pytest.fixture
def site_packages(horizon):
    """Where Horizon's packages are."""
    return horizon.local.parents[1]


@pytest.fixture
def manage(horizon, site_packages):
    """Function: puts Horizon's manage.py somewhere."""

    def write(path):
        path.write_text(
            f"#!{horizon.bin}/python3\nimport os, sys\nfrom django.core.management import execute_from_command_line\n"
            'os.environ["DJANGO_SETTINGS_MODULE"] = "openstack_dashboard.settings"\n'
            "execute_from_command_line(sys.argv)\n"
        )
        path.chmod(0o755)

    return write
