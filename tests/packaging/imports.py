# SPDX-License-Identifier: Apache-2.0
"""Run beside the installed plugin: print as JSON what it imports from and requires, and what comes with Horizon."""

import ast
import contextlib
import importlib.metadata
import json
import pathlib
import re
import sys

import backup_reset_panel


def canonical(name):
    return re.sub(r"[-_.]+", "-", name).lower()


class WhenRun(ast.NodeTransformer):
    """Leaves out what only a type checker reads."""

    def visit_If(self, node):
        return None if "TYPE_CHECKING" in ast.unparse(node.test) else self.generic_visit(node)


def imported_modules():
    """Names of the top-level modules that any module of the package imports when it runs."""
    for path in pathlib.Path(*backup_reset_panel.__path__).rglob("*.py"):
        for node in ast.walk(WhenRun().visit(ast.parse(path.read_text()))):
            if isinstance(node, ast.Import):
                yield from (alias.name.split(".")[0] for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                yield node.module.split(".")[0]


#: Imported only where the site has set a store that needs them; the extras s3 and zstd bring them.
OPTIONAL = {"boto3", "botocore", "zstandard"}

distributions = importlib.metadata.packages_distributions()
imported = {
    canonical(distribution)
    for module in set(imported_modules()) - sys.stdlib_module_names - OPTIONAL
    for distribution in distributions[module]
}


def brought_by(name, found):
    """Add to ``found`` a distribution and all that it requires."""
    if canonical(name) in found:
        return found
    found.add(canonical(name))
    with contextlib.suppress(importlib.metadata.PackageNotFoundError):
        for line in importlib.metadata.requires(name) or []:
            if "extra ==" not in line:
                brought_by(re.match(r"[\w.-]+", line)[0], found)
    return found


required = importlib.metadata.requires("backup-reset-panel") or []

print(
    json.dumps(
        {
            "imported": sorted(imported - {"backup-reset-panel"}),
            "required": [
                each for each in importlib.metadata.requires("backup-reset-panel") or [] if "extra" not in each
            ],
            "brought by horizon": sorted(brought_by("horizon", set())),
        }
    )
)
