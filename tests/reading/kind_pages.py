"""Pages that are no article, and articles that look like them, as made-up sites would show them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from itertools import islice

PLACES = (
    *("the old harbour", "the northern market", "Willow Street", "the river school"),
    *("the grain silo", "the hill clinic", "the lower bridge", "the tram depot"),
    *("the salt works", "the town library", "the fish hall", "the stone quarry"),
)
NEWS = (
    "Residents of {0} ask the council for a new water pipe",
    "Teachers near {0} begin a strike over unpaid winter wages",
    "Court adjourns the case about {0} until the end of March",
    "Volunteers plant four hundred trees around {0} this weekend",
)
TEASER = (
    "The decision was announced on Tuesday after a meeting at {0}, and people who live there say"
    " that nobody had asked them before the work began."
)
PARAGRAPH = (
    "People who live around {0} said on Tuesday that the work had begun without a word to them,"
    " that the pipes laid in the spring leak again, and that the engineer who had promised to come"
    " back has not been seen since. The council answered in writing that the budget for repairs had"
    " been spent, that a second tender would be opened before the summer, and that the committee"
    " of residents would be heard in its next public session at the town hall."
)


def headlines(count: int = 12) -> Iterator[str]:
    """Headlines of other articles, each once."""
    return islice((news.format(place) for news in NEWS for place in PLACES), count)


def teasers(count: int = 12) -> list[str]:
    """What stands under the headlines of a list."""
    return [TEASER.format(PLACES[number % len(PLACES)]) for number in range(count)]


def paragraphs(count: int = 5) -> str:
    """An article's text."""
    return "".join(f"<p>{PARAGRAPH.format(place)}</p>" for place in PLACES[:count])


def html(title: str, body: str, head: str = "", lang: str = "en") -> str:
    """A page with the frame that every site has."""
    return (
        f'<!DOCTYPE html><html lang="{lang}"><head><meta charset="utf-8"><title>{title}</title>'
        f'{head}</head><body><div id="t"><a href="/">Home</a> <a href="/s/1">News</a>'
        f' <a href="/s/2">Sport</a></div>{body}<div id="f">All rights reserved</div></body></html>'
    )


def jsonld(**node: object) -> str:
    """A script that describes something."""
    node = {"@context": "https://schema.org", **node}
    return f'<script type="application/ld+json">{json.dumps(node, ensure_ascii=False)}</script>'


def meta(**properties: str) -> str:
    """Open Graph; `og_type` stands for og:type, `article_published_time` for its own."""
    names = {name: name.replace("_", ":", 1) for name in properties}
    return "".join(f'<meta property="{names[n]}" content="{v}">' for n, v in properties.items())


# ---------------------------------------------------------------- lists of articles


def _links(count: int = 12) -> list[str]:
    return [f'<a href="/2026/{n}/a-{n}">{line}</a>' for n, line in enumerate(headlines(count), 1)]


def _list(pieces: Iterable[str]) -> str:
    return "".join(pieces)


def _cards() -> str:
    both = zip(_links(), teasers(), strict=True)
    cards = (f"<article><h3>{link}</h3><p>{text}</p></article>" for link, text in both)
    return html("Politics | Example", f"<main><h1>Politics</h1>{_list(cards)}</main>")


def _bare_links() -> str:
    items = "".join(f"<li>{link} <span>2 March</span></li>" for link in _links(20))
    return html("Archive - Example", f"<h1>Archive</h1><ul>{items}</ul>")


def _whole_card_linked() -> str:
    both = zip(headlines(), teasers(), strict=True)
    cards = (
        f'<a class="x{n}" href="/n/{n}"><img src="/{n}.jpg"><h2>{line}</h2><p>{text}</p></a>'
        for n, (line, text) in enumerate(both)
    )
    return html("News | Example", f"<div>{_list(cards)}</div>", meta(og_type="website"))


def _table() -> str:
    both = zip(_links(), teasers(), strict=True)
    rows = (
        f"<tr><td><img src=a.gif></td><td><b>{link}</b><br>{text}</td></tr>" for link, text in both
    )
    return html("Example news", f"<table><tr><td><table>{_list(rows)}</table></td></tr></table>")


