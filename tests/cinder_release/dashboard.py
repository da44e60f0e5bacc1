# SPDX-License-Identifier: Apache-2.0
"""The plugin's addresses as a browser would ask them, its forms sent as they are filled in."""

import requests
from lxml import html

AJAX = {"X-Requested-With": "XMLHttpRequest"}
SECONDS = 60


class Dialog:
    """A dialog and its form.

    :param session: whose it is
    :param url: its address
    """

    def __init__(self, session: requests.Session, url: str, answer: requests.Response) -> None:
        answer.raise_for_status()
        self._session, self._url = session, url
        self.tree = html.fromstring(answer.text)

    def _data(self, selector: str, name: str) -> str | None:
        found = self.tree.cssselect(selector)
        return found[0].get(name) if found else None

    @property
    def verdict(self) -> str | None:
        """The name of the verdict that is shown."""
        return self._data("#backup-reset-verdict", "data-verdict")

    @property
    def ending(self) -> str | None:
        """The name of the ending that is shown."""
        return self._data("#backup-reset-outcome", "data-ending")

    @property
    def chosen(self) -> str | None:
        """The choice that is made beforehand."""
        return self._data("input[name=choice][checked]", "value")

    def submit(self, choice: str, ticks: tuple[str, ...]) -> "Dialog":
        """Send the form with a choice and ticks; return the dialog that answers."""
        values: dict[str, list[str]] = {}
        for name, value in self.tree.cssselect("form")[-1].form_values():
            values.setdefault(name, []).append(value)
        values |= {"choice": [choice], "ticks": list(ticks)}
        headers = AJAX | {"Referer": self._url}
        return Dialog(self._session, self._url, self._session.post(self._url, values, headers=headers, timeout=SECONDS))


class Dashboard:
    """A Horizon in which a user is logged in."""

    def __init__(self, url: str, user: dict[str, str]) -> None:
        self._session, self._url = requests.Session(), url
        login = f"{url}auth/login/"
        form = html.fromstring(self._session.get(login, timeout=SECONDS).text).forms[0]
        values = dict(form.form_values()) | {"username": user["user"], "password": user["password"]}
        self._session.post(login, values, headers={"Referer": login}, timeout=SECONDS).raise_for_status()

    def page(self, path: str) -> str:
        """Return the words of a page of the plugin, without Horizon's frame."""
        answer = self._session.get(f"{self._url}admin/backup_reset/{path}", timeout=SECONDS)
        answer.raise_for_status()
        return " ".join(html.fromstring(answer.text).cssselect("#content_body")[0].text_content().split())

    def open_dialog(self, backup_id: str) -> Dialog:
        """Return the dialog of a backup."""
        url = f"{self._url}admin/backup_reset/{backup_id}/update/"
        return Dialog(self._session, url, self._session.get(url, headers=AJAX, timeout=SECONDS))
