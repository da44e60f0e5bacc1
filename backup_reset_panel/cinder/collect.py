# SPDX-License-Identifier: Apache-2.0
"""Collecting evidence: all the sources that a backup's status needs, side by side, under one time budget."""

import concurrent.futures
import datetime
import time

from backup_reset_panel.cinder.client import CinderFault
from backup_reset_panel.cinder.probes import Budget
from backup_reset_panel.cinder.probes import ControlsFailed
from backup_reset_panel.cinder.probes import Late
from backup_reset_panel.cinder.probes import Row
from backup_reset_panel.cinder.probes import control_question
from backup_reset_panel.cinder.probes import services_question
from backup_reset_panel.cinder.reads import read_project_name
from backup_reset_panel.cinder.sources import SOURCES
from backup_reset_panel.core.evidence import Evidence
from backup_reset_panel.core.evidence import Gap
from backup_reset_panel.core.evidence import Unknown
from backup_reset_panel.core.outcome import FaultKind
from backup_reset_panel.core.sources import wanted

#: For all sources together. A source that hangs costs this much and no more.
BUDGET_SECONDS = 1.8

#: One for the process, never joined: a thread that waits for a dead server is left to its own time-out.
POOL = concurrent.futures.ThreadPoolExecutor(max_workers=4, thread_name_prefix="backup-reset-panel")

_REFUSED = (FaultKind.FORBIDDEN, FaultKind.TOKEN_REFUSED)


def begin(cloud, backup_id):
    """Begin to ask what needs no record of the backup, for ``collect``, while that is still to be read.

    :param cloud: Cloud, made in the calling thread
    :returns: the questions that are being asked, as ``probes.Row`` knows them
    """
    questions = (services_question(cloud), control_question(cloud, "backups", backup_id))
    return {key: POOL.submit(question) for key, question in questions}


def collect(cloud, backup, name_of=read_project_name, begun=None, clock=time.monotonic):
    """Ask every source that this backup's status needs.

    :param cloud: Cloud, made in the calling thread
    :param backup: Backup as just read
    :param name_of: function of cloud and project id that gives the project's name or None
    :param begun: what ``begin`` gave back, None to begin here
    :returns: (Evidence, project name or None)
    """
    budget = Budget(BUDGET_SECONDS, clock)
    row = Row(cloud, backup, budget, begin(cloud, backup.id) if begun is None else begun)
    needed = set(wanted(backup))
    asked = {
        POOL.submit(_answer, ask, answers & needed, row): answers & needed
        for ask, answers in SOURCES
        if answers & needed
    }
    name = POOL.submit(name_of, cloud, backup.project_id)
    concurrent.futures.wait([*asked, name], timeout=budget.left)
    found = {}
    for future, sources in asked.items():
        late = dict.fromkeys(sources, Unknown(Gap.TIMED_OUT))
        found.update(future.result() if future.done() else late)
        future.cancel()
    evidence = Evidence(
        backup=backup,
        read_at=datetime.datetime.now(datetime.timezone.utc),
        **{source.value: answer for source, answer in found.items()},
    )
    return evidence, name.result() if name.done() else None


def _answer(ask, sources, row):
    """One source's answer for each of ``sources``; an Unknown with the reason for those it has none for."""
    try:
        found = ask(row)
    except Late:
        return dict.fromkeys(sources, Unknown(Gap.TIMED_OUT))
    except ControlsFailed:
        return dict.fromkeys(sources, Unknown(Gap.CONTROLS_FAILED))
    except CinderFault as exc:
        return dict.fromkeys(sources, gap(exc.fault))
    return {source: found.get(source, Unknown(Gap.FAILED)) for source in sources}


def gap(fault):
    """The place of an answer that a fault kept from us."""
    if fault.kind is FaultKind.TIMED_OUT:
        return Unknown(Gap.TIMED_OUT)
    why = Gap.REFUSED if fault.kind in _REFUSED else Gap.FAILED
    return Unknown(why, " ".join(part for part in (fault.kind.value, fault.request_id) if part))