def _tag_page() -> str:
    both = zip(_links(8), teasers(8), strict=True)
    posts = (
        f"<div><h2>{link}</h2><div>by Rosa Quill on 2 March 2026</div><p>{text}</p>"
        f'<p><a href="/2026/{n}/a-{n}">Continue reading about it here</a></p></div>'
        for n, (link, text) in enumerate(both, 1)
    )
    head = meta(og_type="article") + jsonld(**{"@type": "CollectionPage", "name": "water"})
    return html("water Archives - Example", f"<h1>Tag: water</h1>{_list(posts)}", head)


def _search_page() -> str:
    both = zip(_links(10), teasers(10), strict=True)
    found = (f"<dl><dt>{link}</dt><dd>{text}</dd></dl>" for link, text in both)
    head = jsonld(**{"@type": "SearchResultsPage", "name": "Search"})
    return html("Search results for: pipe", f"<h1>10 results for pipe</h1>{_list(found)}", head)


def _author_page() -> str:
    both = zip(_links(9), teasers(9), strict=True)
    about = "<p>Rosa Quill writes about the harbour and the river.</p>"
    posts = (f"<section><h3>{link}</h3><p>{text}</p></section>" for link, text in both)
    head = jsonld(**{"@type": "ProfilePage", "name": "Rosa Quill"})
    return html("Rosa Quill, Author at Example", f"<h1>Rosa Quill</h1>{about}{_list(posts)}", head)


def _front_page_with_article_data() -> str:
    both = zip(_links(), teasers(), strict=True)
    cards = (f"<div><div>{link}</div><div>{text}</div></div>" for link, text in both)
    items = [
        {"@type": "NewsArticle", "headline": line, "datePublished": f"2026-03-{day:02}"}
        for day, line in enumerate(headlines(), 1)
    ]
    return html("Example, the daily", _list(cards), jsonld(**{"@graph": items}))


def _arabic_list() -> str:
    links = (
        f'<h3><a href="/a/{n}">سكان الحي رقم {n} يطالبون البلدية بمد أنابيب مياه جديدة</a></h3>'
        f"<p>قال السكان يوم الثلاثاء إن الأشغال رقم {n} بدأت من دون أن يسألهم أحد عن رأيهم.</p>"
        for n in range(10)
    )
    return html("مجتمع | المثال", f"<h1>مجتمع</h1>{_list(links)}", lang="ar")


def _cut_posts() -> str:
    cut = " ".join(PARAGRAPH.format("it").split()[:55])
    posts = (
        f'<article class="post"><h2>{link}</h2><div>by <a href="/author/rosa">Rosa Quill</a></div>'
        f"<p>{cut} [\u2026]</p></article>"
        for link in _links(10)
    )
    return html("Society Archives - Example", f"<h1>Category: Society</h1>{_list(posts)}")


def _read_more() -> str:
    both = zip(headlines(), teasers(), strict=True)
    cards = (
        f'<div><h3>{line}</h3><p>{text}</p><a href="/n/{n}">Read more</a></div>'
        for n, (line, text) in enumerate(both)
    )
    return html("Example", _list(cards))


def _section_with_an_introduction() -> str:
    about = " ".join(PARAGRAPH.format("the river").split()[:45])
    both = zip(_links(6), teasers(6), strict=True)
    cards = (f"<div><h3>{link}</h3><p>{text}</p></div>" for link, text in both)
    return html("Water | Example", f"<h1>Water</h1><p>{about}.</p>{_list(cards)}")


INDEXES: dict[str, Callable[[], str]] = {
    "cards": _cards,
    "bare links": _bare_links,
    "cards that are links": _whole_card_linked,
    "a table": _table,
    "a tag": _tag_page,
    "a search": _search_page,
    "an author": _author_page,
    "a front page with article data": _front_page_with_article_data,
    "an Arabic section": _arabic_list,
    "posts that break off": _cut_posts,
    "read more": _read_more,
    "a section with an introduction": _section_with_an_introduction,
}


# ---------------------------------------------------------------- live blogs and galleries


def _entries(times: Iterable[str], wrap: str) -> str:
    return "".join(
        wrap.format(time=time, text=TEASER.format(place))
        for time, place in zip(times, PLACES, strict=False)
    )


_TIMES = [f"{18 - hour // 2}:{30 * (hour % 2):02}" for hour in range(12)]

