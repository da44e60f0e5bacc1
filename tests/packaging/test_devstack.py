# SPDX-License-Identifier: Apache-2.0
"""The DevStack plugin, with DevStack's own functions replaced by ones that take notes."""

import pytest

from tests.packaging import clean_horizon

ENABLED_FILE = "_2235_admin_backup_reset_panel.py"
DEVSTACK = """
set -eu
is_service_enabled() {{ [[ " {services} " == *" $1 "* ]]; }}
echo_summary() {{ :; }}
setup_develop() {{ echo "setup_develop $1"; }}
DEST={dest}
HORIZON_DIR=$DEST/horizon
source {repository}/devstack/settings
source {repository}/devstack/plugin.sh {phase}
"""


@pytest.fixture
def stack(tmp_path):
    """Function: runs one phase of DevStack; what the plugin asked of it comes back."""
    (tmp_path / "horizon" / "openstack_dashboard" / "local" / "enabled").mkdir(parents=True)
    (tmp_path / "backup-reset-panel").symlink_to(clean_horizon.REPOSITORY)

    def phase(words, services="horizon c-bak"):
        script = DEVSTACK.format(dest=tmp_path, repository=clean_horizon.REPOSITORY, phase=words, services=services)
        return clean_horizon.run(["bash", "-c", script])

    phase.enabled = tmp_path / "horizon" / "openstack_dashboard" / "local" / "enabled"
    return phase


def names(folder):
    return [path.name for path in folder.iterdir()]


def test_install_phase_installs_the_package_and_nothing_else(stack):
    assert stack("stack install").split()[0] == "setup_develop"
    assert names(stack.enabled) == []


def test_post_config_phase_copies_the_enabled_file_only(stack):
    stack("stack post-config")
    assert names(stack.enabled) == [ENABLED_FILE]


def test_clean_takes_the_enabled_file_away_and_leaves_others(stack):
    stack("stack post-config")
    (stack.enabled / "_9999_other.py").touch()
    stack("clean")
    assert names(stack.enabled) == ["_9999_other.py"]


@pytest.mark.parametrize("services", ["c-bak", "horizon"])
def test_nothing_happens_without_both_horizon_and_cinder_backup(stack, services):
    assert stack("stack install", services) == ""
    stack("stack post-config", services)
    assert names(stack.enabled) == []
