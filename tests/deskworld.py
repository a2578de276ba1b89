"""A small made-up archive to look at: five outlets, three actors, a year, and what befell them.

What tasks of a researcher look for stands in it: one organisation in several spellings and two
languages, an article that was edited after publication, an agency's text in four papers, an outlet
that could not be reached for three days, a mention of somebody else of the same name, an undated
article, and one without text direction of its own (Arabic with Latin letters and figures).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from crawler.reading.findings import mentions_in
from crawler.reading.fingerprints import fingerprint
from crawler.reading.mentions import Matcher
from storage import agencies, coverage, day_counts, edits, stories
from storage.articles import ArticleStore
from storage.candidates import CandidateStore
from storage.database import Database, open_database
from storage.edits import Edit
from storage.events import EventStore
from storage.finding import Visit, VisitOutcome
from storage.models import (
    Actor,
    Agency,
    Alias,
    Candidate,
    Credit,
    FetchRecord,
    FoundBy,
    OutletRecord,
    Precision,
    Reading,
    keep_rule,
)
from storage.runs import RunStore

FIRST = datetime(2025, 12, 1, 21, tzinfo=UTC)
"""The first night; the last one is 350 days later."""
NIGHTS = tuple(range(0, 350, 7))
OUTLETS = tuple(
    OutletRecord(id, name, country, covers, kind, alignment, languages, zone, (f"{id[3:]}.test",))
    for id, name, country, covers, kind, alignment, languages, zone in (
        ("ma_sahifa", "صحيفة المثال", "ma", ("ma",), "daily", "independent", ("ar", "fr"),
         "Africa/Casablanca"),
        ("ma_depeche", "La Dépêche Exemple", "ma", ("ma",), "portal", "unknown", ("fr",),
         "Africa/Casablanca"),
        ("iq_nahr", "وكالة النهر المثالية", "iq", ("iq",), "agency", "state", ("ar",),
         "Asia/Baghdad"),
        ("iq_rojname", "Rojnameya Nimûne", "iq", ("iq",), "daily", "party", ("ckb", "kmr"),
         "Asia/Baghdad"),
        ("bh_marsa", "مرسى المثال", "gb", ("bh",), "portal", "exile", ("ar", "en"),
         "Asia/Bahrain"),
    )
)  # fmt: skip
SPELLINGS = ("جمعية ميراث الواحة", "جمعيّة ميراث الواحه", "Association Mirath al-Waha")
ACTORS = (
    Actor(
        "ma_mirath", "cso", ("ma",), ("environment", "rights"), "جمعية ميراث الواحة",
        aliases=(Alias("جمعية ميراث الواحة", "ar"), Alias("Association Mirath al-Waha", "fr"),
                 Alias("ڕێکخراوی میراسی واحە", "ckb")),
    ),
    Actor(
        "iq_salim", "person", ("iq",), ("rights",), "سليم النموذجي",
        aliases=(Alias("سليم النموذجي", "ar"), Alias("Salim al-Namouthaji", "en")),
    ),
    Actor("term_activist", "term", name="ناشط",
          aliases=(Alias("ناشط", "ar"), Alias("activiste", "fr"))),
    Actor("bh_hidden", "person", ("bh",), name="مخفية المثالية",
          aliases=(Alias("مخفية المثالية", "ar"),), suppress=True),
)  # fmt: skip
NAHR = Agency("nahr", "وكالة النهر المثالية", outlets=("iq_nahr",))
OUTAGE = (140, 147, 154)
"""Nights on which ma_depeche could not be reached."""
EDIT_NIGHT = 105
"""The night on which an article is found that two days later says something else."""
WIRE = (
    "قالت وكالة النهر المثالية إن المتطوعين أصلحوا سبع مضخات في الحي القديم من المدينة المثالية.\n"
    "وأضافت أن جمعية ميراث الواحة وزعت خلال الأسبوع الماضي مئة وعشرين صندوقا من الكتب على "
    "المدارس الواقعة على ضفة النهر، وأن المعلمين شكروا أهل القرية على ما قدموه من عون.\n"
    "وذكر سليم النموذجي أن العمل سيستمر حتى نهاية الموسم، وأن الجسر الصغير "
    "سيفتح من جديد قبل الشتاء."
)
EDITED = (
    "أعلنت البلدية أن جمعية ميراث الواحة مسؤولة عن تأخر الجسر المثالي.\n"
    "ولم يصدر عن البلدية أي توضيح حتى المساء.",
    "أعلنت البلدية أن الشركة المكلفة مسؤولة عن تأخر الجسر المثالي.\n"
    "وقالت البلدية إنها أخطأت في بيانها الأول، وصدر عنها توضيح في المساء.",
)
MIXED = (
    "تقرير 2026: جمعية ميراث الواحة (NGO Mirath) تطالب بـ 3.5 مليون",
    "وقع الاتفاق في 12/03/2026 بين «جمعيّة ميراث الواحه» و Association Mirath al-Waha، بنسبة 45%.\n"
    "الهاتف: +212 5 00-11-22، والموقع https://mirath.test/a?b=1&c=2 (بالعربية).",
)


@dataclass(frozen=True)
class Piece:
    """One article: who prints what, and how many nights after the first."""

    outlet: str
    language: str
    headline: str
    text: str
    night: int
    dated: bool = True
    agency: str = ""


def _weekly(night: int) -> Iterator[Piece]:
    """What every week brings, with some words of its own."""
    week = night // 7
    name = SPELLINGS[week % 2]
    who = f"\nوحضر اللقاء ناشط من {name} مع أهل الحي." if week % 3 else ""
    yield Piece(
        "ma_sahifa",
        "ar",
        f"أخبار الأسبوع {week + 1} من السوق القديم",
        f"ناقش المجلس المحلي في جلسته رقم {week + 40} ميزانية الماء والمدارس.{who}",
        night,
    )
    fr = f"\n{SPELLINGS[2]} a présenté son rapport numéro {week + 1}." if week % 2 else ""
    yield Piece(
        "ma_depeche",
        "fr",
        f"La semaine {week + 1} à l’école de l’exemple",
        f"Le conseil a parlé de la bibliothèque et du marché, pour la {week + 1}e fois.{fr}",
        night,
    )
    yield Piece(
        "iq_rojname",
        "ckb",
        f"هەواڵی هەفتەی {week + 1}ی شارۆچکە",
        f"خوێندکاران لە کتێبخانەی شار کۆبوونەوە و {week + 3} کتێبیان خوێندەوە.",
        night,
    )
    if week % 4 == 0:
        yield Piece(
            "iq_rojname",
            "kmr",
            f"Nûçeyên hefteya {week + 1}an",
            f"Şagirt li pirtûkxaneyê kom bûn û {week + 5} pirtûk xwendin.",
            night,
        )
    salim = "، وعن سليم النموذجي" if week % 5 == 1 else ""
    yield Piece("bh_marsa", "ar", f"مرسى الأسبوع {week + 1}",
                f"كتب المحرر عن البحر والصيد في العدد {week + 900}{salim}.", night)  # fmt: skip


def _pieces() -> Iterator[Piece]:
    for night in NIGHTS:
        yield from _weekly(night)
        if night == 70:
            wire = "متطوعون يصلحون سبع مضخات في الحي القديم"
            yield Piece("iq_nahr", "ar", wire, WIRE, night)
            for outlet, hours in (("bh_marsa", 0), ("ma_sahifa", 0), ("iq_rojname", 7)):
                yield Piece(outlet, "ar", wire, WIRE, night + hours, agency="nahr")
        if night == EDIT_NIGHT:
            yield Piece("iq_nahr", "ar", "البلدية تتحدث عن تأخر الجسر المثالي", EDITED[0], night)
        if night == 210:
            yield Piece("ma_sahifa", "ar", *MIXED, night)
            yield Piece(
                "ma_sahifa",
                "ar",
                "سليم النموذجي الحلاق يفتح دكانا",
                "افتتح الحلاق سليم النموذجي، وهو شخص آخر، دكانا في الزقاق الضيق.",
                night,
            )
            yield Piece(
                "bh_marsa",
                "en",
                "Undated notes of the harbour",
                "Salim al-Namouthaji wrote to the harbour office.",
                night,
                dated=False,
            )


def build_world(path: Path) -> None:
    """Make the archive, as crawls would have."""
    with open_database(path) as db:
        writer = _Writer(db)
        for night in sorted({piece.night for piece in _pieces()} | set(NIGHTS)):
            writer.night(night, [piece for piece in _pieces() if piece.night == night])
            if night == EDIT_NIGHT:
                writer.edit()
        writer.outage()
        _settle(db)


def store(path: Path, pieces: Sequence[Piece], outlets: Sequence[OutletRecord] = OUTLETS) -> None:
    """Make an archive of these articles and nothing else; their numbers follow their order."""
    with open_database(path) as db:
        writer = _Writer(db, outlets)
        for night in sorted({piece.night for piece in pieces}):
            writer.night(night, [piece for piece in pieces if piece.night == night])
        _settle(db)


def _settle(db: Database) -> None:
    """What a crawl's end does."""
    stories.settle(db)
    coverage.refresh(db)
    day_counts.recount(db)


