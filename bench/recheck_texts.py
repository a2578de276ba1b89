"""Made-up articles in five languages, sentence by sentence, so that edits can be planted in"
" them.

All people, groups and places are invented. A sentence is a pattern with its places filled, so that
thousands of different articles come from few words, and each edit knows what it changes.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field, replace

Words = dict[str, tuple[str, ...]]


@dataclass(frozen=True)
class Tongue:
    """What articles of one language are made of."""

    code: str
    words: Words
    headlines: tuple[str, ...]
    sentences: tuple[str, ...]
    activist: str
    suspect: str


@dataclass(frozen=True)
class Written:
    """One article: its headline, and paragraphs of sentences."""

    tongue: Tongue
    headline: str
    paragraphs: tuple[tuple[str, ...], ...]
    names: tuple[str, ...] = field(default=())

    @property
    def sentences(self) -> list[tuple[int, int]]:
        """The place of each sentence: (paragraph, sentence)."""
        return [(p, s) for p, lines in enumerate(self.paragraphs) for s in range(len(lines))]

    def at(self, place: tuple[int, int]) -> str:
        """The sentence at a place."""
        return self.paragraphs[place[0]][place[1]]

    def put(self, place: tuple[int, int], *sentences: str) -> Written:
        """The article with other sentences in the place of one, or none."""
        paragraphs = [list(lines) for lines in self.paragraphs]
        paragraphs[place[0]][place[1] : place[1] + 1] = sentences
        return self.of([lines for lines in paragraphs if lines])

    def of(self, paragraphs: list[list[str]] | list[tuple[str, ...]]) -> Written:
        """The article with other paragraphs."""
        return replace(self, paragraphs=tuple(map(tuple, paragraphs)))


def _split(**listed: str) -> Words:
    return {name: tuple(row.split("|")) for name, row in listed.items()}


ARABIC = Tongue(
    "ar",
    _split(
        person="سالم بن ضفة|نجوى الوادي|مراد الساقية|هالة بنت نهر|يونس التلال|رقية المرج|داود العين"
        "|إدريس الغدير|سلمى الواحة|كنان الهضبة",
        group="جمعية الضفة للحقوق|مرصد الساقية للحريات|شبكة المرج النسائية|رابطة صحفيي الوادي"
        "|مركز الغدير للتنمية|اتحاد شباب الهضبة|هيئة الدفاع عن المرج",
        town="وادي الزيتون|مدينة الساقية|بلدة المرج|حي الغدير|ناحية الهضبة|ميناء الضفة"
        "|سوق النخلتين",
        body="محكمة الساقية|مجلس البلدة|وزارة المياه في الوادي|شرطة المرج|بلدية الغدير"
        "|ولاية الهضبة",
        act="تنظيم وقفة سلمية|نشر تقرير عن المياه|توزيع عريضة على السكان|زيارة السجن القديم"
        "|تصوير الهدم في الحي|الدعوة إلى إضراب المعلمين|إطلاق حملة لحماية النخيل|فتح مكتبة"
        " للأطفال",
        cause="نقص مياه الشرب|هدم المنازل القديمة|تأخر الرواتب|منع التجمعات|إغلاق المدرسة"
        "|غلاء الخبز|تلوث الساقية|غياب الإنارة",
        day="الاثنين|الثلاثاء|الأربعاء|الخميس|السبت|الأحد",
        role="الناشط|الناشط الحقوقي|الناشط المدني",
    ),
    (
        "{group} تنتقد {cause} في {town}",
        "{body} تؤجل محاكمة {role} {person}",
        "وقفة في {town} احتجاجا على {cause}",
        "{person} يطالب {body} بالتحقيق في {cause}",
        "بعد {n} يوما من {cause}.. سكان {town} يعودون إلى الشارع",
    ),
    (
        "قالت {group} في بيان صدر يوم {day} إن {cause} في {town} طال أكثر مما يحتمله السكان.",
        "وأفاد {role} {person} بأن {n} عائلة شاركت في {act} رغم البرد.",
        "وأضاف {person} أن «{cause} لم يعد أمرا يمكن السكوت عنه»، داعيا إلى {act}.",
        "من جهتها، نفت {body} أن يكون {cause} سببا في ما جرى يوم {day}.",
        "وبحسب أرقام نشرتها {group}، فإن {n} من سكان {town} وقعوا على الرسالة الأولى.",
        "وكان {role} {person} قد أوقف في {town} قبل أن تطلق {body} سراحه بكفالة.",
        "هل تستجيب {body} لمطالب {group} قبل نهاية العام؟",
        "ويرى مراقبون في {town} أن {act} قد يدفع {body} إلى مراجعة قرارها.",
        "وتقول {person}، وهي من {group}، إن العمل على {cause} بدأ قبل {n} شهرا.",
        "ولم ترد {body} على أسئلة وجهت إليها بشأن {cause} حتى ساعة متأخرة.",
        "وأعلن محامي {person} أن الجلسة المقبلة ستعقد في {town} يوم {day}.",
        "وجمعت {group} نحو {n} ألف درهم من أجل {act} في {town}.",
    ),
    "الناشط",
    "المشتبه به",
)
FRENCH = Tongue(
    "fr",
    _split(
        person="Salim Rivedouce|Nejma Oued|Mourad Lasource|Hala Bentamar|Younes Coteau|Rokia Duprey"
        "|Daoud Fontaine|Idriss Delagorge|Selma Oasis",
        group="l'association Rive pour les droits|l'Observatoire de la Source|le réseau des femmes"
        " du Pré|la Ligue des reporters de l'Oued|le Centre Delagorge|l'Union des jeunes du Coteau",
        town="Oued-Zitoun|la Source-Neuve|Pré-Vert|Port-Rive|Coteau-Haut|Deux-Palmiers",
        body="le tribunal de la Source|le conseil communal|le ministère des Eaux|la police du Pré"
        "|la mairie de Port-Rive|la préfecture du Coteau",
        act="organiser un rassemblement pacifique|publier un rapport sur l'eau|faire circuler une"
        " pétition|filmer les démolitions|appeler les enseignants à la grève|ouvrir une"
        " bibliothèque",
        cause="le manque d'eau potable|la démolition des vieilles maisons|le retard des salaires"
        "|l'interdiction des réunions|la fermeture de l'école|la hausse du prix du pain",
        day="lundi|mardi|mercredi|jeudi|samedi|dimanche",
        role="le militant|le militant associatif|le militant des droits humains",
    ),
    (
        "{town} : {group} dénonce {cause}",
        "Le procès de {person} reporté par {body}",
        "Rassemblement à {town} contre {cause}",
        "{person} demande une enquête sur {cause}",
        "À {town}, {n} familles attendent toujours une réponse",
    ),
    (
        "Dans un communiqué publié {day}, {group} estime que {cause} dure depuis trop longtemps.",
        "Selon {role} {person}, {n} familles de {town} ont participé à la marche malgré le froid.",
        "« On ne peut plus se taire sur {cause} », a ajouté {person}, avant de promettre d'{act}.",
        "De son côté, {body} nie que {cause} soit à l'origine des faits de {day}.",
        "D'après les chiffres de {group}, {n} habitants de {town} ont signé la première lettre.",
        "À {town}, {role} {person} avait été arrêté puis libéré sous caution.",
        "Que répondra {body} aux demandes de {group} avant la fin de l'année ?",
        "À {town}, des observateurs pensent que {act} pourrait faire plier {body}.",
        "{person}, membre du bureau, rappelle que le travail a commencé il y a {n} mois.",
        "Contactée {day}, l'administration n'avait pas répondu sur {cause} à l'heure d'écrire.",
        "L'avocat de {person} annonce une nouvelle audience à {town} pour {day}.",
        "Près de {n} mille dirhams ont été réunis par {group} à {town}.",
    ),
    "le militant",
    "le suspect",
)
ENGLISH = Tongue(
    "en",
    _split(
        person="Salem Riverbank|Najwa Wadi|Murad Springs|Hala Nahrson|Yunis Hillman|Ruqaya Meadow"
        "|Dawood Wells|Idris Brook|Selma Oasis",
        group="the Riverbank Rights Association|the Springs Observatory|the Meadow Women's Network"
        "|the Wadi Reporters' League|the Brook Centre|the Hill Youth Union",
        town="Olive Valley|New Springs|Meadow Town|Riverbank Port|Upper Hill|Two Palms",
        body="the Springs court|the town council|the water ministry|the Meadow police|the port"
        " authority|the governor's office",
        act="hold a peaceful sit-in|publish a report on water|pass round a petition|film the"
        " demolitions|call teachers out on strike|open a library for children",
        cause="the lack of drinking water|the demolition of old houses|the delay of wages"
        "|the ban on gatherings|the closing of the school|the price of bread",
        day="Monday|Tuesday|Wednesday|Thursday|Saturday|Sunday",
        role="activist|rights activist|civil society activist",
    ),
    (
        "Protest in {town} over {cause}",
        "Trial of {role} {person} put off again",
        "{person} wants inquiry into {cause}",
        "After {n} days, people of {town} still wait for an answer",
        "Residents of {town} sue {body}",
    ),
    (
        "In a statement on {day}, {group} said that {cause} in {town} had gone on for too long.",
        "According to {role} {person}, {n} families joined the march in spite of the cold.",
        '"We cannot be silent about {cause} any longer," said {person}, who plans to {act}.',
        "For its part, {body} denied that {cause} had led to what happened on {day}.",
        "Figures of {group} show that {n} people of {town} signed the first letter.",
        "Police in {town} had arrested {role} {person} before releasing him on bail.",
        "Will {body} answer the demands of {group} before the year ends?",
        "Observers in {town} believe that a plan to {act} may make {body} think again.",
        "{person}, who sits on the board, recalls that the work began {n} months ago.",
        "Asked on {day}, officials had not answered questions about {cause} by late evening.",
        "The lawyer of {person} expects another hearing in {town} on {day}.",
        "About {n} thousand dirhams were raised by {group} for the families of {town}.",
    ),
    "activist",
    "suspect",
)
SORANI = Tongue(
    "ckb",
    _split(
        person="ئازاد کانی|نەرمین ڕووبار|هیوا چیا|ژیان بەفراو|سۆران گردی|ڕووناک مێرگ|دلێر کانیاو",
        group="ڕێکخراوی مافی ڕووبار|تۆڕی ژنانی مێرگ|چاودێری کانی|یەکێتی گەنجانی گرد|ناوەندی چیا",
        town="شارۆچکەی کانی|گوندی مێرگ|گەڕەکی چیا|شاری ڕووبار|ناحیەی گرد",
        body="دادگای کانی|ئەنجوومەنی شارەوانی|پۆلیسی مێرگ|وەزارەتی ئاو|پارێزگای گرد",
        act="ڕێکخستنی گردبوونەوەیەکی ئاشتیانە|بڵاوکردنەوەی ڕاپۆرتێک لەسەر ئاو|کردنەوەی کتێبخانەیەک"
        "|کۆکردنەوەی واژوو|وێنەگرتنی خانووە ڕووخاوەکان",
        cause="کەمی ئاوی خواردنەوە|ڕووخاندنی خانووە کۆنەکان|دواکەوتنی مووچە|قەدەغەکردنی کۆبوونەوە"
        "|داخستنی قوتابخانە",
        day="شەممە|دووشەممە|سێشەممە|چوارشەممە|پێنجشەممە",
        role="چالاکوان|چالاکوانی مەدەنی|چالاکوانی مافی مرۆڤ",
    ),
    (
        "{group} ڕەخنە لە {cause} دەگرێت",
        "دادگاییکردنی {person} دواخرا",
        "گردبوونەوە لە {town} دژی {cause}",
        "{person} داوای لێکۆڵینەوە دەکات لە {cause}",
    ),
    (
        "{group} لە ڕوونکردنەوەیەکدا ڕۆژی {day} ڕایگەیاند کە {cause} لە {town} زۆر درێژەی کێشاوە.",
        "{role} {person} وتی {n} خێزان بەشدارییان لە {act} کرد سەرەڕای ساردی.",
        "{person} زیاتر وتی «چیتر ناتوانین بێدەنگ بین لە {cause}» و داوای {act} کرد.",
        "لای خۆیەوە {body} ڕەتیکردەوە کە {cause} هۆکاری ڕووداوەکەی ڕۆژی {day} بێت.",
        "بەپێی ژمارەکانی {group}، {n} کەس لە {town} نامەی یەکەمیان واژوو کردووە.",
        "پێشتر {role} {person} لە {town} دەستگیر کرابوو و دواتر {body} ئازادی کرد.",
        "ئایا {body} وەڵامی داواکانی {group} دەداتەوە پێش کۆتایی ساڵ؟",
        "چاودێرانی {town} پێیان وایە {act} وا لە {body} دەکات بڕیارەکەی بگۆڕێت.",
        "پارێزەری {person} ڕایگەیاند دانیشتنی داهاتوو لە {town} ڕۆژی {day} دەبێت.",
        "نزیکەی {n} هەزار دینار لەلایەن {group} بۆ {act} کۆکرایەوە.",
    ),
    "چالاکوان",
    "گومانلێکراو",
)
KURMANJI = Tongue(
    "kmr",
    _split(
        person="Azad Kanî|Nermîn Robar|Hêvî Çiya|Jiyan Berfav|Soran Girdî|Ronak Mêrg|Dilêr Kaniyav",
        group="Komeleya Mafên Robarê|Tora Jinên Mêrgê|Çavdêriya Kaniyê|Yekîtiya Ciwanên Girdê",
        town="bajarokê Kaniyê|gundê Mêrgê|taxa Çiya|bajarê Robarê|navçeya Girdê",
        body="dadgeha Kaniyê|meclisa bajêr|polîsên Mêrgê|wezareta avê|parêzgeha Girdê",
        act="civîneke aştiyane|weşandina raporekê li ser avê|vekirina pirtûkxaneyekê|berhevkirina"
        " îmzeyan|kişandina wêneyên xaniyên hilweşandî",
        cause="kêmbûna ava vexwarinê|hilweşandina xaniyên kevn|derengketina mûçeyan|qedexekirina"
        " civînan|girtina dibistanê",
        day="duşemê|sêşemê|çarşemê|pêncşemê|şemiyê",
        role="çalakvan|çalakvanê sivîl|çalakvanê mafên mirovan",
    ),
    (
        "{group} {cause} rexne dike",
        "Dadgehkirina {person} hate paşxistin",
        "Li {town} li dijî {cause} civiyan",
        "{person} li ser {cause} lêkolînê dixwaze",
    ),
    (
        "{group} di daxuyaniyekê de roja {day} ragihand ku {cause} li {town} pir dirêj bûye.",
        "Li gorî {role} {person}, {n} malbat tevî sermayê beşdarî {act} bûn.",
        "{person} got «em êdî nikarin li ser {cause} bêdeng bimînin» û banga {act} kir.",
        "Ji aliyê xwe ve {body} red kir ku {cause} sedema bûyera roja {day} be.",
        "Li gorî hejmarên {group}, {n} kesên {town} nameya yekem îmze kirine.",
        "Berê {role} {person} li {town} hatibû girtin û paşê {body} ew berda.",
        "Gelo {body} dê beriya dawiya salê bersiva daxwazên {group} bide?",
        "Çavdêrên {town} bawer dikin ku {act} dê biryara {body} biguherîne.",
        "Parêzerê {person} ragihand ku danişîna din li {town} roja {day} ye.",
        "Nêzîkî {n} hezar dînar ji aliyê {group} ve ji bo {act} hatin berhevkirin.",
    ),
    "çalakvan",
    "gumanbar",
)
TONGUES = (ARABIC, FRENCH, ENGLISH, SORANI, KURMANJI)


def written(tongue: Tongue, dice: random.Random, *, paragraphs: int = 0) -> Written:
    """A new article."""
    names = dice.sample(tongue.words["person"], 3)
    count = paragraphs or dice.randint(5, 11)
    lines = [
        tuple(sentence(tongue, dice, names) for _ in range(dice.choice((1, 2, 2, 3))))
        for _ in range(count)
    ]
    return Written(tongue, headline(tongue, dice), tuple(lines), tuple(names))


def headline(tongue: Tongue, dice: random.Random) -> str:
    """A new headline."""
    return filled(dice.choice(tongue.headlines), tongue, dice, list(tongue.words["person"]))


def sentence(tongue: Tongue, dice: random.Random, names: list[str]) -> str:
    """A new sentence about one of these people."""
    return filled(dice.choice(tongue.sentences), tongue, dice, names)


def filled(pattern: str, tongue: Tongue, dice: random.Random, names: list[str]) -> str:
    """A pattern with its places filled."""
    chosen = {name: dice.choice(words) for name, words in tongue.words.items()}
    text = pattern.format(**chosen | {"person": dice.choice(names), "n": dice.randint(11, 970)})
    return text[:1].upper() + text[1:]
