# SPDX-License-Identifier: Apache-2.0
"""Each command of the documentation is one that there is, with options that it has."""

import configparser
import functools
import importlib.metadata
import pathlib
import re
import shlex
import shutil
import subprocess

import pytest
from cinderclient import api_versions
from cinderclient import shell as cinder_shell
from django.core.management import get_commands
from django.core.management import load_command_class

from tests.documentation import ROOT
from tests.documentation import every_page
from tests.documentation import given
from tests.documentation import shell
from tests.documentation import words

#: What a shell's line may begin with, beyond what is looked up below.
PLAIN_TOOLS = {"cp", "rm", "systemctl", "pgrep", "journalctl"}
#: What puts clouds together; tests/packaging follows their snippets as far as that goes.
PLAIN_TOOLS |= {"kolla-build", "kolla-ansible", "openstack-ansible", "juju", "helm", "podman"}


def options(command):
    return {option for word in command for option in re.findall(r"^\[?(--[a-z][\w-]*)", word)}


def of_django(command):
    """The words behind ``python3 manage.py`` or ``python3 -m django``; None: it is another command."""
    text = " ".join(command)
    found = re.match(r"(?:\S*python3? )?(?:manage\.py|-m django) (.+)", text)
    return shlex.split(found[1]) if found else None


@functools.cache
def environments():
    found = configparser.ConfigParser(interpolation=None)
    found.read(ROOT / "tox.ini")
    names = {section.partition(":")[2] for section in found.sections() if section.startswith("testenv:")}
    return {each for name in names for each in (name.strip("{}").split(",") if "{" in name else [name])}


@functools.cache
def of_openstack():
    """The commands of the openstack client: words to entry point."""
    pytest.importorskip("openstackclient")
    return {
        each.name.replace("_", " "): each
        for group in ("openstack.volume.v3", "openstack.identity.v3")
        for each in importlib.metadata.entry_points(group=group)
    }


@functools.cache
def of_cinder():
    client = cinder_shell.OpenStackCinderShell()
    client.get_subcommand_parser(api_versions.APIVersion("3.70"), input_args=[])
    return client.subcommands


@every_page
def test_shell_blocks_are_shell_and_name_no_program_that_nobody_looks_up(page):
    looked_up = {"openstack", "cinder", "cinder-manage", "tox", "python", "python3", "pip", "cd", "pre-commit"}
    for line in shell(page):
        if bash := shutil.which("bash"):
            subprocess.run([bash, "-n", "-c", line], check=True)
        for command in words(line):
            assert pathlib.PurePath(command[0]).name in PLAIN_TOOLS | looked_up, line


@every_page
def test_each_management_command_exists_and_takes_its_options(page):
    texts = re.findall(r"(?:manage\.py|-m django) ([a-z_]+(?: [^\n`>&]*)?)", page.read_text())
    of_blocks = [arguments for command in given(page) if (arguments := of_django(command))]
    for name, *rest in [*of_blocks, *(text.split() for text in texts)]:
        if name == "tells":
            continue
        app = get_commands()[name]
        command = load_command_class(app, name) if isinstance(app, str) else app
        parser = command.create_parser("manage.py", name)
        known = {option for action in parser._actions for option in action.option_strings}
        assert options(rest) <= known, (name, rest)
    for name, *rest in of_blocks:
        if name.startswith("backup_reset") and options(rest):
            load_command_class("backup_reset_panel", name).create_parser("manage.py", name).parse_args(rest)


@every_page
def test_each_environment_of_tox_exists(page):
    for command in given(page):
        found = re.match(r"(?:\S+/)?tox -q?e (\S+)", " ".join(command))
        assert not found or set(found[1].split(",")) <= environments(), command


@every_page
def test_each_command_of_the_lab_is_taken_by_its_parser(page):
    for command in given(page):
        if command[:4] == ["tox", "-e", "lab", "--"] and "--help" not in command and len(command) > 4:
            pytest.importorskip("cinder")
            from tests.lab import cli

            assert cli.parser().parse_args(command[4:])


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@every_page
def test_each_command_of_the_openstack_client_exists_and_takes_its_options(page):
    for command in given(page):
        if command[0] != "openstack" or len(command) == 1:
            continue
        text = " ".join(command[1:])
        name = max((each for each in of_openstack() if f"{text} ".startswith(f"{each} ")), key=len, default=None)
        assert name, text
        parser = of_openstack()[name].load()(None, None).get_parser(name)
        known = {option for action in parser._actions for option in action.option_strings}
        assert options(command) <= known, text
        if command in [each for line in shell(page) for each in words(line)]:
            parser.parse_args(command[1 + len(name.split()) :])


@every_page
def test_each_command_of_the_cinder_client_exists_and_takes_its_options(page):
    for command in given(page):
        if command[0] == "cinder" and len(command) > 1:
            parser = of_cinder()[command[1]]
            assert options(command) <= {option for action in parser._actions for option in action.option_strings}


@every_page
def test_each_command_of_cinder_manage_exists_and_takes_its_options(page):
    for command in given(page):
        if command[0] == "cinder-manage" and len(command) > 2:
            manage = pytest.importorskip("cinder.cmd.manage")
            methods = dict(manage.methods_of(manage.CATEGORIES[command[1]]()))
            known = {name for names, _keywords in getattr(methods[command[2]], "args", ()) for name in names}
            assert options(command) <= known, command
