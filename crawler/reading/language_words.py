"""Words and letters by which a title shows its language: evidence beside the model's.

A title of fifty characters holds two or three of the smallest words of its language, and they are
no names. The lists are short on purpose: only words that stand in every paper every day.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator

WORD = 3.0
"""What a word of one language's list adds to its log-probability …"""
MOST_WORDS = 3.0
"""… as often as this at most, in words: a long text is for the model."""
LETTER = 3.0
"""What each letter that a language does not write takes from it."""

_WORDS = {
    "ar": (
        "من في على الى عن مع ان هذا هذه ذلك ما لا بعد قبل بين التي الذي كان عند حول ضد خلال هو "
        "هي لم لن قد كل او ثم حتى منذ غير بعض كما نحو لدى اي ليس هل لماذا تم اكثر دون عبر اثر "
        "امام تحت فوق جديد جديدة عام اليوم هاد ديال اللي شنو واش علاش باش دابا بزاف فين ماشي "
        "راه هسه شلون شكو اكو ماكو ليش وين هاي وايد شو بدنا مش مفيش ازاي ايه عشان علشان كده اوي"
    ),
    "ckb": (
        "له به ده نه هه بو كه ئه وه كرد دواى لە بۆ کە بە لەسەر لەگەڵ دوای ئەو ئەم دەکات دەکەن "
        "کرد نێوان ناو زۆر یەک بوو هەیە نییە دەبێت کرا پێش خۆی تر هەموو چەند نوێ دوو سێ یان "
        "بەڵام بەهۆی هەر زور نوي"
    ),
    "fa": (
        "از را در که به ده نه او بین با برای این است شد می ها های هم آن یک شده خود بود کرد ای "
        "تا بر هر نیست دارد کند چه اما یا اگر من ما شما نمی باید خواهد داد گفت پس روی درباره "
        "هزار ترین اند شدند کردند"
    ),
    "ur": "کے کی کا میں سے کو نے پر اور ہے ہیں کر دیا گیا گئی نہیں یہ وہ بھی تک لیے ہو گا گی",
    "ps": "د په کې چې او ته کړ شو کړه سره وي دی هم يې یې څخه نه کوي شول",
    "ug": "ۋە بىلەن بىر ئۈچۈن بۇ ئىدى دەپ قىلدى",
    "fr": (
        "le la les des du de et est un une dans pour sur au aux par avec qui que ce ces cette "
        "se sa son ses leur leurs pas ne plus en après avant sous entre contre il elle ils nous "
        "vous à où l d s c n qu j selon chez sans mais ou été sont a ont fait face depuis vers "
        "comme dès"
    ),
    "en": (
        "the of to and in for on is are with at from by as an after over be that has have was "
        "were it its this will not says said who what how why new against into up out off about "
        "more than their his her he she they we you your i do does can could would may amid no "
        "all but or if when where which before between under during through first get gets take "
        "takes set one two three my our us them down back still"
    ),
    "es": (
        "el los las del y en que por para con una un se su sus más al tras es como sin sobre "
        "entre de la lo no desde hasta contra pero fue han ha este esta según a"
    ),
    "pt": (
        "o os as do da dos das em no na nos nas para com um uma não ao aos pelo pela mais é são "
        "que de e por se à foi após sobre"
    ),
    "it": (
        "il lo gli di che per del della dei delle degli con una un nel nella è al alla alle più "
        "sono da le la i e non in si tra dal dalla dopo sui sulla dell l"
    ),
    "de": (
        "der die das und den dem von für mit auf ist im zu nach bei ein eine einen sich nicht "
        "in aus vor wie zum zur über gegen wird des als auch am es sind hat werden wegen um an"
    ),
    "nl": (
        "de het een van en voor met op is in te niet zijn aan bij naar om door dat die uit over "
        "wordt na tegen als ook er heeft"
    ),
    "sv": "och att det som en ett på är för av med den till inte har i om från efter de var men",
    "no": "og det som en et på er for av med den til ikke har i om fra etter de var å men",
    "da": "og det som en et på er for af med den til ikke har i om fra efter de var at men",
    "pl": "w i z na do się nie że o jest za po od dla przez jak to są oraz",
    "ro": "și şi de la în pentru cu pe nu din care ce a fost mai un o au este după să al",
    "ca": "i de la el els les amb per al del una que un en es no ha dels als",
    "tr": (
        "ve bir için ile bu da de olarak daha en sonra kadar gibi çok olan ne ki her yeni önce "
        "göre ilk iki üç var yok dedi oldu etti"
    ),
    "az": "və bir üçün ilə bu da də olan edib olub görə sonra ən daha hər iki üç",
    "kmr": (
        "li di de bi ji bo û ku jî jê ser ya yê yên xwe hat hate tê dike dikin kir kirin re nav "
        "her wî wê ew ez em ne nû hatin bûn bû bûye navbera gel me wan dê çi jin sê du dibe îro "
        "piştî hatiye ev vê vî ber ket nîne bûne were min te tu heye nikare"
    ),
    "zza": (
        "yo ya de ke ma seba xo kerd kerdo kerdî kerdene bîyî biyo ra rê o zî çin pêser verên "
        "verê hîrê sero miyan ey a yê kenê keno vanê vano ame ameyo ameyî ameye panc newe "
        "derheqê"
    ),
    "ary": (
        "dyal dial dyalna kayn kayna kaynin makaynch makayn wach bzaf bezzaf had hadchi hadi "
        "hna ghadi ghadya chno chnou kifach kifash bach bash daba ila bghit bghaw bgha mabghach "
        "walo chkoun khoya rah machi mashi hit dir ndiro kolchi lmaghrib mzyan zwin "
        "smiyti ana nta nti kan fin mchat mcha lbareh drari lli li chi chwiya khassna khass ta "
        "gal galou hadak blad lblad wahed dar daro nas lflous lyoum gha ra3i"
    ),
}
_ALPHABETS = {
    "Arab": {
        "ar": "پچگڤڨ",  # in names and dialects
        "ckb": "ەێۆڕڵڤپچژگ",
        "fa": "پچژگ",
        "ur": "پچژگٹڈڑںےہھۓ",
        "ps": "پچژګګگټډړږښڼېۍځڅ",
        "ug": "ەۆېۇۈۋڭھپچژگ",
    },
    "Latn": {
        "en": "",
        "fr": "àâæçéèêëîïôœùûüÿ",
        "es": "áéíñóúü",
        "pt": "áâãàçéêíóôõú",
        "it": "àèéìíòóùú",
        "de": "äöüß",
        "nl": "éëïöü",
        "sv": "äåöé",
        "no": "æøåé",
        "da": "æøåé",
        "pl": "ąćęłńóśźż",
        "ro": "ăâîșțşţ",
        "ca": "àçèéíïòóúü",
        "tr": "çğıöşüâîû",
        "az": "çəğıöşü",
        "kmr": "çêîşû",
        "zza": "çêîşûğ",
        "ary": "",
    },
}
_LETTERS = {
    script: frozenset("".join(alphabets.values())) for script, alphabets in _ALPHABETS.items()
}
_FIRST_HAMZA = re.compile(r"\bئ")  # no Arabic, Persian or Urdu word begins with it
_PATTERNS = {
    "Arab": (
        ("ar", 1.0, re.compile(r"(?<![\w\u200c])[وفبك]{0,2}(?:ال|لل)[^\W\d_]{3}")),
        ("ar", 0.5, re.compile(r"[أإ]|ة(?![^\W\d_])")),
        ("fa", 0.5, re.compile(r"[^\W\d_]{3}(?:ند|ها|های|هایی|ترین)\b|\u200c(?:ها|های|اند)\b")),
        ("ckb", 1.0, re.compile("ه\u200c(?!ها|ای|اي|اند|ام|اش|ایم|تر|ی)|ة(?=[^\\W\\d_])")),
        ("ckb", 1.0, _FIRST_HAMZA),
        ("ckb", -1.0, re.compile(r"\A(?s:(?=.*[یک])(?!.*[ەێۆڕڵ]))")),  # a Persian keyboard
        ("ug", 1.0, _FIRST_HAMZA),
    ),
    "Latn": (
        ("zza", 1.0, re.compile(r"[^\W\d_]{2}(?:eno|enê|yayo|êko|kerde|îyê)\b")),
        # digits for letters of Arabic, but not 3ème, 7th or 9pm
        ("ary", 1.0, re.compile(r"\b[a-z]*[379](?!e|è|rd|th|am|pm|ds?\b)[a-z]{2,}")),
    ),
}
"""Evidence that no list of words can hold; each match weighs so many words."""
_WORD_RUN = re.compile(r"[^\W\d_]+")
_SAME_LETTER = str.maketrans("أإآٱیىک", "اااايىك")


