"""The kit itself: a served site answers, a browser draws it, and what leaves would be seen."""

from __future__ import annotations

from typing import Any

import pytest
from deskkit import Site, Watched


def test_the_site_answers_on_loopback(site: Site) -> None:
    answer = site.get("/help", lang="ar")

    assert answer.status_code == 200
    assert 'dir="rtl"' in answer.text


def test_a_browser_draws_it(site: Site, page: Any) -> None:
    page.goto(site.url + "/help")

    assert page.locator("html").get_attribute("dir") == "rtl"
    assert page.seen


def test_a_request_to_elsewhere_and_a_dialog_would_be_seen(browser: Any) -> None:
    watched = Watched()
    with browser.new_context() as context:
        page = watched.watch(context.new_page())
        page.set_content("<img src='http://192.0.2.1/x.png'><script>alert(1)</script>")

    assert watched.dialogs == ["1"]
    with pytest.raises(AssertionError):
        watched.check()


def test_a_form_brings_its_token(own_site: Site) -> None:
    fields = {"name": "", "asked": ""}

    assert own_site.post("/saved", **fields).status_code != 403
    assert own_site.client.post("/saved", data=fields).status_code == 403
