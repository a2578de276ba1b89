"""Which parameters of an address choose a document, and which only say how a reader came.

courlan's list of trackers is taken as a suspicion. It also meets `ref`, `cid` or `source`, which
choose the document on some sites: those go only where their value names nothing (`ref=homepage`)
and something else chooses the document.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import unquote

from crawler.reading.url_encoding import one_encoding, readable
from crawler.reading.url_rules import UrlRules

_TRACKING = re.compile(
    r"(utm_.*|mtm_.*|matomo_.*|pk_.*|piwik_.*|hsa_.*|ga_.*|itm_.*|mkt_.*|clickid|at_(medium|campaign|custom\d|link.*|ptr_name"
    r"|format|xt|platform|creation|variant|emailtype|sendtime|content)|wt_.*|ns_(mchannel|source"
    r"|campaign|linkname|fee)|fb_(action_ids|action_types|source|ref|comment_id)|action_.*_map"
    r"|fbclid|gclid|gclsrc|gad_source|gad_campaignid|dclid|gbraid|wbraid|msclkid|yclid|ysclid"
    r"|twclid|ttclid|igshid|igsh|mibextid|srsltid|li_fat_id|mc_cid|mc_eid|mkt_tok|vero_(id|conv)"
    r"|oly_(anon|enc)_id|elqtrack(id)?|_ga|_gl|_hs(enc|mi)|__hs(tc|sc|fp)|hsctatracking|ncid|cmpid"
    r"|cmp|xtor|xt(mc|cr|ref|np|loc)|ocid|smid|s_cid|sc_cid|ito|wpisrc|wpmm|_openstat|spm|trk"
    r"|cx_.*|trk_.*|trkcampaign|s_kwcid|ef_id|epik|sr_share|dm_i|bsft_.*|mbid|tblci|dicbo|wickedid"
    r"|irclickid|int_?(cmp|source)|icid|ftag|linkid|taid|sthisfb|hootpostid|app_source|_gac|_gid"
    r"|guccounter|guce_referrer(_sig)?|soc_(src|trk)|sharesource|share(d|type)?|echobox"
    r"|ref_src|ref_url|__tn__|__twitter_impression|_branch_match_id|fromapp|ampshare|usqp|aoh"
    r"|amp_(js_v|gsa|ct|r|tf|latest_update_time|cb)|phpsess(id|ionid)|jsessionid|aspsessionid.*"
    r"|sess(ion)?[-_]?id|oscsid|zenid|cfid|cftoken|nocache|no_cache|cache_?bust(er)?"
    r"|replytocom|showcomments?|like_comment|unapproved|moderation-hash|_x_tr_.*|__cf_chl_.*|doing_wp_cron|noamp|nonamp)",
    re.IGNORECASE,
)
_SWITCH = re.compile(
    r"amp|is_?amp|amp[-_]mode|amp_markup|print(er)?[-_]?(able|view|version|friendly|page)?"
    r"|imprimer|imprimir|m|mobi(le)?|is_?mobile|mobile_view|no_?mobile|desktop|full_?site|rss"
    r"|single_?page|full_?page|tmpl|comments?|nordt|no_?redirect",
    re.IGNORECASE,
)
"""Parameters that switch a view on or off; with another value they may be something else."""
_SWITCHED = frozenset("0 1 on off yes no true false y n component".split()) | {""}
_CHOICE = re.compile(
    r"view|output(type)?|format|layout|mode|display|do|action|task|version|style|device|media|type"
    r"|tmpl|tpl|template|theme|op|cmd|func|show|page",
    re.IGNORECASE,
)
_CHOICES = {
    **dict.fromkeys(("amp", "amphtml"), "amp"),
    **dict.fromkeys(("mobile", "wap"), "mobile"),
    **dict.fromkeys(("print", "printable", "printer", "printview", "imprimer"), "print"),
    **dict.fromkeys(("printerfriendly", "printer_friendly", "printer-friendly"), "print"),
    **dict.fromkeys(("desktop", "default"), ""),
}
_ALL_PAGES = frozenset(
    {("pagewanted", "all"), ("page", "all"), ("paged", "all"), ("page", "0"), ("limitstart", "0")}
)
_SESSION = re.compile(r"sid|s|sess|session|token|ssid", re.IGNORECASE)
_TOKEN = re.compile(r"(?=[^0-9]*[0-9])(?=[^a-z]*[a-z])[0-9a-z]{16,128}", re.IGNORECASE)
_CLOCK = re.compile(r"_|t|ts|_t|time|timestamp|rnd|rand|random|cb|nc", re.IGNORECASE)
_MOMENT = re.compile(r"1\d{9}(\d{3})?|0?\.\d{6,20}")
_ALSO_SUSPECT = frozenset(("from", "via", "feature", "origin", "referral", "src_medium", "rss"))
_LONG_TOKEN = re.compile(r"(?=.*[0-9])(?=.*[a-z])(?=.*[A-Z])[\w\-]{25,512}", re.ASCII)
_MEANINGLESS = re.compile(r"[^\d]{0,60}")
_ID = re.compile(r".*id|[pna]|art(icle)?|story|post|news|item|doc|no|num", re.IGNORECASE)
_JOINED = re.compile(r"[-_]")
_LONG_NAME = 24
_SCRIPT = re.compile(r"\.(php\d?|aspx?|jspx?|cgi|pl|do|cfm|dll|exe)$", re.IGNORECASE)
_MAX_SUSPICIOUS = 64


class Role(Enum):
    """What a parameter is by its name alone."""

    TRACKER = "tracker"
    SUSPECT = "suspect"
    OTHER = "other"


class Traits(NamedTuple):
    """What a parameter may be by its name: its value decides."""

    role: Role
    switch: bool
    choice: bool
    session: bool
    clock: bool


@lru_cache(maxsize=4096)
def _traits(name: str) -> Traits:
    named = (_SWITCH, _CHOICE, _SESSION, _CLOCK)
    return Traits(role(name), *(bool(pattern.fullmatch(name)) for pattern in named))


def role(name: str) -> Role:
    """What a parameter is by its name; the same for all sites.

    >>> role("utm_source").value, role("ref").value, role("gallery").value, role("id").value
    ('tracker', 'suspect', 'other', 'other')
    """
    if _TRACKING.fullmatch(name):
        return Role.TRACKER
    lower = name.lower()
    if lower in _ALSO_SUSPECT or _suspected(lower):
        return Role.SUSPECT
    return Role.OTHER


def _suspected(name: str) -> bool:
    """Whether courlan's list meets a whole word of the name: `ga` is no word of `gallery`."""
    from courlan.clean import TRACKERS_RE  # takes a tenth of a second, and few names get here

    if len(name) > _MAX_SUSPICIOUS:
        return False
    return any(
        found.end() == len(name) or name[found.end()] in "_-." or name[found.end() - 1] in "_"
        for found in TRACKERS_RE.finditer(name)
    )


