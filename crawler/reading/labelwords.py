"""The words of which labels are made, by language: own compilation, folded when loaded.

Each word has one part: `person` or `group` (what a person or an organisation is called), `before`
and `after` (what stands before or behind such a word within the label), `join` (what joins them),
`participle` (before it only behind an article: "the jailed activist"), `title`, `article`.
"""

from __future__ import annotations

import re
from functools import lru_cache

from storage.text import fold, words

Parts = dict[str, str]


def _parts(**words: str) -> Parts:
    """The part of each word; what is listed twice has the part it is listed under first."""
    parts: Parts = {}
    for part, listed in words.items():
        for word in listed.split():
            parts.setdefault(fold(word), part)
    return parts


ENGLISH = _parts(
    person="""
        nominee
        figure laureate striker rapper publisher judge imam parliamentarian mp minister
        deputy candidate activist defender campaigner advocate lawyer attorney journalist
        reporter blogger writer author editor columnist photographer cartoonist researcher
        academic professor scholar critic dissident opposition-leader leader politician
        lawmaker president chairman chairwoman chair head director founder co-founder member
        spokesman spokeswoman spokesperson secretary-general coordinator organizer organiser
        protester demonstrator unionist whistleblower prisoner detainee convict inmate exile
        militant terrorist traitor agent spy mercenary agitator instigator fugitive
        extremist separatist troublemaker feminist environmentalist cleric preacher poet
        singer doctor teacher student influencer youtuber analyst expert commentator
        executive official suspect defendant
    """,
    group="""
        group organisation organization ngo charity association society watchdog movement
        network union collective coalition outlet newspaper website foundation body
    """,
    before="""
        hunger nobel free speech anti pro ex pseudo self co non prize gulf rif hirak
        kurdistan human rights right women woman s women's press media freedom labour labor
        trade union civil society political environmental environment climate student youth
        minority online social anti-corruption anti-racism pro-democracy democracy peace
        veteran prominent leading noted well-known known famous renowned respected outspoken
        independent former longtime senior young local international non-governmental
        nongovernmental non-profit nonprofit opposition dissident activist leftist islamist
        shia shiite sunni kurdish iraqi moroccan bahraini arab sahrawi amazigh yazidi
        syrian lebanese jordanian palestinian egyptian tunisian algerian libyan sudanese
        yemeni saudi kuwaiti qatari emirati omani mauritanian iranian turkish turkmen french
        british american german assyrian chaldean christian western foreign
        foreign-funded foreign-backed pro-government government-backed state-funded so-called
        self-styled self-proclaimed
        self-described self-declared alleged supposed purported notorious controversial
        anti-government anti-regime anti-state terrorist militant feminist lgbt gay
        award-winning investigative freelance exiled umbrella legal aid relief advocacy
        campaign defence defense lawyers journalists prisoners
    """,
    participle="""
        jailed imprisoned detained arrested convicted sentenced wanted banned outlawed
        dissolved disbanded released accused murdered killed slain assassinated persecuted
        suspended
    """,
    join="and of for",
    title="dr mr mrs ms sheikh shaikh sayed sayyed haj hajji prof maître",
    article="the a an this that these those its their his her our",
)
ENGLISH |= {f"{head}s": part for head, part in list(ENGLISH.items()) if part in ("person", "group")}
FRENCH = _parts(
    person="""
        laureat laureate depute deputee figure opposante plume ministre candidat candidate
        juge militant militante activiste défenseur défenseure défenseuse avocat avocate
        journaliste blogueur blogueuse écrivain écrivaine chercheur chercheuse universitaire
        historien historienne opposant dissident dissidente président présidente
        vice-président vice-présidente directeur directrice fondateur fondatrice cofondateur
        cofondatrice co-fondateur co-fondatrice membre porte-parole secrétaire coordinateur
        coordinatrice coordonnateur syndicaliste prisonnier prisonnière détenu détenue
        manifestant manifestante rappeur rappeuse poète caricaturiste photographe reporter
        rédacteur rédactrice professeur professeure féministe écologiste imam terroriste
        traître agent espion mercenaire agitateur agitatrice fugitif extrémiste séparatiste
        leader dirigeant dirigeante responsable cadre ancien-détenu lanceur lanceuse
        youtubeur suspect suspecte accusé accusée prévenu prévenue inculpé inculpée
    """,
    group="""
        ong association organisation collectif mouvement réseau syndicat coalition fondation
        média journal site groupe
    """,
    before="""
        pseudo co vice meilleur seul célèbre jeune ancien ancienne ex fameux fameuse grand
        grande éminent éminente principal principale première premier soi-disant prétendu
        prétendue présumé présumée feu
    """,
    after="""
        rif renommee numeriques autochtones palestinien palestinienne syrien syrienne tunisien
        tunisienne algérien algérienne égyptien égyptienne libanais libanaise jordanien
        jordanienne yéménite saoudien saoudienne koweïtien koweïtienne qatari qatarie émirati
        émiratie omanais omanaise libyen libyenne soudanais soudanaise mauritanien
        mauritanienne iranien iranienne turc turque britannique américain américaine allemand
        allemande droits droit homme humains humain femmes femme presse liberté libertés
        expression marocain marocaine marocains irakien irakienne bahreïni bahreïnie
        bahreïnien bahreïnienne kurde sahraoui sahraouie amazigh rifain rifaine arabe arabes
        yézidi yézidie français française franco-marocain franco-marocaine associatif
        associative politique politiques syndical syndicale civil civile société indépendant
        indépendante emprisonné emprisonnée incarcéré incarcérée détenu détenue condamné
        condamnée poursuivi poursuivie exilé exilée connu connue bien reconnu reconnue
        autoproclamé autoproclamée controversé controversée général générale national
        nationale international internationale local locale locaux opposition gauche
        écologie environnement environnementale climat féministe antiraciste anticorruption
        corruption mémoire paix investigation enquête dissout dissoute dissous interdit
        interdite chiite chiites sunnite islamiste laïque démocratie démocrate justice
        prisonniers torture minorités jeunesse étudiant étudiante sociale social culturel
        culturelle humanitaire gouvernementale non activiste hirak mouvement association
        organisation ong collectif comité syndicat parti centre observatoire réseau ligue
        fondation quotidien journal site maroc irak bahreïn kurdistan
    """,
    join="et de des du d la le les l en pour contre à au aux",
    title="m mme dr me maître cheikh moulay sidi lalla docteur",
)
ARABIC = _parts(
    person="""
        قادة
        قائد وزير مرشح قاض شخصية فنان مخرج طبيب مهندسة ناجية ناج مبتعث مضرب ناشط نشطاء
        حقوقي مدافع محامي محام محامو صحفي صحافي إعلامي كاتب مدون باحث أكاديمي مؤرخ معارض
        معتقل سجين أسير مناضل رئيس نائب أمين مدير مؤسس عضو منسق متحدث ناطق نقابي سياسي ناطقة
        قيادي زعيم نقيب مفكر شاعر مصور مراسل محلل خبير أستاذ طالب متظاهر محتج إرهابي عميل
        خائن جاسوس مرتزق مخرب محرض هارب مدان محكوم متهم مطلوب مجرم انفصالي متطرف عملاء خونة
        إرهابيو منشق مغني مبلغ برلماني رسام مشتبه
    """,
    group="""
        منظمة جمعية هيئة مركز مؤسسة شبكة مرصد رابطة حركة حزب نقابة تنسيقية تحالف ائتلاف موقع
        صحيفة جماعة كيان مجموعة
    """,
    before="أحد إحدى أبرز أشهر أهم أكبر كبار",
    after="""
        طعام به بها بهم فيه فيها فيهم
        سياسات اجتماعي ثقافي اقتصادي كردستانية ديني طائفي حزبي ملاحق مضطهد مفرج مستقيل مقال
        مهجر استقصائي خليج حراك ريف مكتب مركزي فرع قسم قناة وكالة مجلة جبهة تنفيذ رئيسي
        عالمي متقاعد حقوقي حقوق الإنسان إنسان مرأة نساء نسوي مدني مجتمع سياسي إعلامي
        صحافة صحفي حرية حريات تعبير رأي ضمير ديمقراطي ديمقراطية سلمي مستقل بارز معروف شهير
        سابق حالي معتقل مسجون مغيب مختطف منفي منحل محظور معارض موقوف محكوم مدان متهم بحريني
        عراقي مغربي سوري لبناني أردني فلسطيني مصري تونسي جزائري ليبي سوداني يمني سعودي كويتي
        قطري إماراتي عماني موريتاني إيراني تركي تركماني فرنسي بريطاني أمريكي أميركي ألماني
        كردي كردستاني صحراوي عربي أمازيغي ريفي أيزيدي إيزيدي شيعي سني مسيحي
        آشوري دولي محلي وطني وطن عام إقليمي أجنبي يساري إسلامي ليبرالي نقابي بيئي بيئة مناخ
        شباب طلابي نسائي عمالي جمعوي أكاديمي ميداني إنساني خيري غير حكومي مجال شؤون قضايا
        ملف دفاع دفاعا إرهابي مشبوه مأجور ممول مزعوم مثير جدل جامعي قانوني راحل شهيد مخضرم
        كبير شاب تنفيذي مجلس إدارة هيئة جمعية منظمة مركز مرصد مؤسسة شبكة رابطة لجنة نقابة
        اتحاد حزب حركة منتدى معهد موقع صحيفة جريدة تحرير محامين صحفيين مغرب عراق بحرين
        كردستان بغداد مكافحة فساد تعذيب شفافية سلام تنمية معتقلين سجناء أقليات لحقوق خليجي
    """,
    join="في عن من على لدى و باسم ضد",
    title="""
        الدكتور دكتور الدكتورة د الأستاذ أستاذ الأستاذة الشيخ شيخ السيد السيدة الحاج العلامة
        آية الله المهندس لالة سيدي مولاي
    """,
)
SORANI = _parts(
    person="""
        چالاکڤان
        پەرلەمانتار هونەرمەند ڕاپۆرتەر ڕاگەیاندنکار چالاک وەزیر سیاسی چالاکوان هەڵسوڕاو
        ڕۆژنامەنووس ڕۆژنامەوان رۆژنامەنووس رۆژنامەوان پارێزەر نووسەر مافناس پارێزگار
        داکۆکیکار بەرگریکار سەرۆک ئەندام بەرپرس دامەزرێنەر وتەبێژ گوتەبێژ سیاسەتمەدار
        زیندانی زیندانیکراو شاعیر توێژەر مامۆستا فیمینیست ژینگەپارێز ئۆپۆزسیۆن تیرۆریست
        خائین سیخوڕ نیگارکێش وێنەگر خۆپیشاندەر گومانلێکراو تۆمەتبار
    """,
    group="ڕێکخراو رێکخراو کۆمەڵە ناوەند سەنتەر دامەزراوە بزووتنەوە تۆڕ سەندیکا",
    after="""
        ماف مافەکانی مافی مرۆڤ ژن ژنان ژنانی سیاسی مەدەنی کورد کوردی عێراقی ناسراو بەناوبانگ
        سووریایی سووری ئێرانی تورک تورکیایی عەرەب تورکمان ئێزدی مەسیحی
        دیار سەربەخۆ ئازادی ڕادەربڕین ڕۆژنامەوانی ڕۆژنامەگەری بواری لە بۆ ژینگە ژینگەیی گەنج
        پێشوو زیندانیکراو دەستگیرکراو هەڵوەشاوە ئۆپۆزسیۆن نێودەوڵەتی ناحکومی یاسایی کۆمەڵگەی
        کۆمەڵگا کارا
    """,
    join="و",
    title="دکتۆر د مامۆستا بەڕێز",
)
KURMANJI = _parts(
    person="""
        parlamenter hunermend wezîr çalak parastvanê çalakvan çalakger aktîvîst parêzer
        rojnamevan rojnameger nivîskar mafparêz parastvan parêzvan siyasetmedar serok
        hevserok seroka endam berpirs damezrîner berdevk muxalif girtî helbestvan
        akademîsyen lêkolîner femînîst jîngehparêz xwepêşander terorîst xayîn sîxur wênekêş
        gumanbar tawanbar
    """,
    group="rêxistin komele saziya sazî navend tevger tor sendîka partî weqf",
    after="""
        maf mafên mirovan mirov jin jinan jinên siyasî sivîl kurd kurdî iraqî sûrî îranî tirk ereb
        êzidî navdar naskirî serbixwe girtî azadî azadiya çapemenî çapemeniyê jîngeh
        jîngehê ciwan berê muxalif navneteweyî civaka civak bijarte hiqûqî mafê zarokan
        xwendekar opozîsyon zindankirî di warê
    """,
    join="û ya yê yên ji bo",
    title="dr birêz mamoste",
)
LANGUAGES = {
    "en": ENGLISH,
    "fr": FRENCH,
    "ar": ARABIC,
    "ckb": SORANI,
    "kmr": KURMANJI,
}
MARKERS = frozenset(
    tuple(fold(phrase).split())
    for phrase in (
        *("so called", "self styled", "self proclaimed", "self described", "alleged", "supposed"),
        *("purported", "what it called", "what it calls", "soi disant", "prétendu", "prétendue"),
        *("dénommé", "dénommée", "nommé", "nommée", "un certain", "une certaine"),
        *(
            "تسمى",
            "يسمى",
            "بە ناوی",
            "من يسمى",
            "ما يسميه",
            "ما تسميه",
            "ما يسمون",
            "من يسمون",
            "sieur",
        ),
        *("ما يسمى", "ما يسمي", "ما تسمى", "من يسمي نفسه", "من تسمي نفسها", "ما يعرف", "من يدعى"),
        *("المدعو", "المدعوة", "مدعو", "المسمى", "المسماة", "المزعوم", "المزعومة", "ما سمي"),
        *("بەناو", "ناوزراو", "گوایە", "bi navê", "qaşo", "bi qaşo", "ê ku tê gotin"),
    )
)
"""What is printed before a name or a label to doubt it."""


