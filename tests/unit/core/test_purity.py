# SPDX-License-Identifier: Apache-2.0
"""The core decides and nothing else: it imports no client and no Django but the words."""

import ast
import importlib
import inspect
import pkgutil
import sys

import pytest

import backup_reset_panel.core
from backup_reset_panel.core.verdict.table import ROWS

CORE = backup_reset_panel.core.__name__
MODULES = sorted(
    found.name.removeprefix(CORE + ".")
    for found in pkgutil.walk_packages(backup_reset_panel.core.__path__, CORE + ".")
    if not found.ispkg
)

#: Markers for translation, the one helper that fills in their places, and how a language writes a number.
WORDS = {"django.utils.translation", "django.utils.text.format_lazy", "django.utils.formats.number_format"}


def load(name):
    return importlib.import_module(f"{CORE}.{name}")


def is_for_types(node):
    """Whether a statement is read by type checkers alone."""
    return isinstance(node, ast.If) and ast.unparse(node.test) == "typing.TYPE_CHECKING"


def nodes(tree):
    """All nodes that are carried out."""
    for node in ast.iter_child_nodes(tree):
        if not is_for_types(node):
            yield node
            yield from nodes(node)


def imported(module):
    """The full names of what a module imports."""
    for node in nodes(ast.parse(inspect.getsource(module))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def is_allowed(name):
    if name.partition(".")[0] in sys.stdlib_module_names or name.startswith(CORE + "."):
        return True
    return any(name == word or name.startswith(word + ".") for word in WORDS)


def public(module):
    """The public classes and functions that a module defines, and their public functions and properties."""
    for name, thing in vars(module).items():
        if name.startswith("_") or getattr(thing, "__module__", None) != module.__name__:
            continue
        yield name, thing
        if inspect.isclass(thing):
            own = ((part, member) for part, member in vars(thing).items() if not part.startswith("_"))
            yield from (
                (f"{name}.{part}", member) for part, member in own if isinstance(member, property) or callable(member)
            )


@pytest.mark.parametrize("name", MODULES)
def test_core_imports_only_the_standard_library_itself_and_words(name):
    assert [found for found in imported(load(name)) if not is_allowed(found)] == []


@pytest.mark.parametrize("name", MODULES)
def test_every_public_name_has_a_docstring_of_its_own(name):
    without = [found for found, thing in public(load(name)) if not (getattr(thing, "__doc__", None) or "").strip()]
    generated = [found for found, thing in public(load(name)) if (thing.__doc__ or "").startswith(found + "(")]
    assert without + generated == []


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.kind.value)
def test_every_rule_of_the_verdict_says_what_it_rests_on(row):
    assert (row.matches.__doc__ or "").strip()


@pytest.mark.parametrize("name", MODULES)
def test_module_can_be_read_in_one_sitting(name):
    assert len(inspect.getsource(load(name)).splitlines()) <= 250
