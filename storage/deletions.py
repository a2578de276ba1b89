"""Whether an article is gone, or only its site is broken: judged over all looks of one run.

A page that is missing (404, 410, a soft 404, a redirect to the front page) is called gone at
its second such look, six hours after the first or more, and only if at both of them the rest of
its site was there. A site's addresses that all died at once are told as what they are: an
event that it moved.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlsplit

from storage import edits
from storage.connection import Connection
from storage.edits import Edit, Kind
from storage.events import EventStore
from storage.recheck_plan import (
    CONFIRMED_AFTER,
    Plan,
    Sight,
    Watch,
    after_missing,
    after_nothing,
    after_seen,
)
from storage.times import decode_time, encode_time

MOVED = "moved"
"""The kind of event for a site whose old addresses lead nowhere any more."""
FEW = 5
"""For so many missing articles at most, as many others must be alive; for more of them …"""
ALIVE_EACH = 2
"""… so many for each."""
MOST_WITNESSES = 60

Site = tuple[str, str]
"""An outlet and a host: what works or breaks as one."""


@dataclass(frozen=True, slots=True)
class Looked:
    """One look of a run at an article, and what was known of the article before."""

    article_id: int
    outlet_id: str
    url: str
    headline: str
    version: int
    first_seen_at: datetime
    at: datetime
    sight: Sight
    fetch_id: int | None
    watch: Watch

    @property
    def site(self) -> Site:
        """Where it was looked for."""
        return site_of(self.outlet_id, self.url)

    @property
    def missed(self) -> bool:
        """Whether it may be gone, and was not told as such before."""
        return self.sight is Sight.MISSING and self.watch.gone_at is None


def site_of(outlet_id: str, url: str) -> Site:
    """The site of an article.

    >>> site_of("ma_example", "https://www.example.ma/a")
    ('ma_example', 'example.ma')
    """
    return outlet_id, (urlsplit(url).hostname or "").removeprefix("www.")


def vouches(missing: int, alive: int, read: int) -> bool:
    """Whether a site was well at which so many articles were missing, alive, and read of these.

    At least one must have been read, since "not modified" costs a broken site nothing. And the
    missing ones may be a handful (of a small outlet's few looks half may be real deletions) or
    a third of many: what takes more with it is an outage that answers 404 or the front page,
    or a site whose addresses have changed, and no decision on single articles.
    """
    return read > 0 and alive >= missing * (1 if missing <= FEW else ALIVE_EACH)


def witnesses_wanted(suspects: int) -> int:
    """How many other articles to look at where so many may be gone, for `vouches` to tell."""
    return suspects if suspects <= FEW else min(suspects * ALIVE_EACH, MOST_WITNESSES)


def judge(looks: Sequence[Looked], plan: Plan) -> list[tuple[Looked, Watch]]:
    """What is known of each article after a run's looks at one site; pure.

    Only what we knew when an article was last seen can witness that it alone has gone since: a
    site that moved has new articles at its new addresses, which say nothing about the old ones.
    """
    missing = sum(look.missed for look in looks)
    alive = sorted(_stored(looks, Sight.READ, Sight.SAME))
    read = sorted(_stored(looks, Sight.READ))
    judged = []
    for look in looks:
        seen = look.watch.checked_at
        older = (bisect_right(alive, seen), bisect_right(read, seen))
        judged.append((look, _after(look, plan, vouched=vouches(missing, *older))))
    return judged


def _stored(looks: Sequence[Looked], *sights: Sight) -> list[datetime]:
    return [look.first_seen_at for look in looks if look.sight in sights]


def _after(look: Looked, plan: Plan, *, vouched: bool) -> Watch:
    if look.sight is Sight.MISSING:
        return after_missing(look.watch, look.at, plan, vouched=vouched)
    if look.sight is Sight.READ:
        return after_seen(look.watch, look.at, plan, look.fetch_id)
    if look.sight is Sight.SAME:
        return after_seen(look.watch, look.at, plan, None)
    return after_nothing(look.watch, look.at, plan)


def moved(judged: Sequence[tuple[Looked, Watch]]) -> datetime | None:
    """After when a site's old addresses died, if most have been dead for hours; else None.

    Dead are those that are missing while nobody could vouch for the site.
    """
    dead = [look for look, now in judged if look.missed and now.vouched_since is None]
    lasting = [look.watch.checked_at for look in dead if _lasts(look)]
    mass = len(dead) > FEW and 2 * len(dead) > len(judged) and 2 * len(lasting) >= len(dead)
    return max(lasting) if mass else None


def _lasts(look: Looked) -> bool:
    since = look.watch.missing_since
    return since is not None and look.at - since >= CONFIRMED_AFTER


def tell_moved(db: Connection, site: Site, judged: Sequence[tuple[Looked, Watch]]) -> bool:
    """Open the event of a site that moved, or close it once an article from before is there.

    A part of a write; says whether it seems to have moved.
    """
    events = EventStore(db, clock=lambda: max(look.at for look, _ in judged))
    missing = sum(look.missed for look, _ in judged)
    evidence: dict[str, object] = {"looked_at": len(judged), "missing": missing}
    if (last := moved(judged)) is not None:
        events.open(MOVED, *site, evidence | {"last_seen": encode_time(last)})
        return True
    for event in events.current([site[0]]):
        if (event.kind, event.subject) == (MOVED, site[1]):
            last = decode_time(str(event.evidence["last_seen"]))
            if any(one <= last for one in _stored([look for look, _ in judged], Sight.READ)):
                events.close(MOVED, *site, evidence)
    return False


def moves(db: Connection) -> defaultdict[str, list[str]]:
    """What there is to say of sites that moved, by outlet id."""
    said: defaultdict[str, list[str]] = defaultdict(list)
    for event in EventStore(db).current():
        if event.kind == MOVED:
            missing, looked = event.evidence["missing"], event.evidence["looked_at"]
            words = f"{missing} of {looked} pages looked at on {event.subject} were not there"
            said[event.outlet_id].append(f"{words}, {event.opened_at:%Y-%m-%d}")
    return said


def tell_change(db: Connection, run_id: int, look: Looked, now: Watch) -> Kind | None:
    """Record that an article is gone or back, where this look says so; the kind, or None."""
    before = look.watch
    if (before.gone_at is None) == (now.gone_at is None):
        return None
    edit = _gone(look) if now.gone_at is not None else _back(look)
    edit = replace(edit, evidence={"run": run_id, "looks": _looks(db, look, edit.at)})
    return edit.kind if edits.record(db, edit) else None


def _gone(look: Looked) -> Edit:
    """The end of an article, between the last look that saw it and the first that missed it."""
    watch = look.watch
    assert watch.missing_since is not None, "what is confirmed was missed before"
    span = (watch.missing_since, watch.checked_at)
    return Edit(look.article_id, look.version, "gone", *span, before=look.headline)


def _back(look: Looked) -> Edit:
    assert look.watch.gone_at is not None, "what is back was gone"
    span = (look.at, look.watch.gone_at)
    return Edit(look.article_id, look.version, "back", *span, after=look.headline)


def _looks(db: Connection, look: Looked, since: datetime) -> list[dict[str, object]]:
    """What was seen at an article's address since then: the evidence."""
    rows = db.all(
        "SELECT f.id AS fetch, f.fetched_at AS at, f.status, f.outcome, f.reason, f.final_url "
        "FROM candidates c JOIN fetches f ON f.candidate_id = c.id "
        "WHERE c.article_id = ? AND f.fetched_at >= ? ORDER BY f.id",
        (look.article_id, encode_time(since)),
    )
    return [dict(row) for row in rows]