LIVE_BLOGS: dict[str, str] = {
    "by its type": html(
        "Storm on the coast",
        f"<h1>Storm on the coast</h1>{paragraphs(4)}",
        jsonld(
            **{"@type": "LiveBlogPosting"},
            headline="Storm on the coast",
            coverageStartTime="2026-03-02T08:00:00Z",
        ),
    ),
    "by its entries": html(
        "Storm on the coast: live updates",
        "<h1>Storm on the coast: live updates</h1>" + _entries(_TIMES, "<p>{time} {text}</p>"),
    ),
    "in French": html(
        "EN DIRECT - Tempête sur la côte",
        "<h1>EN DIRECT - Tempête sur la côte</h1>"
        + _entries([time.replace(":", "h") for time in _TIMES], "<p><b>{time}</b> {text}</p>"),
        lang="fr",
    ),
    "in Arabic": html(
        "مباشر: العاصفة على الساحل لحظة بلحظة",
        "<h1>مباشر: العاصفة على الساحل لحظة بلحظة</h1>"
        + "".join(
            f"<p>{time} قالت البلدية إن الطريق رقم {n} أغلق أمام السيارات حتى صباح الغد.</p>"
            for n, time in enumerate(_TIMES)
        ),
        lang="ar",
    ),
}


def _pictures(wrap: str, count: int = 8) -> str:
    lines = [TEASER.format(place).split(",")[0] for place in PLACES[:count]]
    return "".join(wrap.format(n=n, text=line) for n, line in enumerate(lines))


_FIGURE = '<figure><img src="/{n}.jpg"><figcaption>{text} ({n}).</figcaption></figure>'

GALLERIES: dict[str, str] = {
    "by its type": html(
        "Winter at the harbour",
        "<h1>Winter at the harbour</h1>"
        + _pictures('<div><img src="/{n}.jpg"><p>{text}.</p></div>'),
        jsonld(**{"@type": "ImageGallery", "name": "Winter at the harbour"}),
    ),
    "by captions": html(
        "In pictures: winter at the harbour",
        "<h1>In pictures: winter at the harbour</h1><article>" + _pictures(_FIGURE) + "</article>",
    ),
    "in French, without captions' own tag": html(
        "L'hiver au port en images",
        "<h1>L'hiver au port en images</h1>" + _pictures('<img src="/{n}.jpg"><p>{text} ici.</p>'),
        lang="fr",
    ),
    "in Arabic": html(
        "بالصور.. الشتاء في الميناء القديم",
        "<h1>بالصور.. الشتاء في الميناء القديم</h1>"
        + "".join(
            f'<div><img src="/{n}.jpg"><div>صيادون يصلحون شباكهم في الميناء يوم {n}</div></div>'
            for n in range(9)
        ),
        lang="ar",
    ),
}


# ---------------------------------------------------------------- in the place of another page

CONSENTS: dict[str, str] = {
    "a title that asks": html("Avant de continuer", "<p>Nos cookies et vous, en deux mots.</p>"),
    "a wall of partners": html(
        "Example",
        "<h1>We care about you</h1><p>We and our 812 partners use cookies to store and access"
        " information on a device, with your consent, for advertising and to measure it. You can"
        " accept or reject this, or change your privacy settings. Our partners process data with"
        " your consent. Accept all cookies or reject all cookies and see the list of partners.</p>",
    ),
    "in German": html(
        "Beispiel",
        "<p>Wir und unsere Partner verwenden Cookies. Mit Ihrer Einwilligung verarbeiten Partner"
        " Ihre Daten; die Einwilligung steht im Datenschutz. Cookies akzeptieren oder Cookies"
        " ablehnen, Einwilligung jederzeit im Datenschutz ändern, Zustimmung der Partner.</p>",
        lang="de",
    ),
    "in Arabic": html(
        "قبل المتابعة إلى الموقع",
        "<p>نستخدم ملفات تعريف الارتباط لتحسين الخدمة. اختر قبول الكل أو رفض الكل للمتابعة.</p>",
        lang="ar",
    ),
}

