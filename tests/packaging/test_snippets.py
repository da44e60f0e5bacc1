# SPDX-License-Identifier: Apache-2.0
"""What the guide tells deployment tools, as far as that can be checked without them; ``tox -e deployments`` runs it."""

import json
import re

import pytest

from tests.packaging import clean_horizon

GUIDE = clean_horizon.REPOSITORY / "doc" / "source" / "install" / "deployments.rst"
SNIPPETS = GUIDE.with_name("snippets")
SETTINGS = "import django.conf as c, json; print(json.dumps([c.settings.BACKUP_RESET_PANEL, c.settings.LOGGING]))"


@pytest.fixture(scope="module")
def parsed(horizon):
    """The YAML snippets by their names; Horizon brings a parser along."""
    code = "import json, pathlib, sys, yaml; print(json.dumps([yaml.safe_load(open(name)) for name in sys.argv[1:]]))"
    files = sorted([*SNIPPETS.glob("*.yml"), *SNIPPETS.glob("*.yaml")])
    loaded = json.loads(horizon.python("-c", code, *map(str, files)))
    return {file.name: content for file, content in zip(files, loaded, strict=True)}


@pytest.fixture
def settings(horizon):
    """Function: [BACKUP_RESET_PANEL, LOGGING] of a Horizon with these lines in a file of local_settings.d."""
    file = horizon.local / "local_settings.d" / "_50_backup_reset_panel.py"

    def read(lines):
        file.write_text(lines)
        environment = ["import os", 'os.environ["DJANGO_SETTINGS_MODULE"] = "openstack_dashboard.settings"', SETTINGS]
        return json.loads(horizon.python("-c", "; ".join(environment)).splitlines()[-1])

    yield read
    file.unlink(missing_ok=True)


def test_guide_shows_every_snippet_and_no_other():
    shown = re.findall(r"literalinclude:: snippets/(\S+)", GUIDE.read_text())
    assert sorted(shown) == sorted(path.name for path in SNIPPETS.iterdir())


def test_custom_settings_reach_horizon_and_survive_ansibles_templates(settings):
    lines = (SNIPPETS / "custom_settings.txt").read_text()
    assert not re.search(r"{{|{%|{#", lines)
    plugin, logging = settings(lines)
    assert plugin == {"HISTORY": {"database": "default", "days": 365}}
    assert logging["loggers"]["backup_reset_panel"]["handlers"] == ["console"]


def test_values_for_openstack_helm_hold_the_same_settings(parsed, settings):
    [(name, lines)] = parsed["openstack_helm_values.yaml"]["conf"]["horizon"]["local_settings_d"].items()
    assert name.startswith("_")
    assert settings(lines) == settings((SNIPPETS / "custom_settings.txt").read_text())


def test_variables_of_openstack_ansible_reach_horizon_as_its_role_writes_them(parsed, settings):
    variables = parsed["openstack_ansible_variables.yml"]
    assert variables["horizon_user_pip_packages"] == ["backup-reset-panel"]
    written = [f"{key} = {value}" for key, value in variables["horizon_extra_local_settings"].items()]
    assert settings("\n".join(written))[0] == {"OVERRIDE_ALLOWED": False}


def test_playbook_of_openstack_ansible_is_one_play_for_the_hosts_of_horizon(parsed):
    [play] = parsed["openstack_ansible_playbook.yml"]
    assert play["hosts"] == "horizon_all"
    assert all(task["name"] for task in play["tasks"])
