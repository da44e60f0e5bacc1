# SPDX-License-Identifier: Apache-2.0
"""Which Debian packages are missing, and what is done about it."""

import subprocess

import pytest

from tools import system_packages

BINDEP = """\
# a remark
always
browser-one [platform:dpkg browser]  # why
both [platform:dpkg browser services]
server [services]
"""


@pytest.fixture
def calls(monkeypatch):
    """What was run; dpkg knows one installed package, "always", and one that was removed, "both"."""
    made = []

    def run(command, **kwargs):
        made.append(command)
        shown = "always installed\nboth config-files\n" if command[0] == "dpkg-query" else ""
        return subprocess.CompletedProcess(command, 0, stdout=shown)

    monkeypatch.setattr(system_packages.subprocess, "run", run)
    monkeypatch.setattr(system_packages.shutil, "which", lambda name: f"/usr/bin/{name}")
    return made


def test_packages_of_the_profiles_are_wanted_and_those_without_a_profile_always():
    assert system_packages.wanted(["browser"], BINDEP) == ["always", "browser-one", "both"]
    assert system_packages.wanted([], BINDEP) == ["always"]


def test_line_that_cannot_be_read_is_told():
    with pytest.raises(SystemExit, match="cannot read"):
        system_packages.wanted([], "Not A Name")


def test_removed_package_counts_as_missing(calls):
    assert system_packages.missing(["always", "both", "server"]) == ["both", "server"]


def asked_for(monkeypatch, user, *names):
    monkeypatch.setattr(system_packages.os, "geteuid", lambda: user)
    monkeypatch.setattr(system_packages, "wanted", lambda profiles, text: list(names))
    monkeypatch.setattr("sys.argv", ["system_packages.py"])
    system_packages.main()


def test_ordinary_user_gets_the_command_and_nothing_is_installed(monkeypatch, calls):
    with pytest.raises(SystemExit) as told:
        asked_for(monkeypatch, 1000, "always", "server")
    assert "sudo apt-get install -y --no-install-recommends server" in told.value.code
    assert [command[0] for command in calls] == ["dpkg-query"]


def test_root_gets_what_is_missing_installed(monkeypatch, calls):
    asked_for(monkeypatch, 0, "always", "server")
    assert [command[:2] for command in calls[1:]] == [["apt-get", "update"], ["apt-get", "install"]]
    assert "always" not in calls[-1]
    assert calls[-1][-1] == "server"


def test_nothing_is_run_when_nothing_is_missing(monkeypatch, calls):
    asked_for(monkeypatch, 0, "always")
    assert [command[0] for command in calls] == ["dpkg-query"]
