# SPDX-License-Identifier: Apache-2.0
"""What Kolla writes into its Dockerfile, the one for OpenStack-Helm, and the script for the charm's units."""

import pathlib
import re
import sys

from tests.packaging import clean_horizon
from tests.packaging.deployments.conftest import SNIPPETS
from tests.packaging.guides import ENABLED_FILE

KOLLA_BUILD = pathlib.Path(sys.executable).with_name("kolla-build")
KOLLAS_PACKAGES = "/var/lib/kolla/venv/lib/python3/site-packages"


def instruction(dockerfile):
    """The shell command of the RUN instruction that names the plugin."""
    [found] = [
        each for each in re.findall(r"^RUN ((?:.*\\\n)*.*)$", dockerfile, re.MULTILINE) if "backup-reset" in each
    ]
    return found


def is_in_place(horizon):
    found = horizon.describe()
    assert ["update_status", "backup_reset_panel.actions"] in found["row actions"]
    # Static files are collected when a container starts.
    return set(found["complaints"]) <= {"backup_reset_panel.W004"}


def test_instruction_that_kolla_writes_installs_the_plugin_and_switches_it_on(operator, site_packages, tmp_path):
    clean_horizon.run(
        [
            *(str(KOLLA_BUILD), "--template-only", "--work-dir", str(tmp_path / "work")),
            *("--template-override", str(SNIPPETS / "kolla-template-override.j2"), "^horizon$"),
        ]
    )
    command = instruction((tmp_path / "work" / "docker" / "horizon" / "Dockerfile").read_text())
    assert "-c /requirements/upper-constraints.txt backup-reset-panel" in command
    command = command.replace(KOLLAS_PACKAGES, str(site_packages))
    operator.types(command.replace("/requirements/upper-constraints.txt", str(clean_horizon.CONSTRAINTS)))
    assert (operator.horizon.enabled / ENABLED_FILE).is_file()
    assert is_in_place(operator.horizon)


def test_instruction_for_openstack_helms_image_installs_the_plugin_and_switches_it_on(operator):
    operator.types(instruction((SNIPPETS / "openstack_helm.Dockerfile").read_text()))
    assert is_in_place(operator.horizon)


def test_script_for_the_charms_units_installs_the_plugin_and_restarts_the_web_server(operator, manage, site_packages):
    script = (SNIPPETS / "charmed.sh").read_text()
    assert script.startswith("set -e\napt-get install -y python3-pip\n")
    manage(site_packages / "manage.py")
    script = script.replace("apt-get install -y python3-pip", ":")
    operator.types(script.replace("/usr/share/openstack-dashboard", str(site_packages)))
    (site_packages / "manage.py").unlink()
    assert is_in_place(operator.horizon)
    assert operator.horizon.describe()["complaints"] == []
    assert operator.restarts == ["restart apache2"]