def tracker_list() -> str:
    """What courlan suspects, as it is installed."""
    from courlan.clean import TRACKERS_RE  # as above

    return TRACKERS_RE.pattern


def choosing(query: str, path: str, rules: UrlRules) -> tuple[str, str]:
    """The parameters that may choose a document, sorted and in one encoding, and the view that
    the others choose, or "".

    >>> choosing("utm_source=x&id=3&print=1&a=%D8%A3", "/b.php", UrlRules())
    ('a=%D8%A3&id=3', 'print')
    """
    if not query:
        return "", ""
    kept: list[_Parameter] = []
    suspects: list[_Parameter] = []
    view = ""
    for one in _parameters(query):
        told = _told(one.name, one.value, rules)
        if told is None:
            (suspects if _traits(one.name).role is Role.SUSPECT else kept).append(one)
        elif told == _KEPT:
            kept.append(one)
        else:
            view = view or told
    chosen = _is_document(path) or any(map(_is_number_of_one, kept))
    kept += [one for one in suspects if not (chosen and _names_nothing(one.value))]
    ordered = sorted(kept, key=lambda one: one.name)  # equal names stay in their order
    return "&".join(dict.fromkeys(one.written for one in ordered)), view


_KEPT = "kept"


class _Parameter(NamedTuple):
    """A parameter as it is meant, and as it is written in keys."""

    name: str
    value: str
    written: str


def _parameters(query: str) -> Iterator[_Parameter]:
    """The parameters with a value, and names that stand alone (`?1234`); in order.

    A plus sign is a space, as forms write it.
    """
    for pair in query.replace("&amp;", "&").split("&"):
        name, mark, value = pair.partition("=")
        if not name or (mark and not value):
            continue
        name, value = (one_encoding(text.replace("+", "%20")) for text in (name, value))
        yield _Parameter(_plain(name), _plain(value), name + mark + value)


def _plain(written: str) -> str:
    """A text in one encoding as it is meant; bytes of an older charset stay encoded."""
    try:
        return unquote(written, errors="strict") if "%" in written else written
    except UnicodeDecodeError:
        return written


def _told(name: str, value: str, rules: UrlRules) -> str | None:
    """`_KEPT` for what surely chooses a document, else the view it chooses or "" for nothing;
    None where the name alone does not tell."""
    if name in rules.keep:
        return _KEPT
    traits = _traits(name)
    if name in rules.drop or traits.role is Role.TRACKER:
        return ""
    plain = value.lower()
    if traits.switch and _is_switch(name, plain):
        return _switched(name.lower())
    if traits.choice and plain in _CHOICES:
        return _CHOICES[plain]
    if (name.lower(), plain) in _ALL_PAGES:
        return ""
    passing = (traits.session, _TOKEN), (traits.clock, _MOMENT)
    return "" if any(named and shape.fullmatch(plain) for named, shape in passing) else None


def _is_switch(name: str, value: str) -> bool:
    return value in _SWITCHED or value == name.lower() or value in _CHOICES


def _switched(name: str) -> str:
    if "amp" in name:
        return "amp"
    if name.startswith(("print", "imprim")):
        return "print"
    return "mobile" if name.startswith("mobi") or name == "m" else ""


def _names_nothing(value: str) -> bool:
    """Whether a suspect's value is a word, a referring address or a long random token."""
    if value.startswith(("http://", "https://")) or _LONG_TOKEN.fullmatch(value):
        return True
    return bool(_MEANINGLESS.fullmatch(value))


def _is_document(path: str) -> bool:
    """Whether a path looks like that of one document: with a number, or a title in its end."""
    plain = readable(path)
    last = plain.rpartition("/")[2]
    if _SCRIPT.search(last):
        return False
    letters = re.sub(r"%[0-9A-F]{2}", "-", plain)
    titled = len(_JOINED.findall(last)) > 1 or len(last) > _LONG_NAME
    return titled or any(map(str.isdigit, letters))


def _is_number_of_one(one: _Parameter) -> bool:
    """Whether a parameter is the number by which a script finds its document."""
    return bool(_ID.fullmatch(one.name)) and any(map(str.isdigit, one.value))