_REST = {
    "en": "Check the address or go back to the home page and use the search there. If you think"
    " that this is our mistake, write to us and tell us how you came here, please. Thank you.",
    "fr": "Vérifiez l'adresse ou retournez à l'accueil et faites une recherche. Si vous pensez"
    " que c'est une erreur de notre part, écrivez-nous et dites-nous d'où vous venez. Merci.",
    "ar": "يرجى التحقق من العنوان أو العودة إلى الصفحة الرئيسية واستخدام البحث هناك. إذا كنت تعتقد"
    " أن الخطأ من جانبنا فاكتب إلينا وأخبرنا كيف وصلت إلى هنا وشكرا لك على تعاونك معنا.",
    "ckb": "تکایە ناونیشانەکە بپشکنە یان بگەڕێوە بۆ لاپەڕەی سەرەکی و گەڕان بەکار بهێنە. ئەگەر پێت"
    " وایە هەڵەی ئێمەیە بۆمان بنووسە و پێمان بڵێ چۆن گەیشتیتە ئێرە، زۆر سوپاس بۆ هاوکاریت.",
    "kmr": "Ji kerema xwe navnîşanê kontrol bike an vegere rûpela sereke û lêgerînê bi kar bîne."
    " Heke tu difikirî ku ev çewtiya me ye, ji me re binivîse û bêje tu çawa hatî vir. Spas.",
    "de": "Bitte prüfen Sie die Adresse oder gehen Sie zur Startseite und nutzen Sie die Suche."
    " Wenn Sie meinen, dass es unser Fehler ist, schreiben Sie uns, wie Sie hierher kamen. Danke.",
    "es": "Compruebe la dirección o vuelva a la portada y use el buscador que hay allí. Si cree que"
    " es un error nuestro, escríbanos y díganos cómo ha llegado hasta aquí. Muchas gracias.",
}


def _missing(lang: str, title: str, said: str = "") -> str:
    heading = f"<h1>{said}</h1>" if said else ""
    return html(title, f"<div>{heading}<p>{_REST[lang]}</p></div>", lang=lang)


MISSING: dict[str, str] = {
    "title, en": _missing("en", "Page not found - Example"),
    "number, en": _missing("en", "404", "Sorry!"),
    "heading, en": _missing("en", "Example", "The page you are looking for has moved"),
    "title, fr": _missing("fr", "Page introuvable | Exemple"),
    "heading, fr": _missing("fr", "Exemple", "La page que vous recherchez n'existe plus"),
    "title, ar": _missing("ar", "الصفحة غير موجودة - المثال"),
    "heading, ar": _missing("ar", "المثال", "عذراً، الصفحة التي تبحث عنها غير متاحة"),
    "title, ckb": _missing("ckb", "پەڕەکە نەدۆزرایەوە | نموونە"),
    "heading, ckb": _missing("ckb", "نموونە", "ببوورە، ئەم لاپەڕەیە بوونی نییە"),
    "title, kmr": _missing("kmr", "Rûpel nehat dîtin – Mînak"),
    "title with its number, kmr": _missing("kmr", "404 nehat dîtin"),
    "title with its number, ckb": _missing("ckb", "404 نەدۆزرایەوە | نموونە"),
    "heading, kmr": _missing("kmr", "Mînak", "Rûpela ku hûn lê digerin tune ye"),
    "title, de": _missing("de", "Seite nicht gefunden | Beispiel"),
    "title, es": _missing("es", "Página no encontrada – Ejemplo"),
}

ERRORS: dict[str, str] = {
    "a database": _missing("en", "Database Error"),
    "a fault": _missing("en", "Example", "Something went wrong"),
    "maintenance": _missing("fr", "Site en maintenance | Exemple"),
    "a fault, ar": _missing("ar", "حدث خطأ - المثال"),
}

LOGINS: dict[str, str] = {
    "en": _missing("en", "Sign in | Example"),
    "ar": _missing("ar", "تسجيل الدخول - المثال"),
}

WITHOUT_SCRIPT: dict[str, str] = {
    "a shell": html(
        "Example",
        "<p>You need to enable JavaScript to run this app. Please turn it on in the settings of"
        " your browser, load this page once more, and then go on to read what you came for.</p>",
        meta(og_type="article"),
    ),
    "an empty shell": html(
        "Example", '<div id="app"></div><noscript>JavaScript, please</noscript>'
    ),
}

VIDEOS: dict[str, str] = {
    "its type": html(
        "The harbour in winter",
        '<video src="/v.mp4"></video><p>A short film about the harbour in winter, made by the'
        " people who work there, with songs of the sailors and the sound of the ice as it breaks"
        " against the wooden piers.</p>",
        meta(og_type="video.other"),
    ),
}


