# SPDX-License-Identifier: Apache-2.0
"""What the view tests share: the dialog's URLs, its modal form, and a way to fill it in as a person would."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone
from lxml import html

AJAX = {"X-Requested-With": "XMLHttpRequest"}


class Dialog:
    """A dialog as a browser would see it: parsed, with a form that can be filled in and sent."""

    def __init__(self, client, response):
        self.client = client
        self.response = response
        self.status_code = response.status_code
        self.tree = html.fromstring(response.content.decode()) if response.content else None

    def find(self, selector):
        """The first element that a CSS selector matches, or None."""
        found = self.tree.cssselect(selector)
        return found[0] if found else None

    def text(self, selector="body"):
        """The visible text of an element, white space folded; empty where there is none."""
        found = self.tree if selector == "body" else self.find(selector)
        return "" if found is None else re.sub(r"\s+", " ", found.text_content()).strip()

    @property
    def verdict(self):
        """The name of the verdict that is shown."""
        return self.find("#backup-reset-verdict").get("data-verdict")

    @property
    def ending(self):
        """The name of the ending or fault that is shown."""
        return self.find("#backup-reset-outcome").get("data-ending")

    @property
    def choices(self):
        """The offered choices: value to label."""
        return {
            box.get("value"): re.sub(r"\s+", " ", box.getnext().text_content()).strip()
            for box in self.tree.cssselect("input[name=choice]")
        }

    @property
    def chosen(self):
        """The choice that is made beforehand, or None."""
        found = self.find("input[name=choice][checked]")
        return None if found is None else found.get("value")

    def boxes(self, name):
        """The tick boxes of that name: value to whether it is ticked."""
        return {box.get("value"): box.get("checked") is not None for box in self.tree.cssselect(f"input[name={name}]")}

    def tick(self, value):
        """The words of one tick box, white space folded."""
        box = self.find(f"input[name=ticks][value={value}]")
        return re.sub(r"\s+", " ", box.getnext().text_content()).strip()

    def submit(self, ajax=True, **changes):
        """Send the form as it is filled in, with some fields changed; returns the dialog that answers."""
        form = self.tree.forms[-1] if not ajax else self.tree.cssselect("form")[-1]
        data = {}
        for name, value in form.form_values():
            data.setdefault(name, []).append(value)
        data.update({name: value if isinstance(value, list) else [value] for name, value in changes.items()})
        response = self.client.post(form.get("action"), data, headers=AJAX if ajax else {})
        return Dialog(self.client, response)


def opened(client, backup_id, ajax=True):
    """The dialog of a backup, opened as Horizon's JavaScript does it (or, ajax=False, as a page)."""
    url = reverse("horizon:admin:backup_reset:update_status", args=(backup_id,))
    return Dialog(client, client.get(url, headers=AJAX if ajax else {}))


def text(tree, selector):
    """The text of the first element that a CSS selector matches, white space folded; empty where there is none."""
    found = tree.cssselect(selector)
    return re.sub(r"\s+", " ", found[0].text_content()).strip() if found else ""


def parsed(document):
    """A page as browsers read it: the libxml2 of 2025.1 (2.12) takes a null character for the end."""
    return html.fromstring(document.replace("\0", "\N{REPLACEMENT CHARACTER}"))


@pytest.fixture
def page(admin, request):
    """Function: the page of the module's URL for some GET parameters, parsed."""

    def read(**query):
        answer = admin.get(reverse(request.module.URL), query)
        assert answer.status_code == 200
        return parsed(answer.content.decode())

    return read


@pytest.fixture
def open_dialog(admin):
    """Function: open the dialog of a backup, given as a document or by its id."""

    def open_it(backup, ajax=True, client=admin):
        return opened(client, backup["id"] if isinstance(backup, dict) else backup, ajax)

    return open_it


@pytest.fixture(autouse=True)
def utc():
    """Horizon's time zone of a user is that of the last request: every test starts in UTC."""
    with timezone.override("UTC"):
        yield