def evidence(text: str, script: str) -> dict[str, float]:
    """For each language what words and letters of the text say for or against it, in logs."""
    found: dict[str, float] = defaultdict(float)
    lowered = text.lower()
    for word in set(_WORD_RUN.findall(lowered.translate(_SAME_LETTER))):
        for language, weight in _INDEX.get(word, ()):
            found[language] += weight
    for language, weight, pattern in _PATTERNS.get(script, ()):
        found[language] += WORD * weight * len(pattern.findall(lowered))
    most = WORD * MOST_WORDS
    weighed = {language: min(weight, most) for language, weight in found.items()}
    for language, missing in _unwritten(lowered, script):
        weighed[language] = weighed.get(language, 0.0) - missing
    return weighed


def _unwritten(lowered: str, script: str) -> Iterator[tuple[str, float]]:
    """For each language how much the letters that it does not write speak against it."""
    letters = _LETTERS.get(script, frozenset()).intersection(lowered)
    if letters:
        for language, alphabet in _ALPHABETS[script].items():
            yield language, LETTER * min(len(letters.difference(alphabet)), 4)


def _indexed() -> dict[str, list[tuple[str, float]]]:
    """Each word with its languages; also as typed without accents; shared words weigh less."""
    languages: dict[str, set[str]] = defaultdict(set)
    for language, listed in _WORDS.items():
        for word in listed.translate(_SAME_LETTER).split():
            languages[word].add(language)
            languages[_plain(word)].add(language)
    return {
        word: [(language, WORD / len(those)) for language in sorted(those)]
        for word, those in languages.items()
    }


def _plain(word: str) -> str:
    """A word without its accents; as it is, where it has none or would be one letter."""
    bare = "".join(c for c in unicodedata.normalize("NFD", word) if not unicodedata.combining(c))
    return bare if len(bare) > 1 and bare.isascii() else word


_INDEX = _indexed()
