# SPDX-License-Identifier: Apache-2.0
"""Each setting, address and button that the documentation names is one that there is."""

import configparser
import functools
import importlib.metadata
import pathlib
import re

import pytest
from django.conf import settings
from django.urls import Resolver404
from django.urls import resolve

import backup_reset_panel
from backup_reset_panel import conf
from backup_reset_panel.core import history
from backup_reset_panel.core.storage import settings as storage_settings
from tests.documentation import ROOT
from tests.documentation import SOURCE
from tests.documentation import blocks
from tests.documentation import every_page
from tests.documentation import literals
from tests.documentation import name_of

PACKAGE = pathlib.Path(backup_reset_panel.__file__).parent
#: Buttons of the browser.
ELSEWHERE = {"Back"}
#: Names in capitals that are no setting of Horizon's or ours: the shell's, Swift's, those of enabled files.
OTHER_NAMES = re.compile(r"OS_\w+|AWS_\w+|AUTH_\w+|ADD_\w+|AUTO_DISCOVER_\w+")


@every_page
def test_pip_installs_what_this_is_called_with_extras_that_there_are(page):
    metadata = configparser.ConfigParser()
    metadata.read(ROOT / "setup.cfg")
    for name, extra in re.findall(r"pip install (?:--\S+ )*(backup-[\w-]*)(?:\[(\w+)\])?", page.read_text()):
        assert name == metadata["metadata"]["name"]
        assert not extra or extra in metadata["options.extras_require"]


@every_page
def test_python_blocks_that_set_our_settings_set_valid_ones(page):
    for block in blocks(page, "python"):
        compiled = compile(block, name_of(page), "exec")
        if "BACKUP_RESET_PANEL = " not in block:
            continue
        names = {}
        exec(compiled, {}, names)  # noqa: S102  (our own pages)
        told = names["BACKUP_RESET_PANEL"]
        assert set(told) <= set(conf.KEYS)
        assert all(conf.KEYS[name].problem(value) is None for name, value in told.items())
        assert storage_settings.problems(told.get("STORAGE", {})) == []
        assert history.setting_problems(told.get("HISTORY", {})) == []


@every_page
def test_each_name_in_capitals_is_a_setting(page):
    if page.parent.name == "contributor":
        pytest.skip("code and tests have names in capitals, too")
    for name in literals(page):
        if re.fullmatch(r"[A-Z]+(?:_[A-Z]+)+", name) and not OTHER_NAMES.fullmatch(name):
            assert name in conf.KEYS or name == conf.NAME or hasattr(settings, name), name


def test_each_key_of_a_stores_settings_is_documented_and_none_that_is_not_there():
    page = (SOURCE / "configuration" / "storage.rst").read_text()
    section = page.split("\nfiles: posix and NFS\n", 1)[1].split("\nBackups that are compressed", 1)[0]
    told = set(re.findall(r"``([a-z_]+)``", section))
    there = {name for keys in storage_settings.OPTIONS.values() for name in keys} | storage_settings.LOGIN
    of_cinder_and_swift = {"backup_posix_path", "backup_swift_auth", "backup_s3_endpoint_url", "system_reader_roles"}
    assert there - told == set()
    assert told - there <= of_cinder_and_swift | {"per_user", "single_user"}


def test_each_default_of_a_stores_settings_is_documented():
    page = (SOURCE / "configuration" / "storage.rst").read_text()
    for keys in storage_settings.OPTIONS.values():
        for name, option in keys.items():
            if option.default is not None:
                told = repr(option.default).replace("'", '"')
                assert f"``{told}``" in page, name


def test_each_key_of_the_history_is_documented_with_its_default():
    page = (SOURCE / "configuration" / "history.rst").read_text()
    assert re.findall(r"^``(\w+)``$", page, re.MULTILINE) == ["database", "days"]
    assert f"{history.DAYS} by default" in page


@every_page
def test_each_address_is_one_of_horizons(page):
    for text in literals(page):
        if text.startswith(("/admin/", "/project/")):
            try:
                resolve(text)
            except Resolver404:
                pytest.fail(f"{text} is no address")


@functools.cache
def shown():
    """All words of the package's pages and of Horizon's page of backups, white space folded."""
    horizon = importlib.metadata.distribution("horizon").locate_file("openstack_dashboard/dashboards/project/backups")
    folders = (PACKAGE, pathlib.Path(horizon))
    files = [path for folder in folders for path in folder.rglob("*") if path.suffix in {".py", ".html"}]
    text = "\n".join(path.read_text() for path in files)
    return re.sub(r"\s+", " ", re.sub(r'"\s+"', "", text))


@every_page
def test_each_button_and_link_that_is_named_is_on_a_page(page):
    for label in re.findall(r":guilabel:`([^`]+)`", page.read_text()):
        told = re.sub(r"\s+", " ", label)
        parts = [part.strip() for part in told.split("…") if part.strip()]
        assert told in ELSEWHERE or all(part in shown() for part in parts), told


def test_runbook_quotes_the_screens_by_the_letter():
    runbook = (SOURCE / "user" / "runbook.rst").read_text()
    quoted = [re.sub(r"\s+", " ", text) for text in re.findall(r"(?<!\*)\*([A-Z][^*]+?)\*(?!\*)", runbook)]
    assert len(quoted) > 10
    for text in quoted:
        assert all(part.strip() in shown() for part in text.split("…")), text
