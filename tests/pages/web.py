# SPDX-License-Identifier: Apache-2.0
"""One Horizon over HTTP, as a browser's requests reach it, without the browser's own time."""

import requests
from lxml import html
from requests import adapters
from urllib3.util import Retry

MODAL = {"X-Requested-With": "XMLHttpRequest"}
SECONDS = 300


class BenchError(Exception):
    """Something was not as it has to be for a number to mean anything."""


class Dashboard:
    """A Horizon in which one user is logged in.

    :param url: of this Horizon, with a slash at the end
    :param user: one of the lab's users
    :raises BenchError: the log-in was refused
    """

    def __init__(self, url: str, user: dict[str, str]) -> None:
        self.url = url
        self._session = requests.Session()
        # gunicorn closes what was idle for two seconds: who asks at that moment asks once more, as a browser does.
        self._session.mount(url, adapters.HTTPAdapter(max_retries=Retry(1, allowed_methods=("GET",))))
        page = self._session.get(f"{url}auth/login/", timeout=SECONDS)
        form = dict(html.fromstring(page.text).forms[0].form_values())
        fields = form | {"username": user["user"], "password": user["password"]}
        answer = self._session.post(
            f"{url}auth/login/", data=fields, timeout=SECONDS, headers={"Referer": page.url}, allow_redirects=False
        )
        if answer.status_code != 302:
            raise BenchError(f"{url} did not let {user['user']} in.")

    def get(self, path: str, modal: bool = False) -> str:
        """GET a page and return its text.

        :param modal: ask as Horizon's JavaScript asks for a dialog or a part of a page
        :raises BenchError: an answer that is not 200
        """
        answer = self._session.get(self._full(path), headers=MODAL if modal else {}, timeout=SECONDS)
        return _text(answer)

    def post(self, path: str, fields: dict) -> requests.Response:
        """POST fields as Horizon's JavaScript does, and return the answer; the CSRF token is put in."""
        headers = MODAL | {"Referer": self.url}
        data = {**fields, "csrfmiddlewaretoken": self._token()}
        return self._session.post(self._full(path), data=data, headers=headers, timeout=SECONDS)

    def form(self, path: str) -> dict[str, str]:
        """Open a dialog and return the fields of its form as they would be sent unchanged."""
        form = html.fromstring(self.get(path, modal=True)).forms[-1]
        return {name: value for name, value in form.form_values() if name != "csrfmiddlewaretoken"}

    def _full(self, path: str) -> str:
        return self.url + path.removeprefix(self.url).lstrip("/")

    def _token(self) -> str:
        return next(cookie.value for cookie in self._session.cookies if cookie.name.endswith("-csrf"))


def _text(answer: requests.Response) -> str:
    if answer.status_code != 200:
        raise BenchError(f"{answer.request.method} {answer.url} answers {answer.status_code}.")
    return answer.text


def rows(text: str, css_class: str = "") -> list:
    """Return the table rows of a page that stand for an object, those of a class if one is given."""
    found = html.fromstring(f"<div>{text}</div>").xpath("//tr[@data-object-id]")
    return [row for row in found if css_class in row.get("class", "").split() or not css_class]
