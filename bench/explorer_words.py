"""Sentences of our own for a large made-up archive, each with its index forms made once.

Places and people are put together from syllables, so that the archive has words of every rarity:
a few that stand in most articles, and thousands that stand in a handful.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from itertools import accumulate

from storage.stems import stems
from storage.text import fold


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence with its index forms; of an actor's, where the name stands in it."""

    text: str
    folded: str
    stemmed: str
    start: int = -1
    end: int = -1


@dataclass(frozen=True, slots=True)
class Pool:
    """The sentences of a language, the first ones far commoner than the last."""

    sentences: list[Sentence]
    weights: list[float]

    def draw(self, dice: random.Random, count: int) -> list[Sentence]:
        """So many sentences, with repeats."""
        return dice.choices(self.sentences, cum_weights=self.weights, k=count)


_SHAPES = {
    "ar": (
        "قال أهالي {place} إن {thing} في {other} تأخر عن موعده {number} يوما.",
        "ناقش المجلس المحلي في {place} ملف {thing} مع وفد من {other}.",
        "وأضاف المتحدث أن {number} أسرة من {place} تنتظر {thing} منذ الشتاء.",
        "افتتحت مدرسة في {place} قاعة جديدة من أجل {thing}.",
        "شهدت مدينة {place} لقاء حول {thing} حضره ممثلون عن {other}.",
        "وتعهدت البلدية بإصلاح {thing} على طريق {place} خلال {number} أسابيع.",
        "طالب معلمون من {place} بتوفير {thing} قبل بداية الموسم.",
        "نشرت صحيفة في {other} تقريرا عن {thing} وعن أهل {place}.",
        "وكان {number} متطوعا قد وصلوا إلى {place} للعمل على {thing}.",
        "من جهة أخرى أعلنت غرفة {place} عن معرض {thing} في {other}.",
    ),
    "fr": (
        "Les habitants de {place} attendent {thing} depuis {number} jours.",
        "Le conseil de {place} a discuté de {thing} avec une délégation de {other}.",
        "Une école de {place} a ouvert une salle pour {thing}.",
        "La commune promet de réparer {thing} sur la route de {place} en {number} semaines.",
        "Des enseignants de {other} demandent {thing} avant la rentrée à {place}.",
        "Selon le journal de {place}, {thing} a coûté {number} mille dirhams.",
    ),
    "en": (
        "Residents of {place} have waited for {thing} for {number} days.",
        "The council of {place} spoke about {thing} with a delegation from {other}.",
        "A school in {place} opened a new room for {thing}.",
        "Teachers from {other} asked for {thing} before the season in {place}.",
        "A report from {place} said that {number} families need {thing}.",
    ),
    "ckb": (
        "خەڵکی {place} چاوەڕێی {thing} دەکەن لە {number} ڕۆژەوە.",
        "ئەنجومەنی {place} لەگەڵ شاندێکی {other} باسی {thing}ی کرد.",
        "قوتابخانەیەک لە {place} هۆڵێکی نوێی بۆ {thing} کردەوە.",
        "مامۆستایانی {other} داوای {thing} دەکەن لە {place}.",
    ),
    "kmr": (
        "Gelê {place} li benda {thing} ye ji {number} rojan ve.",
        "Meclisa {place} bi şandeke ji {other} re li ser {thing} axivî.",
        "Dibistaneke li {place} odeyeke nû ji bo {thing} vekir.",
    ),
}
_THINGS = {
    "ar": "مشروع الماء,المكتبة العامة,ترميم الجسر,حقوق الصيادين,سوق الخضار,مركز الشباب,"
    "تقرير البيئة,نادي القراءة,دار الثقافة,حافلة المدرسة,مستوصف القرية,حديقة الحي,"
    "أرشيف المدينة,الميزانية,حرية الصحافة,جمعية النساء,قانون الجمعيات,متحف الصناعة",
    "fr": "le projet d’eau,la bibliothèque,le pont,les droits des pêcheurs,le marché,"
    "la presse libre,la maison des jeunes,le budget,l’archive,"
    "la loi sur les associations,le musée,le jardin",
    "en": "the water project,the public library,the bridge,fishing rights,the market,press freedom,"
    "the youth centre,the budget,the city archive,the law on associations,the museum,the garden",
    "ckb": "پڕۆژەی ئاو,کتێبخانە,پردەکە,مافی ڕاوچییان,بازاڕ,ئازادیی ڕۆژنامە,ناوەندی گەنجان,باخچە",
    "kmr": "projeya avê,pirtûkxaneyê,pirê,mafên masîgiran,bazarê,azadiya çapemeniyê,baxçe",
}
_SYLLABLES = {
    "ar": "را مو سي تل دار نو كا بير زي لو حا في شر مر سو با نا دي عين قص رم".split(),
    "fr": "ra mou si tal dar nou ka bir zi lo ha fi char mer so ba na di ain kas rem".split(),
    "ckb": "ڕا مۆ سی تەل دار نو کا بیر زێ لۆ ها ڤی شار مەر سۆ با نا دێ".split(),
}
_SYLLABLES |= {"en": _SYLLABLES["fr"], "kmr": _SYLLABLES["fr"]}
_NAMED = {
    "ar": ("وقالت {} إن العمل مستمر في الحي القديم.", "وشارك في اللقاء {} مع عدد من الأهالي.",
           "أصدر {} بيانا عن حقوق سكان الضفة."),
    "fr": ("Selon {}, le travail continue dans le vieux quartier.",
           "{} a publié un rapport sur les droits des riverains."),
    "en": ("According to {}, work goes on in the old quarter.",
           "{} published a report on the rights of the residents."),
    "ckb": ("{} ڕاگەیاندنێکی لەسەر مافی خەڵک بڵاو کردەوە.",),
    "kmr": ("{} li ser mafên gel raporek belav kir.",),
}  # fmt: skip
SIZES = {"ar": 7_000, "fr": 3_000, "en": 2_000, "ckb": 2_000, "kmr": 800}
"""Sentences of each language."""