class _Writer:
    """Stores with a clock that is set to each night."""

    def __init__(self, db: Database, outlets: Sequence[OutletRecord] = OUTLETS) -> None:
        self.db, self.now, self.outlets = db, FIRST, outlets
        agencies.register(db, [NAHR])
        self.runs = RunStore(db, clock=lambda: self.now)
        self.candidates = CandidateStore(db, clock=lambda: self.now)
        self.articles = ArticleStore(db, clock=lambda: self.now)
        self.matcher = Matcher(ACTORS)
        self.count = 0

    def night(self, night: int, pieces: list[Piece]) -> None:
        self.now = FIRST + timedelta(days=night)
        run_id = self.runs.open("crawl", outlets=self.outlets, actors=ACTORS)
        for outlet in self.outlets:
            mine = [piece for piece in pieces if piece.outlet == outlet.id]
            down = outlet.id == "ma_depeche" and night in OUTAGE
            outcome = VisitOutcome.NETWORK_ERROR if down else VisitOutcome.READ
            found = [] if down else [self._candidate(piece) for piece in mine]
            visit = Visit(
                outlet.id, FoundBy.FEED, f"https://{outlet.id[3:]}.test/rss", self.now, outcome,
                "refused" if down else "", shows_since=self.now - timedelta(days=8),
                reaches_back=not (outlet.id == "ma_depeche" and night == OUTAGE[-1] + 7),
            )  # fmt: skip
            fresh = self.candidates.record_visit(run_id, visit, found, None).fresh
            for piece, candidate in zip(mine if not down else [], fresh, strict=True):
                self._save(run_id, piece, candidate)
        self.runs.close(run_id, "done")

    def _candidate(self, piece: Piece) -> Candidate:
        self.count += 1
        host = f"{piece.outlet[3:]}.test"
        url = f"https://{host}/a/{self.count}"
        return Candidate(url, url[8:], piece.outlet, FoundBy.FEED, f"https://{host}/rss")

    def _save(self, run_id: int, piece: Piece, candidate: Candidate) -> int:
        fetch = FetchRecord(candidate.url, self.now, final_url=candidate.url, status=200)
        saved = self.articles.save(run_id, candidate, self._reading(piece, candidate), fetch)
        assert saved.article_id is not None
        return saved.article_id

    def _reading(self, piece: Piece, candidate: Candidate) -> Reading:
        found = mentions_in(self.matcher, piece.headline, piece.text)
        place = piece.text.find(NAHR.name)
        credit = Credit("nahr", "text", place, place + len(NAHR.name), NAHR.name, "lead")
        return Reading(
            url=candidate.url, final_url=candidate.url, outcome=None, headline=piece.headline,
            text=piece.text, language=piece.language, language_score=0.99,
            published_at=self.now - timedelta(hours=9) if piece.dated else None,
            published_precision=Precision.MINUTE if piece.dated else Precision.UNKNOWN,
            mentions=found, keep_rule=keep_rule(found), fingerprint=fingerprint(piece.text),
            credit=credit if piece.agency else None, methods=(("headline", "jsonld"),
            ("published_at", "jsonld"), ("text", "body")), charset="utf-8", reader_version="1",
        )  # fmt: skip

    def edit(self) -> None:
        """The agency rewrites an article two days later, and one actor is gone from it."""
        row = self.db.all(
            "SELECT a.id, a.url, a.headline, a.fetched_at FROM articles a "
            "JOIN article_texts t ON t.article_id = a.id WHERE t.text = ?", (EDITED[0],)
        )[0]  # fmt: skip
        self.now = FIRST + timedelta(days=EDIT_NIGHT + 2)
        piece = Piece("iq_nahr", "ar", row["headline"], EDITED[1], EDIT_NIGHT)
        run_id = self.runs.open("recheck", outlets=OUTLETS, actors=ACTORS)
        wanted = replace(self._candidate(piece), url=row["url"], url_key=row["url"][8:])
        (candidate,) = self.candidates.add(run_id, [wanted])
        self._save(run_id, piece, candidate)
        self.runs.close(run_id, "done")
        since = FIRST + timedelta(days=EDIT_NIGHT)
        told = {"article_id": row["id"], "version": 2, "at": self.now, "since": since}
        with self.db.write():
            edits.record(self.db, Edit(**told, kind="text"))
            gone = {"actor_id": "ma_mirath", "before": ACTORS[0].name}
            edits.record(self.db, Edit(**told, kind="actor_removed", **gone))

    def outage(self) -> None:
        """The trouble as the morning after would have opened and closed it."""
        store = EventStore(self.db, clock=lambda: FIRST + timedelta(days=OUTAGE[-1] + 7))
        evidence = {"outcome": "network_error", "visits": 3}
        began = FIRST + timedelta(days=OUTAGE[0])
        store.open("unreachable", "ma_depeche", "depeche.test", evidence, began)
        store.close("unreachable", "ma_depeche", "depeche.test", {})
