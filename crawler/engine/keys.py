"""Stored keys brought up to the way in which addresses are told apart today."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from functools import partial

from crawler.outlets import Outlets
from storage import rekeying
from storage.connection import Connection
from storage.rekeying import Rekeyed
from storage.runs import RunStore

log = logging.getLogger(__name__)


def renew_keys(
    db: Connection, runs: RunStore, run_id: int, outlets: Outlets, ids: Iterable[str]
) -> Rekeyed:
    """Make the keys of those outlets anew whose rules or domains changed, or of all after an
    upgrade; noted in the run's books.

    Outlets whose file is gone are better left out: nobody can say what their addresses mean.
    """
    done = Rekeyed()
    for outlet_id in ids:
        digest = outlets.key_digest(outlet_id)
        if rekeying.is_due(db, outlet_id, digest):
            key_of = partial(outlets.url_key, outlet_id=outlet_id)
            done += rekeying.rekey(db, outlet_id, digest, key_of)
    if done != Rekeyed():
        log.info("keys renewed: %s", done)
        runs.note(run_id, "articles_rekeyed", done.articles)
        runs.note(run_id, "articles_fell_together", done.fell_together)
    return done
