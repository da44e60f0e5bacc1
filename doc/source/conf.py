# SPDX-License-Identifier: Apache-2.0
"""Sphinx settings. The release comes from setup.cfg, so that building the pages needs no installed package."""

import configparser
import pathlib

ROOT = pathlib.Path(__file__).resolve().parents[2]

metadata = configparser.ConfigParser()
metadata.read(ROOT / "setup.cfg")

project = "Backup Reset Panel"
author = "Backup Reset Panel contributors"
copyright = author  # noqa: A001 (Sphinx's name)
release = version = metadata["metadata"]["version"]

extensions = ["openstackdocstheme", "reno.sphinxext"]
html_theme = "openstackdocs"
# The theme's header is for projects that OpenStack hosts.
openstackdocs_auto_name = False
html_theme_options = {"display_global_toc_section": True, "sidebar_mode": "toc", "show_other_versions": False}

nitpicky = True

# For packagers: sphinx-build -b man doc/source build/man
man_pages = [("user/commands", "backup-reset-panel", "commands of the Horizon plugin for stuck backups", author, 1)]
