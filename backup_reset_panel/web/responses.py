# SPDX-License-Identifier: Apache-2.0
"""Responses: whole pages, and parts of them that JavaScript puts into a page that is already open."""

from __future__ import annotations

from typing import Any
from typing import TypeVar

from django import http
from django.conf import settings
from django.middleware import csrf
from django.template import loader

from backup_reset_panel import conf

Response = TypeVar("Response", bound=http.HttpResponseBase)


def render(request: http.HttpRequest, template: str, context: dict[str, Any]) -> http.HttpResponse:
    """Answer with a template alone.

    Without Horizon's context processors, which are for its frame: they ask Keystone for the user's projects at each
    request, and would let a part of a page wait for a Keystone that hangs.

    :param template: name of a template that needs nothing but ``context`` and the CSRF token
    """
    page = loader.get_template(template).render(_with_help(context) | {"csrf_token": csrf.get_token(request)})
    return private(http.HttpResponse(_encoded(page)))


def whole(request: http.HttpRequest, template: str, context: dict[str, Any]) -> http.HttpResponse:
    """Answer with a whole page, which shows itself without scripts as well (noscript.css).

    :param template: name of a template that extends ``page.html``
    """
    page = loader.get_template(template).render(_with_help(context), request)
    return private(unframed(http.HttpResponse(_encoded(page))))


def _with_help(context: dict[str, Any]) -> dict[str, Any]:
    return context | {"guide_url": conf.get("GUIDE_URL")}


def _encoded(page: str) -> bytes:
    """A page as it is sent; half a character, which JSON can hold and UTF-8 cannot, becomes a question mark."""
    return page.encode("utf-8", "replace")


def private(response: Response) -> Response:
    """Forbid caching: an answer holds tokens, names other projects' backups, and is soon out of date.

    :returns: the same
    """
    response.headers["Cache-Control"] = "no-store"
    return response


def unframed(response: Response) -> Response:
    """Forbid frames, where Horizon does; in place of its script against them, which our pages do without.

    :returns: the same
    """
    if settings.DISALLOW_IFRAME_EMBED:
        response.headers["X-Frame-Options"] = "DENY"
    return response
