# SPDX-License-Identifier: Apache-2.0
"""What the documentation says is what there is."""

import configparser
import pathlib
import re

from django.core.management import BaseCommand
from django.core.management import load_command_class

from backup_reset_panel import checks
from backup_reset_panel import conf
from backup_reset_panel import releases
from backup_reset_panel.core import audit

ROOT = pathlib.Path(__file__).resolve().parents[2]
README = (ROOT / "README.rst").read_text()
CONFIGURATION = (ROOT / "doc" / "source" / "configuration" / "index.rst").read_text()
INSTALL = (ROOT / "doc" / "source" / "install" / "index.rst").read_text()
TESTING = (ROOT / "doc" / "source" / "contributor" / "testing.rst").read_text()
AUDIT = (ROOT / "doc" / "source" / "configuration" / "audit.rst").read_text()
COMMANDS = (ROOT / "doc" / "source" / "user" / "commands.rst").read_text()
CHECK_ID = re.compile(r"backup_reset_panel\.[EW]\d+")
ROW = re.compile(r"   \* - ``(\w+)``\n     - (.+)\n")


def bare_tox():
    """Names of the environments that tox runs when none is named."""
    settings = configparser.ConfigParser(interpolation=None)
    settings.read(ROOT / "tox.ini")
    return [name.strip() for name in settings["tox"]["env_list"].split(",")]


def commands(text):
    """The shell commands in a page's code blocks."""
    blocks = re.findall(r"\.\. code-block:: shell\n\n((?:(?: +.*)?\n)+)", text)
    return [line.strip() for block in blocks for line in block.splitlines() if line.startswith((" " * 4, " " * 6))]


def test_every_system_check_is_documented_and_none_that_is_not_there():
    in_code = {
        found for module in (checks, releases) for found in CHECK_ID.findall(pathlib.Path(module.__file__).read_text())
    }
    assert in_code == set(CHECK_ID.findall(CONFIGURATION)) != set()


def test_compatibility_table_begins_with_the_oldest_horizon_that_the_check_accepts():
    [oldest] = re.findall(r"^Horizon +(\S+) \(", README, re.MULTILINE)
    assert oldest == str(releases.OLDEST)


def test_every_environment_of_a_bare_tox_is_documented():
    described = set(re.findall(r"``(\w+)``", TESTING.split("One environment for many")[0]))
    assert set(bare_tox()) - described == set()


def test_ci_runs_the_readmes_command_to_run_everything():
    [everything] = [line for line in commands(README) if line.endswith(".venv/bin/tox")]
    assert f"{{ {everything}; }}" in (ROOT / ".ci" / "run").read_text()


def test_readme_and_install_guide_give_the_same_four_commands():
    section = README.split("\nInstall on a real Horizon\n", 1)[1].split("\nCompatibility\n", 1)[0]
    four = commands(section)
    assert len(four) == 4
    assert commands(INSTALL)[:4] == four


def test_every_command_is_documented_with_its_own_options_and_none_that_is_not_there():
    folder = ROOT / "backup_reset_panel" / "management" / "commands"
    names = sorted(path.stem for path in folder.glob("backup_*.py"))
    sections = dict(re.findall(r"^(backup_\w+)\n=+\n(.*?)(?=^backup_\w+\n=|\Z)", COMMANDS, re.MULTILINE | re.DOTALL))
    assert sorted(sections) == names
    for name in names:
        parser = load_command_class("backup_reset_panel", name).create_parser("manage.py", name)
        djangos = BaseCommand().create_parser("manage.py", name)
        own = set(parser._option_string_actions) - set(djangos._option_string_actions)
        described = re.findall(r"^``--.*``$", sections[name], re.MULTILINE)
        assert {option for line in described for option in re.findall(r"--[a-z-]+", line)} == own


def test_every_setting_is_documented_with_its_default_and_none_that_is_not_there():
    documented = dict(ROW.findall(CONFIGURATION.split("``BACKUP_RESET_PANEL``")[0].split("\nHorizon's cache\n")[0]))
    assert documented == {name: f"``{key.default}``" for name, key in conf.KEYS.items()}


def test_every_field_of_the_audit_record_is_documented_in_its_words():
    documented = [(name, meaning.lower()) for name, meaning in ROW.findall(AUDIT)]
    assert documented == [(name, meaning.lower()) for name, meaning in audit.FIELDS]
