# SPDX-License-Identifier: Apache-2.0
"""The README's installation, followed to the letter beside a Horizon that was there before, and taken back again."""

import contextlib
import dataclasses
import json
import re
import sqlite3
from pathlib import Path

import pytest

from tests.packaging import clean_horizon
from tests.packaging.guides import ENABLED_FILE
from tests.packaging.guides import Operator

HEADING = "Install on a real Horizon"


def readme_commands():
    """The commands of the code block below the README's heading about installing."""
    text = (clean_horizon.REPOSITORY / "README.rst").read_text()
    section = text.split(f"\n{HEADING}\n", 1)[1]
    block = re.search(r"\.\. code-block:: \w+\n\n((?:    .*\n)+)", section)[1]
    return [line.strip() for line in block.splitlines()]


def guide(heading):
    """The commands of the guide's section of that heading, each after its prompt."""
    text = (clean_horizon.REPOSITORY / "doc" / "source" / "install" / "index.rst").read_text()
    section = re.split(r"\n\n.+\n=+\n", text.split(f"\n{heading}\n=", 1)[1])[0]
    return re.findall(r"^ +\$ (.+)$", section, re.MULTILINE)


@pytest.fixture(scope="module")
def stock(horizon):
    """What the Horizon looks like before anything of ours is there."""
    return horizon.describe()


@pytest.fixture(scope="module")
def packages_before(horizon):
    """What is installed before anything of ours is."""
    return horizon.packages()


@pytest.fixture(scope="module")
def installed(horizon, stock, packages_before, wheel, tmp_path_factory):
    """The operator, after the README's commands."""
    operator = Operator(horizon, tmp_path_factory.mktemp("operator"), wheel)
    for command in readme_commands():
        operator.types(command)
    return operator


def test_readme_installs_in_four_commands():
    verbs = [re.match(r"(?:python3 -m )?(\w+)", command)[1] for command in readme_commands()]
    assert verbs == ["pip", "cp", "django", "systemctl"]


def test_installed_plugin_replaces_the_stock_action_and_adds_its_panel(installed, stock):
    found = installed.horizon.describe()
    assert found["panel"].endswith("/admin/backup_reset/")
    assert ["update_status", "backup_reset_panel.actions"] in found["row actions"]
    assert len(found["row actions"]) == len(stock["row actions"])
    assert found["dialog view"] == "backup_reset_panel.dialog.views"
    assert found["detail page uses the same table"]


def test_installed_plugin_has_nothing_to_complain_about(installed):
    assert installed.horizon.describe()["complaints"] == []


def test_installing_asks_for_one_restart_of_the_web_server(installed):
    assert [words.split()[0] for words in installed.restarts] == ["restart"]


def test_packages_beside_the_plugin_still_fit_together(installed):
    assert "No broken requirements" in installed.horizon.python("-m", "pip", "check")


def test_pip_is_asked_for_nothing_and_all_that_is_imported_comes_with_horizon(installed):
    found = json.loads(installed.horizon.python(str(Path(__file__).with_name("imports.py"))))
    assert found["required"] == []
    assert set(found["imported"]) - set(found["brought by horizon"]) == set()


def test_installing_changes_no_other_package(installed, packages_before):
    new = set(installed.horizon.packages()) - set(packages_before)
    assert [each.partition("==")[0] for each in new] == ["backup-reset-panel"]
    assert set(packages_before) - set(installed.horizon.packages()) == set()


@pytest.mark.parametrize("offline", [True, False], ids=["offline-compression", "online-compression"])
def test_log_in_page_works_with_static_files_collected_but_nothing_compressed_anew(installed, offline):
    horizon = dataclasses.replace(installed.horizon, offline=offline)
    assert (horizon.enabled / ENABLED_FILE).exists()
    assert (horizon.static / "backup_reset_panel").is_dir()
    with horizon.serving() as url:
        status, body = clean_horizon.get(f"{url}/auth/login/")
    assert status == 200, body[:2000]
    assert 'name="username"' in body


def tables(file):
    with contextlib.closing(sqlite3.connect(file)) as opened:
        return {name for (name,) in opened.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}


HISTORY = """
DATABASES = {{"default": {{"ENGINE": "django.db.backends.sqlite3", "NAME": {file!r}}}}}
BACKUP_RESET_PANEL = {{"HISTORY": {{"database": "default"}}}}
DEFAULT_AUTO_FIELD = "django.db.models.AutoField"
"""


def test_history_gets_its_table_by_the_documented_command_and_the_checks_say_so_before(installed, tmp_path):
    horizon, file = installed.horizon, tmp_path / "horizon.sqlite3"
    snippet = horizon.local / "local_settings.d" / "_30_history.py"
    snippet.write_text(HISTORY.format(file=str(file)))
    try:
        assert horizon.describe()["complaints"] == ["backup_reset_panel.W009"]
        horizon.manage("migrate", "backup_reset_panel")
        assert horizon.describe()["complaints"] == []
        horizon.manage("makemigrations", "backup_reset_panel", "--check", "--dry-run")
    finally:
        snippet.unlink()
    assert "backup_reset_panel_history" in tables(file)


def test_our_pages_ask_for_log_in_like_any_other(installed):
    with installed.horizon.serving() as url:
        status, body = clean_horizon.get(f"{url}/admin/backup_reset/")
    assert status == 200, body[:2000]
    assert 'name="username"' in body


def test_removing_the_enabled_file_gives_stock_horizon_back(installed, stock):
    switch = installed.horizon.enabled / ENABLED_FILE
    content = switch.read_bytes()
    switch.unlink()
    try:
        assert installed.horizon.describe() == stock
    finally:
        switch.write_bytes(content)


@pytest.fixture
def history(installed, tmp_path):
    """A database with the table of the history, that Horizon keeps one in."""
    file = tmp_path / "horizon.sqlite3"
    snippet = installed.horizon.local / "local_settings.d" / "_30_history.py"
    snippet.write_text(HISTORY.format(file=str(file)))
    installed.horizon.manage("migrate", "backup_reset_panel")
    yield file
    snippet.unlink()


def test_commands_of_the_guides_upgrade_leave_a_working_plugin(installed, history):
    commands = guide("Upgrade")
    assert [re.search(r"pip|cp|collectstatic|systemctl|migrate", each)[0] for each in commands] == [
        *("pip", "cp", "collectstatic", "systemctl"),
        "migrate",
    ]
    for command in commands:
        installed.types(command)
    found = installed.horizon.describe()
    assert ["update_status", "backup_reset_panel.actions"] in found["row actions"]
    assert found["complaints"] == []


def test_guides_removal_leaves_stock_horizon_and_nothing_of_ours(installed, stock, packages_before, history):
    drop_the_table, uninstall, delete_static_files = guide("Remove")
    installed.types(drop_the_table)
    assert "backup_reset_panel_history" not in tables(history)
    (installed.horizon.enabled / ENABLED_FILE).unlink()
    assert installed.horizon.describe() == stock
    assert (installed.horizon.static / "backup_reset_panel").exists()
    installed.types(f"echo y | {uninstall}")
    installed.types(delete_static_files)
    assert installed.horizon.describe() == stock
    assert installed.horizon.packages() == packages_before
    assert not (installed.horizon.static / "backup_reset_panel").exists()
