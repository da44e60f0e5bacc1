# SPDX-License-Identifier: Apache-2.0
"""Our pages, and pieces of them: what Horizon's or our own JavaScript asks for to put it into a page that is there."""

from django import http
from django import shortcuts
from django.conf import settings
from django.middleware import csrf
from django.template import loader


def render(request, template, context):
    """Answer with a template alone.

    Without Horizon's context processors, which are for its frame: they ask Keystone for the user's projects at each
    request, and would let a piece wait for a Keystone that hangs.

    :param request: Django request
    :param template: name of a template that needs nothing but ``context`` and the CSRF token
    :param context: dict
    :returns: HttpResponse
    """
    return http.HttpResponse(loader.get_template(template).render(context | {"csrf_token": csrf.get_token(request)}))


def whole(request, template, context):
    """Answer with a whole page, which shows itself without scripts as well (noscript.css).

    :param request: Django request
    :param template: name of a template that extends ``page.html``
    :param context: dict
    :returns: HttpResponse
    """
    return unframed(shortcuts.render(request, template, context))


def unframed(response):
    """Forbid frames, where Horizon does; in place of its script against them, which our pages do without.

    :param response: HttpResponse
    :returns: the same
    """
    if settings.DISALLOW_IFRAME_EMBED:
        response.headers["X-Frame-Options"] = "DENY"
    return response