_INNER = frozenset(("", "join", "article"))
_ACRONYM = re.compile("[A-Z]{2}")
_LAST_OF_MARKERS = frozenset(marker[-1] for marker in MARKERS) | {"ب"}


def languages_of(word: str) -> tuple[str, ...]:
    """The languages in whose script a word stands."""
    return ("ar", "ckb") if "\u0600" <= word[0] <= "\u08ff" else ("en", "fr", "kmr")


@lru_cache(maxsize=20_000)
def may_label(word: str) -> bool:
    """Whether a word as written can be the last or first of a label: the quickest way to say no."""
    keys = words(fold(word))
    if not keys:
        return False
    if _ACRONYM.search(word):
        return True
    return any(
        key in _LAST_OF_MARKERS
        or any(part_of(key, language)[0] not in _INNER for language in languages_of(key))
        for key in {keys[0], keys[-1], " ".join(keys)}
    )


@lru_cache(maxsize=20_000)
def part_of(word: str, language: str) -> tuple[str, str]:
    """The part of a folded word in a language ("" none), and how it begins: its clitic.

    >>> part_of(fold("للناشطة"), "ar"), part_of("militant", "fr"), part_of("said", "en")
    (('person', 'لل'), ('person', ''), ('', ''))
    """
    parts = LANGUAGES[language]
    if word in parts:
        return parts[word], ""
    if " " in word:
        return _hyphenated_part(word.split(), language), ""
    if language == "ar":
        return _arabic_part(word, parts)
    for ending in _ENDINGS.get(language, ()):
        if word.endswith(ending) and word[: -len(ending)] in parts:
            return parts[word[: -len(ending)]], ""
    return "", ""