# ---------------------------------------------------------------- articles that look like these


def _signed(headline: str, body: str, lang: str = "en") -> str:
    return html(f"{headline} | Example", f"<h1>{headline}</h1>{body}", lang=lang)


def _long_list() -> str:
    items = (
        f'<h2><a href="/guide/{n}">Number {n}: a walk around {place}</a></h2><p>'
        f"{PARAGRAPH.format(place)}</p>"
        for n, place in enumerate(PLACES, 1)
    )
    return _signed("Twelve walks along the river for a dry Sunday", "".join(items))


def _gifts() -> str:
    items = (
        f'<h3><a href="https://shop{n}.test/x/{n}">A lamp for the boats of {place}</a></h3>'
        f"<p>{TEASER.format(place)}</p>"
        for n, place in enumerate(PLACES)
    )
    return _signed("Twelve gifts", "".join(items))


def _flash_with_cards() -> str:
    cards = "".join(f"<div><h3>{link}</h3></div>" for link in _links(8))
    flash = "<p>The council of the harbour district resigned on Tuesday evening, its speaker said;"
    flash += " a new one will be elected before the end of the month.</p>"
    return html(
        "Harbour council resigns | Example",
        f"<main><h1>Harbour council resigns</h1>{flash}</main><div>{cards}</div>",
        meta(og_type="article"),
    )


def _with_links_inside() -> str:
    body = "".join(
        f'<p><a href="/o/{n}">{line}</a>, as we wrote last week. {PARAGRAPH.format("it")}</p>'
        for n, line in enumerate(headlines(6))
    )
    return _signed("What became of six promises to the harbour", body)


NEAR_MISSES: dict[str, str] = {
    "a long list article": _long_list(),
    "a list of things in shops": _gifts(),
    "an article with a gallery": _signed(
        "In pictures: how the harbour was rebuilt", paragraphs(3) + _pictures(_FIGURE)
    ),
    "an article about cookies": _signed(
        "Cookie consent: what the new rules mean",
        "<p>The regulator wants cookies explained in one sentence, and partners named.</p>"
        + paragraphs(4),
    ),
    "an article about a 404": _signed(
        "Page not found: how a ministry lost its archive", paragraphs(4)
    ),
    "a short article with a number": _signed(
        "404 killed on the roads since January",
        "<p>The ministry said on Tuesday that 404 people had been killed on the roads since the"
        " first of January, a third of them on the coast road, where lamps are missing.</p>",
    ),
    "a short one about what does not exist": _signed(
        "المفقودون لم يتم العثور عليهم حتى الآن",
        "<p>قالت فرق الإنقاذ يوم الثلاثاء إن المفقودين لم يتم العثور عليهم حتى الآن وإن البحث مستمر"
        " في النهر وعلى ضفتيه، وإن سوء الأحوال الجوية يعيق عمل الغواصين منذ ليلة أمس.</p>",
        lang="ar",
    ),
    "a short one about a moment": _signed(
        "لحظة وصول القافلة",
        "<p>وصلت القافلة يوم الثلاثاء إلى المدينة القديمة بعد رحلة دامت ثلاثة أيام، واستقبلها"
        " السكان عند الجسر، وقال منظموها إن المساعدات ستوزع على القرى المجاورة غداً صباحاً.</p>",
        lang="ar",
    ),
    "a flash among cards": _flash_with_cards(),
    "links inside its text": _with_links_inside(),
    "three times in a live style": _signed(
        "Harbour fire under control, live report",
        "<p>08:10 The alarm is raised at the fish hall.</p><p>09:30 Boats leave the basin.</p>"
        "<p>12:00 The fire is under control.</p>" + paragraphs(2),
    ),
    "an article on logging in": _signed("Log in and vote: a guide", paragraphs(3)),
    "an article that says enable JavaScript": _signed(
        "Why a page asks you to enable JavaScript", paragraphs(3)
    ),
    "an article with a video": html(
        "Harbour film wins a prize",
        f"<h1>Harbour film wins a prize</h1><video src=/v.mp4></video>{paragraphs(2)}",
        jsonld(**{"@type": "VideoObject", "name": "film"}),
    ),
}
