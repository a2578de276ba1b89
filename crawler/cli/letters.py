"""Letters to outlets: who reads them, what was refused since when, how gently, and what we ask.

Polite, short, and without the name of any person. In Arabic, what is written from left to right
(addresses, our name as a visitor) is isolated, so that it stays whole between Arabic words.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

LANGUAGES = ("ar", "fr", "en")
RIGHT_TO_LEFT_MARK = "\u200f"
_LEFT_TO_RIGHT, _END = "\u2066", "\u2069"


@dataclass(frozen=True)
class Refused:
    """One thing that was refused: a kind of trouble, the address, and since when."""

    kind: str
    place: str
    since: datetime


@dataclass(frozen=True)
class Sender:
    """Who writes: the contact of the workspace, what we call ourselves, and our pace."""

    contact: str
    user_agent: str
    pause: float  # seconds between two requests


_WHAT = {
    "ar": {
        "blocked": "رُفض طلبنا",
        "robots": "لا يسمح ملف robots.txt بالقراءة",
        "gone": "لم يعد العنوان موجوداً",
        "certificate": "تعذّر التحقق من شهادة الموقع",
        "server_error": "أجاب الخادم بخطأ",
        "rate_limited": "طُلب منا الانتظار",
        "html_feed": "تظهر صفحة ويب مكان الخلاصة",
        "empty_feed": "الخلاصة فارغة",
        "broken_feed": "الخلاصة غير سليمة ولا يمكن قراءتها",
        "frozen": "لا تظهر مواد جديدة",
        "unreachable": "لا يصل أي جواب",
        "": "لم نتمكن من القراءة",
    },
    "fr": {
        "blocked": "notre demande est refusée",
        "robots": "robots.txt n'autorise pas la lecture",
        "gone": "l'adresse n'existe plus",
        "certificate": "le certificat du site ne peut pas être vérifié",
        "server_error": "le serveur répond par une erreur",
        "rate_limited": "on nous demande d'attendre",
        "html_feed": "une page web apparaît à la place du flux",
        "empty_feed": "le flux est vide",
        "broken_feed": "le flux est défectueux et illisible",
        "frozen": "rien de nouveau n'y apparaît",
        "unreachable": "aucune réponse n'arrive",
        "": "la lecture n'est pas possible",
    },
    "en": {
        "blocked": "our request is refused",
        "robots": "robots.txt does not allow reading",
        "gone": "the address no longer exists",
        "certificate": "the certificate of the site cannot be verified",
        "server_error": "the server answers with an error",
        "rate_limited": "we are asked to wait",
        "html_feed": "a web page appears in the place of the feed",
        "empty_feed": "the feed is empty",
        "broken_feed": "the feed is damaged and cannot be read",
        "frozen": "nothing new appears in it",
        "unreachable": "no answer arrives",
        "": "it cannot be read",
    },
}
_SINCE = {"ar": "{place}: {what}، منذ {day}", "fr": "{place} : {what}, depuis le {day}",
          "en": "{place}: {what}, since {day}"}  # fmt: skip
_SAW = {
    "ar": "ما لاحظناه (التواريخ بالتوقيت العالمي):",
    "fr": "Ce que nous avons constaté (dates en temps universel) :",
    "en": "What we noticed (days in UTC):",
}
_NOTHING = {
    "ar": "نكتب إليكم للتعريف بأنفسنا.",
    "fr": "Nous écrivons pour nous présenter.",
    "en": "We write to introduce ourselves.",
}
_TEXTS = {
    "ar": """\
إلى هيئة تحرير {outlet}

تحية طيبة وبعد،

نجري بحثاً في كيفية تناول وسائل الإعلام للمجتمع المدني، ونقرأ لهذا الغرض ما تنشرونه للعموم. \
يعرّف برنامجنا نفسه عند كل زيارة بهذا الاسم: {agent}

{refused}

نقرأ برفق: طلب واحد في كل مرة، وبين كل طلبين {pause} من الثواني على الأقل. نلتزم بملف robots.txt \
وبكل طلب للانتظار، ولا نقرأ إلا ما هو متاح للجميع، ولا نعيد نشر نصوصكم.

نرجو منكم السماح لبرنامجنا بقراءة الخلاصات (RSS) وخريطة الموقع وصفحات المواد، أو إعلامنا بالطريقة \
التي تفضلونها. وإن كنتم لا ترغبون في ذلك فأخبرونا وسنتوقف.

للتواصل: {contact}

مع خالص الشكر والتقدير
""",
    "fr": """\
À la rédaction de {outlet}

Madame, Monsieur,

Nous menons une recherche sur la manière dont les médias parlent de la société civile et lisons à \
cette fin ce que vous publiez. À chaque visite, notre programme se présente sous ce nom : {agent}

{refused}

Nous lisons avec retenue : une seule demande à la fois, et au moins {pause} secondes entre deux \
demandes. Nous respectons robots.txt et toute demande d'attendre, nous ne lisons que ce qui est \
ouvert à tous, et nous ne republions pas vos textes.

Nous vous prions de permettre à notre programme de lire vos flux RSS, votre plan du site (sitemap) \
et les pages de vos articles, ou de nous dire comment vous préférez que nous procédions. Si vous \
ne le souhaitez pas, dites-le-nous et nous cesserons.

Contact : {contact}

Avec nos remerciements
""",
    "en": """\
To the editors of {outlet}

Dear editors,

We study how media report on civil society, and for this we read what you publish. At every visit \
our program introduces itself by this name: {agent}

{refused}

We read gently: one request at a time, with at least {pause} seconds between two requests. We obey \
robots.txt and every request to wait, we read only what is open to everybody, and we do not \
publish your texts again.

We kindly ask you to let our program read your RSS feeds, your sitemap and the pages of your \
articles, or to tell us which way you prefer. If you do not want this, tell us and we will stop.

Contact: {contact}

With kind thanks
""",
}


def letter(language: str, outlet: str, refused: Sequence[Refused], sender: Sender) -> str:
    """The letter as plain text, ready to be sent. `language` is one of LANGUAGES."""
    lines = [f"- {_line(language, one)}" for one in refused]
    lines = [_SAW[language], *lines] if lines else [_NOTHING[language]]
    text = _TEXTS[language].format(
        outlet=outlet,
        agent=_isolated(language, sender.user_agent),
        refused="\n".join(lines),
        pause=_isolated(language, f"{sender.pause:g}"),
        contact=_isolated(language, sender.contact),
    )
    if language != "ar":
        return text
    return "".join(
        f"{RIGHT_TO_LEFT_MARK}{line}" if line.strip() else line
        for line in text.splitlines(keepends=True)
    )


def _line(language: str, one: Refused) -> str:
    known = _WHAT[language]
    return _SINCE[language].format(
        place=_isolated(language, one.place),
        what=known.get(one.kind, known[""]),
        day=_isolated(language, f"{one.since:%Y-%m-%d}"),
    )


def _isolated(language: str, text: str) -> str:
    return f"{_LEFT_TO_RIGHT}{text}{_END}" if language == "ar" else text
