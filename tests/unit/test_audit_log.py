# SPDX-License-Identifier: Apache-2.0
"""Where the audit log goes: where Horizon's LOGGING says, or to stderr where it would be dropped."""

import logging
import types

import pytest

from backup_reset_panel.resets import audit_log


@pytest.fixture(autouse=True)
def no_fallback(monkeypatch):
    """As before start-up."""
    monkeypatch.setattr(audit_log, "fallback", None)


@pytest.fixture
def loggers():
    """A logger and its parent, made for one test; they have nothing to do with the root logger."""
    parent, logger = logging.getLogger("site"), logging.getLogger("site.audit")
    parent.setLevel(logging.WARNING)
    parent.parent = None
    yield types.SimpleNamespace(parent=parent, logger=logger)
    for name in ("site.audit", "site"):
        del logging.root.manager.loggerDict[name]


def lines(capsys):
    return capsys.readouterr().err.splitlines()


def test_what_no_handler_takes_goes_to_stderr(loggers, capsys):
    audit_log.keep(loggers.logger)
    loggers.logger.info("{}")
    assert lines(capsys) == ["site.audit {}"]
    assert audit_log.fallback in loggers.logger.handlers


DROPPED = {
    "level of the parent": lambda at: at.parent.addHandler(logging.StreamHandler()),
    "level of its own": lambda at: (at.logger.addHandler(logging.StreamHandler()), at.logger.setLevel("WARNING")),
    "level of the handler": lambda at: (at.logger.addHandler(_handler("ERROR")), at.logger.setLevel("INFO")),
    "null handler": lambda at: (at.logger.addHandler(logging.NullHandler()), at.logger.setLevel("INFO")),
    "no propagation": lambda at: (at.parent.addHandler(_handler("INFO")), setattr(at.logger, "propagate", False)),
    "disabled": lambda at: (at.logger.addHandler(_handler("INFO")), setattr(at.logger, "disabled", True)),
}


def _handler(level):
    handler = logging.StreamHandler()
    handler.setLevel(level)
    return handler


@pytest.mark.parametrize("drop", DROPPED.values(), ids=DROPPED.keys())
def test_each_way_to_drop_it_is_seen(loggers, capsys, drop):
    drop(loggers)
    audit_log.keep(loggers.logger)
    assert audit_log.fallback
    loggers.logger.info("{}")
    assert "site.audit {}" in lines(capsys)


def test_handler_of_its_own_is_enough(loggers, capsys):
    loggers.logger.addHandler(_handler("INFO"))
    loggers.logger.setLevel("INFO")
    audit_log.keep(loggers.logger)
    loggers.logger.info("{}")
    assert audit_log.fallback is None
    assert lines(capsys) == ["{}"]


def test_handler_of_a_parent_is_enough(loggers):
    loggers.parent.addHandler(_handler("DEBUG"))
    loggers.parent.setLevel("INFO")
    audit_log.keep(loggers.logger)
    assert audit_log.fallback is None


def test_second_call_changes_nothing(loggers, capsys):
    audit_log.keep(loggers.logger)
    audit_log.keep(loggers.logger)
    loggers.logger.info("{}")
    assert lines(capsys) == ["site.audit {}"]
