# SPDX-License-Identifier: Apache-2.0
"""Run beside the installed plugin: print as JSON the distributions it imports from, and those it requires."""

import ast
import importlib.metadata
import json
import pathlib
import re
import sys

import backup_reset_panel


def canonical(name):
    return re.sub(r"[-_.]+", "-", name).lower()


def imported_modules():
    """Names of the top-level modules that any module of the package imports."""
    for path in pathlib.Path(*backup_reset_panel.__path__).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                yield from (alias.name.split(".")[0] for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                yield node.module.split(".")[0]


distributions = importlib.metadata.packages_distributions()
imported = {
    canonical(distribution)
    for module in set(imported_modules()) - sys.stdlib_module_names
    for distribution in distributions[module]
}
required = {canonical(re.match(r"[\w.-]+", line)[0]) for line in importlib.metadata.requires("backup-reset-panel")}
print(json.dumps({"imported": sorted(imported), "required": sorted(required | {"backup-reset-panel"})}))
