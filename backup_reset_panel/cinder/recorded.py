# SPDX-License-Identifier: Apache-2.0
"""Which backups Cinder has records of, and where those say that their objects are: for what lies on a store without.

A list can be cut short and a marker can go; so that a backup has no record is proved by asking for it alone. The list
of all ids only spares that question for those that have one.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Collection

from backup_reset_panel.cinder.client import Cloud
from backup_reset_panel.cinder.evidence.at_work import IN_ORDER
from backup_reset_panel.cinder.interview import Asking
from backup_reset_panel.cinder.interview import Interview
from backup_reset_panel.cinder.interview import ask
from backup_reset_panel.cinder.questions import Listed
from backup_reset_panel.cinder.questions import Projects
from backup_reset_panel.cinder.questions import Read
from backup_reset_panel.cinder.questions import Services
from backup_reset_panel.core.evidence import Gap
from backup_reset_panel.core.evidence import Unknown
from backup_reset_panel.core.evidence import known

PART = 1000
#: For so long the list of all ids is read, and for so long backups are asked for one by one.
LIST_SECONDS = 10.0
ASK_SECONDS = 8.0


@dataclasses.dataclass(frozen=True)
class Places:
    """Where the backups made last are, as their records say.

    :param containers: id of a project to the containers of its backups
    :param is_read: whether Cinder answered, to an administrator
    :param is_cut: whether there are older backups, which were not looked at
    :param has_all_projects: whether every project that Keystone knows is among them
    """

    containers: dict[str, set[str]] = dataclasses.field(default_factory=dict)
    is_read: bool = True
    is_cut: bool = False
    has_all_projects: bool = False


def places(cloud: Cloud, of_all_projects: bool = False) -> Places:
    """Read them.

    :param of_all_projects: whether Keystone is asked for the projects that have no backups
    :raises CinderFault: TOKEN_REFUSED
    """
    return Interview(cloud).run([_places(of_all_projects)])[0]  # type: ignore[no-any-return]


def _places(of_all_projects: bool) -> Asking:
    """With a control: to whom Cinder does not give the list of services, and the projects of backups, a backup of
    another project may have no record either.
    """
    newest = Listed("backups", (), True, "created_at:desc", PART)
    answers = yield ask(newest, Services(), *((Projects(),) if of_all_projects else ()))
    listed = answers[newest]
    if not known(listed) or not known(answers[Services()]) or not all(backup.project_id for backup in listed):
        return Places(is_read=False)
    projects = answers.get(Projects())
    has_all = isinstance(projects, tuple)
    found: dict[str, set[str]] = {each: set() for each in projects} if isinstance(projects, tuple) else {}
    for backup in listed:
        containers = found.setdefault(backup.project_id, set())
        containers |= {backup.container} if backup.container else set()
    if not listed:
        return Places(found, has_all_projects=has_all)
    behind = newest.behind(listed)
    answers = yield ask(behind)
    return Places(found, is_cut=answers[behind] != (), has_all_projects=has_all)


@dataclasses.dataclass(frozen=True)
class Unrecorded:
    """Which of some backups have no record.

    :param ids: those that have none, each asked for
    :param unknown: those of which that could not be told
    """

    ids: frozenset[str]
    unknown: frozenset[str] = frozenset()


def not_listed(cloud: Cloud, ids: Collection[str]) -> frozenset[str]:
    """Those of some backups that are not in the list of all, as far as it could be read in time: they may have records.

    :raises CinderFault: TOKEN_REFUSED
    """
    if not ids:
        return frozenset()
    return Interview(cloud, LIST_SECONDS).run([_not_listed(frozenset(ids))])[0]  # type: ignore[no-any-return]


def unrecorded(cloud: Cloud, ids: Collection[str]) -> Unrecorded:
    """Ask for each of some backups whether it has a record.

    :raises CinderFault: TOKEN_REFUSED
    """
    if not ids:
        return Unrecorded(frozenset())
    answers: dict[str, object] = Interview(cloud, ASK_SECONDS).run([_each(sorted(ids))])[0]
    gone = frozenset(each for each, answer in answers.items() if _is_none(answer))
    unknown = {each for each, answer in answers.items() if isinstance(answer, Unknown) and not _is_none(answer)}
    return Unrecorded(gone, frozenset(unknown))


def _is_none(answer: object) -> bool:
    return isinstance(answer, Unknown) and answer.why is Gap.NONE_SUCH


def _not_listed(ids: frozenset[str]) -> Asking:
    """Those that are not in the list of all, as far as it could be read in time."""
    left, marker = ids, None
    while left:
        question = Listed("backups", (), False, IN_ORDER, PART, marker)
        answers = yield ask(question)
        listed = answers[question]
        if not known(listed) or not listed:
            break
        left -= frozenset(listed)
        marker = listed[-1]
    return left


def _each(ids: list[str]) -> Asking:
    questions = {each: Read("backups", each) for each in ids}
    answers = yield ask(*questions.values())
    return {each: answers[question] for each, question in questions.items()}
