# SPDX-License-Identifier: Apache-2.0
"""The playbook for OpenStack-Ansible, run beside a Horizon that its role could have installed."""

import getpass
import json
import os
import pathlib
import re
import sys

from tests.packaging import clean_horizon
from tests.packaging.deployments.conftest import SNIPPETS
from tests.packaging.guides import ENABLED_FILE

PLAYBOOK = pathlib.Path(sys.executable).with_name("ansible-playbook")


def play(horizon, folder):
    """Run it, without the restart; returns how many tasks changed something."""
    (folder / "inventory").write_text("[horizon_all]\nlocalhost ansible_connection=local\n")
    variables = {
        "ansible_python_interpreter": sys.executable,
        "horizon_bin": str(horizon.bin),
        "horizon_system_user_name": getpass.getuser(),
    }
    said = clean_horizon.run(
        [
            *(str(PLAYBOOK), "-i", str(folder / "inventory"), "-e", json.dumps(variables)),
            *("--skip-tags", "restart", str(SNIPPETS / "openstack_ansible_playbook.yml")),
        ],
        env=horizon.environment | {"ANSIBLE_HOME": str(folder), "ANSIBLE_NOCOLOR": "1", "LC_ALL": "C.UTF-8"},
    )
    return int(re.search(r"changed=(\d+)", said)[1])


def test_playbook_switches_the_plugin_on_and_changes_nothing_the_second_time(operator, manage, tmp_path):
    horizon = operator.horizon
    manage(horizon.bin / "horizon-manage.py")
    operator.types("python3 -m pip install backup-reset-panel")
    assert play(horizon, tmp_path) >= 1
    assert os.path.islink(horizon.enabled / ENABLED_FILE)
    found = horizon.describe()
    assert ["update_status", "backup_reset_panel.actions"] in found["row actions"]
    assert found["complaints"] == []
    assert play(horizon, tmp_path) == 0