_ENDINGS = {
    "fr": ("s", "e", "es"),
    "ckb": tuple(map(fold, ("ی", "ێکی", "ێک", "ان", "انی", "ەکە", "ەکەی", "ەکانی", "ە", "یە"))),
    "kmr": tuple(
        map(
            fold,
            (
                "ê",
                "a",
                "ên",
                "an",
                "î",
                "ekî",
                "eke",
                "eka",
                "ekê",
                "iya",
                "eya",
                "yê",
                "ya",
                "yên",
                "yeke",
            ),
        )
    ),
}
_ARTICLES = ("وال", "فال", "بال", "كال", "ولل", "لل", "ال", "ول", "ل", "ب", "و", "")
_PLURALS = ("", "ه", "ون", "ين", "ات", "و", "تان", "ان")


_SUFFIXED = frozenset("based led born backed funded linked affiliated run owned aligned".split())


def _hyphenated_part(words: list[str], language: str) -> str:
    """The part of ex-président or London-based: that of the last word, if it has one."""
    if language == "en" and words[-1] in _SUFFIXED:
        return "before"
    known = all(part_of(word, language)[0] for word in words)
    return part_of(words[-1], language)[0] if known else ""


def _arabic_part(word: str, parts: Parts) -> tuple[str, str]:
    for article in _ARTICLES:
        if word.startswith(article):
            stem = word[len(article) :]
            for ending in _PLURALS:
                if stem.endswith(ending) and (found := parts.get(stem[: len(stem) - len(ending)])):
                    return found, article
    return "", ""
