# SPDX-License-Identifier: Apache-2.0
"""``manage.py backup_reset_check``: what it writes, where to, and what it exits with."""

import io
import json
import os
import pathlib
import socket
import subprocess
import sys

import pytest
from django.core.management import call_command

from backup_reset_panel.cinder.own_login import NoLogin
from backup_reset_panel.cinder.own_login import own_cloud
from backup_reset_panel.management.commands import backup_reset_check
from tests.fake_cinder import TIME_OUT


@pytest.fixture
def run(connection, monkeypatch):
    """Function: runs the command; gives back its exit status, and what it wrote."""
    monkeypatch.setattr(backup_reset_check, "own_cloud", lambda name: connection)

    def call(*options):
        out, err = io.StringIO(), io.StringIO()
        with pytest.raises(SystemExit) as left:
            call_command("backup_reset_check", *options, stdout=out, stderr=err)
        return left.value.code, out.getvalue() + err.getvalue()

    return call


def test_exit_status_tells_well_stuck_and_not_known(run, cloud):
    assert run()[0] == 0
    cloud.add_backup()
    assert run()[0] == 1
    cloud.backups.clear()
    cloud.trouble["GET", "/os-services"] = TIME_OUT
    assert run()[0] == 2


def test_a_token_that_is_refused_is_not_known(run, cloud):
    cloud.trouble["GET", "/backups"] = 401
    status, told = run()
    assert status == 2
    assert told.startswith("NOT KNOWN")


def test_file_is_written_whole_and_readable_for_a_collector(run, cloud, tmp_path):
    file = tmp_path / "backups.prom"
    assert run("--prometheus", "--output", str(file)) == (0, "")
    assert file.read_text().endswith("\n")
    assert file.stat().st_mode & 0o777 == 0o644
    assert [each.name for each in tmp_path.iterdir()] == ["backups.prom"]


def test_json_is_one_document(run, cloud):
    cloud.add_backup()
    assert json.loads(run("--json")[1])["exit_status"] == 1


def test_without_credentials_it_cannot_tell(monkeypatch, tmp_path):
    for name in ("OS_CLOUD", "OS_AUTH_URL", "OS_USERNAME", "OS_PASSWORD"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    with pytest.raises(NoLogin):
        own_cloud()
    with pytest.raises(SystemExit) as left:
        call_command("backup_reset_check", stdout=io.StringIO(), stderr=io.StringIO())
    assert left.value.code == 2


def test_file_that_cannot_be_written_is_not_known_and_leaves_nothing(run, cloud, tmp_path):
    (tmp_path / "backups.prom").mkdir()
    status, told = run("--prometheus", "--output", str(tmp_path / "backups.prom"))
    assert status == 2
    assert "cannot be written" in told
    assert [each.name for each in tmp_path.iterdir()] == ["backups.prom"]


def test_keystone_that_hangs_is_not_waited_for_for_ever(monkeypatch, tmp_path):
    monkeypatch.setattr("backup_reset_panel.cinder.own_login.LOG_IN_SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/v3"
        login = {"AUTH_URL": url, "USERNAME": "u", "PASSWORD": "p", "PROJECT_NAME": "p"}
        for name, value in (login | {"USER_DOMAIN_NAME": "d", "PROJECT_DOMAIN_NAME": "d"}).items():
            monkeypatch.setenv(f"OS_{name}", value)
        monkeypatch.chdir(tmp_path)
        monkeypatch.setenv("HOME", str(tmp_path))
        with pytest.raises(NoLogin, match="timed out"):
            own_cloud()


def test_run_by_cron_it_waits_for_none_of_horizons_pages():
    """They are most of what the command would otherwise do: half a second of 1.2."""
    without_login = {name: value for name, value in os.environ.items() if not name.startswith("OS_")}
    ended = subprocess.run(
        [sys.executable, "-X", "importtime", "manage.py", "backup_reset_check"],
        cwd=pathlib.Path(__file__).parents[3],
        env=without_login,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 2
    assert "NOT KNOWN: " in ended.stderr
    assert "backup_reset_panel.check.report\n" in ended.stderr
    for module in ("openstack_dashboard.api", "backup_reset_panel.urls", "backup_reset_panel.extension"):
        assert f"{module}\n" not in ended.stderr
