# SPDX-License-Identifier: Apache-2.0
"""Names of projects, which Keystone knows."""

from __future__ import annotations

from collections.abc import Iterable

from backup_reset_panel.cinder.client import CinderFault
from backup_reset_panel.cinder.client import Cloud
from backup_reset_panel.cinder.interview import Asking
from backup_reset_panel.cinder.interview import Interview
from backup_reset_panel.cinder.interview import ask
from backup_reset_panel.cinder.questions import ProjectName
from backup_reset_panel.core.evidence import known


def project_names(cloud: Cloud, project_ids: Iterable[str], seconds: float) -> dict[str, str | None]:
    """The names of some projects, None where Keystone does not tell them in time: a name is a comfort.

    :param seconds: for all of them: a dead Keystone costs one time-out, not one a project
    """
    questions = {each: ProjectName(each) for each in project_ids}
    if not questions:
        return {}
    try:
        answers = Interview(cloud, seconds).run([_names(tuple(questions.values()))])[0]
    except CinderFault:
        return {}
    return {each: answers[question] if known(answers[question]) else None for each, question in questions.items()}


def _names(questions: tuple[ProjectName, ...]) -> Asking:
    answers = yield ask(*questions)
    return answers
