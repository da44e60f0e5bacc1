# SPDX-License-Identifier: Apache-2.0
"""What is in the wheel, and what is not."""

import email
import sys
import zipfile

import pytest

from tests.packaging import clean_horizon

PACKAGE = clean_horizon.REPOSITORY / "backup_reset_panel"


@pytest.fixture(scope="module")
def names(wheel):
    """Names of the files in the wheel."""
    return set(zipfile.ZipFile(wheel).namelist())


def test_wheel_holds_every_module_template_static_file_and_catalogue_of_the_package(names):
    shipped = {".py", ".html", ".css", ".js", ".svg", ".po", ".mo"}
    present = {
        path.relative_to(PACKAGE.parent).as_posix()
        for path in PACKAGE.rglob("*")
        if path.is_file() and path.suffix in shipped
    }
    assert any(name.endswith(".html") for name in present)
    assert any(name.endswith(".css") for name in present)
    assert present - names == set()


def test_wheel_holds_each_catalogue_as_translators_wrote_it_and_compiled(names):
    written = {path.relative_to(PACKAGE.parent).as_posix() for path in PACKAGE.rglob("*.po")}
    assert written <= names
    assert {name.removesuffix(".po") + ".mo" for name in written} <= names


def test_wheel_holds_the_enabled_file_as_a_module(names):
    assert "backup_reset_panel/enabled/_2235_admin_backup_reset_panel.py" in names
    assert "backup_reset_panel/enabled/__init__.py" in names


def test_wheel_holds_nothing_but_the_package_and_its_metadata(names):
    tops = {name.split("/")[0] for name in names}
    assert sorted(top.split("-")[0] for top in tops) == ["backup_reset_panel", "backup_reset_panel"]
    assert not [name for name in names if "test" in name]


def test_wheel_names_its_licence_and_requires_nothing(wheel):
    archive = zipfile.ZipFile(wheel)
    [path] = [name for name in archive.namelist() if name.endswith(".dist-info/METADATA")]
    metadata = email.message_from_bytes(archive.read(path))
    assert metadata["Name"] == "backup-reset-panel"
    assert metadata["License"] == "Apache-2.0"
    assert [line for line in metadata.get_all("Requires-Dist", []) if "extra ==" not in line] == []


def test_twine_finds_no_fault_with_the_metadata(distribution):
    files = sorted(str(path) for path in distribution.iterdir())
    assert len(files) == 2
    clean_horizon.run([sys.executable, "-m", "twine", "check", "--strict", *files])