def places(language: str, count: int = 900) -> list[str]:
    """Made-up names of places, the common ones first."""
    dice = random.Random(f"places {language}")
    pieces = _SYLLABLES[language]
    names = {"".join(dice.choices(pieces, k=dice.choice((2, 3, 3)))) for _ in range(count * 2)}
    latin = language in ("fr", "en", "kmr")
    return [name.capitalize() if latin else name for name in sorted(names)[:count]]


def pool(language: str) -> Pool:
    """The sentences of a language with their weights."""
    dice = random.Random(f"sentences {language}")
    names, things = places(language), _THINGS[language].split(",")
    ranks = list(accumulate(1 / (rank + 3) for rank in range(len(names))))
    made: dict[str, None] = {}
    while len(made) < SIZES[language]:
        place, other = dice.choices(names, cum_weights=ranks, k=2)
        words = {"thing": dice.choice(things), "number": dice.randrange(2, 400)}
        shape = dice.choice(_SHAPES[language])
        made[shape.format(place=place, other=other, **words)] = None
    sentences = [sentence(text, language) for text in made]
    weights = accumulate(1 / (rank + 20) ** 0.7 for rank in range(len(sentences)))
    return Pool(sentences, list(weights))


def sentence(text: str, language: str) -> Sentence:
    """A sentence as the index will hold it."""
    return Sentence(text, fold(text), stems(text, language))


def naming(name: str, language: str) -> list[Sentence]:
    """Sentences that name somebody."""
    made = []
    for shape in _NAMED[language]:
        start = shape.index("{}")
        text = shape.format(name)
        plain = sentence(text, language)
        end = start + len(name)
        made.append(Sentence(text, plain.folded, plain.stemmed, start, end))
    return made
