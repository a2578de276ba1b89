"""The words by which a news page shows what is not its article: own compilation, all folded.

Clocks and dates, counters, buttons, titles of boxes with other articles, advertising, prompts.
"""

from __future__ import annotations

import re

from crawler.reading.calendars import ISLAMIC, KURDISH_SOLAR, MONTHS, WEEKDAY_SHORT, WEEKDAYS
from crawler.reading.date_text import any_of
from storage.text import fold, words


def _words(*rows: str) -> frozenset[str]:
    return frozenset(words(fold(" ".join(rows))))


def _phrases(*rows: str) -> str:
    """A pattern for any of the phrases, which are parted by `|`."""
    return any_of({fold(phrase) for row in rows for phrase in row.split("|")})


_CASES = ("", "ي", "e", "a")
"""What Kurdish puts behind the month of a date: "ئازاری", "Adarê", "Adara"."""
ORDINALS = _words("er ère re e ê an ی st nd rd th")
"""… and what languages put behind a day or a year in figures: "1er", "12ê", "2026an", "2nd"."""
CALENDAR = frozenset(
    f"{word}{case}"
    for table in (MONTHS, WEEKDAYS, WEEKDAY_SHORT, KURDISH_SOLAR, ISLAMIC)
    for name in table
    for word in words(name)
    for case in _CASES
) | _words("الاتنين الاحد الاول الثاني اول ثاني دووەم یەکەم")
CLOCK = _words(
    "واحد واحدة ثلاث ثلاثة أربع أربعة خمس خمسة ست ستة سبع سبعة ثماني تسع عشر تمت حوالي نحو",
    "un une deux trois quatre cinq six environ one two three four five half quarter",
    "یەک دوو سێ چوار پێنج yek du sê çar pênc",
    "منذ قبل ثانية ثواني ثوان ثانيتين دقيقة دقائق دقيقتين ساعة ساعات ساعتين ساعه يوم يومين أيام"
    " اليوم"
    " أمس البارحة أسبوع أسبوعين أسابيع شهر شهرين أشهر سنة سنتين سنوات الآن لحظات الساعة نصف ربع"
    " صباحا مساء ظهرا ليلا فجرا ص م هـ بتوقيت توقيت غرينتش جرينتش المحلي الموافق التاريخ تاريخ"
    " بتاريخ",
    "تحديث التحديث محدث محدثة آخر نشر النشر نشرت الخبر تم وقت حدث حدثت تعديل مضت",
    "il y a h heure heures minute minutes min mn seconde secondes jour jours semaine semaines"
    " mois"
    " an ans hier aujourd'hui maintenant instant publié publiée mis mise à jour màj le la en"
    " ligne"
    " dernière modification modifié modifiée actualisé actualisée date derniere",
    "ago hour hours hr hrs mins minute second seconds sec day days week weeks month months year"
    " years yesterday today now just moments am pm utc gmt cet published posted updated update"
    " last"
    " modified at on time local the an date first edited est edt",
    "پێش لەمەوبەر لەمەوپێش کاتژمێر سەعات خولەک دەقە چرکە ڕۆژ رۆژ هەفتە مانگ ئێستا دوێنێ ئەمڕۆ"
    " ئەمرۆ"
    " بڵاوکراوەتەوە بڵاوکرایەوە نوێکراوەتەوە نوێکرایەوە دوایین نوێکردنەوە بەروار بەرواری کات لە"
    " ی"
    " پێشنیوەڕۆ دوانیوەڕۆ ئێوارە بەیانی",
    "berî beriya niha car carî caran deqe deqîqe xulek saet saetan demjimêr demjimêran roj"
    " rojan hefte meh îro duh dîrok"
    " hat weşandin nûkirin rojanekirin dema",
)
"""A line of such words, numbers and the calendar's is a date or a clock."""
COUNTED = _words(
    "مشاهدة مشاهدات المشاهدات مشاهده قراءة قراءات القراءات القراءة قارئ زيارة زيارات الزيارات"
    " تعليق"
    " تعليقات التعليقات تعليقا مشاركة مشاركات المشاركات المشاركة إعجاب إعجابا إعجابات الإعجابات"
    " مرات"
    " مرة نقرة نقرات متفاعل تفاعل تصويت أصوات متابع متابعون قرأ قرئ مشاهد زائر زوار",
    "vue vues lecture lectures lu lue lus fois commentaire commentaires partage partages"
    " réaction"
    " réactions j'aime jaime like likes visite visites clics votes abonnés",
    "view views read reads reader readers comment comments share shares like likes reply replies"
    " click clicks vote votes hits hit visits reactions reaction followers word words",
    "بینین بینراو بینراوە بینەر جار خوێندنەوە خوێندراوەتەوە خوێندراوە کۆمێنت لێدوان هاوبەشکردن"
    " سەردان",
    "dîtin xwendin hatiye xwendin şîrove parvekirin temaşe hezkirin nêrîn",
)
"""What pages count."""
BUTTONS = _words(
    "شارك شاركها مشاركه المقال الخبر طباعة اطبع إرسال ارسل نسخ الرابط حفظ استمع تكبير تصغير"
    " الخط حجم"
    " فيسبوك تويتر واتساب واتس آب تلغرام تيليغرام تليجرام تيلجرام ماسنجر انستغرام انستجرام"
    " يوتيوب"
    " لينكد لينكدإن اكس إكس بريد البريد الإلكتروني عبر على أضف اترك تعليقك كتابة رأيك المفضلة"
    " متابعة",
    "partager imprimer envoyer copier lien email mail écouter enregistrer réagir facebook"
    " twitter"
    " whatsapp telegram messenger linkedin instagram youtube pinterest reddit x viber signal"
    " tiktok"
    " article taille texte via sur suivre commenter",
    "share print send copy link save listen tweet pin follow this story on via a add leave your"
    " bookmark font size text",
    "هاوبەش هاوبەشی پێبکە بکە پێ بڵاوبکەرەوە بڵاوی چاپ کۆپی لینک فەیسبووک تویتەر ئیمەیل"
    " تێلیگرام واتسئەپ وتار بابەت",
    "parve bike çap kopî bişîne gotar",
)
"""What pages offer to do with an article."""
MEASURES = _words(
    "عدد وقت مدة القراءة للقراءة كلمة كلمات دقيقة لا توجد يوجد أحد بعد حتى الكل من في و أو ل"
    " إجمالي",
    "temps de lecture nombre aucun aucune total mots mot minutes et ou",
    "reading time count number no yet total min minutes and of to in be the k m",
    "ژمارەی ژمارە کاتی هیچ نییە و بۆ",
    "hejmara tune û ji bo di de",
    "الفجر الشروق الظهر العصر المغرب العشاء الإمساك الصلاة مواقيت fajr chourouk dohr dhuhr asr"
    " maghrib icha isha",
    "الدولار دولار اليورو يورو الدرهم درهم الدينار دينار الريال ريال سعر الصرف صرف الذهب النفط"
    " برنت"
    " dollar euro dirham dinar usd eur mad iqd bhd gbp sar brent gold oil btc bitcoin",
    "طقس الطقس حرارة درجة مئوية رطوبة الرطوبة رياح الرياح مشمس غائم صحو météo température"
    " humidité"
    " vent ensoleillé nuageux weather temperature humidity wind sunny cloudy clear km",
)
"""What stands between counted things, and what small boxes of weather and rates are made of."""
FURNITURE = CALENDAR | CLOCK | COUNTED | BUTTONS | MEASURES
SAYS_META = COUNTED | _words(
    "تحديث التحديث محدث منذ قبل نشر النشر نشرت شارك طباعة",
    "il y a publié publiée mis mise jour màj actualisé modifié partager imprimer",
    "ago published posted updated modified share print",
    "پێش لەمەوبەر بڵاوکراوەتەوە نوێکراوەتەوە berî weşandin nûkirin parve",
)
"""Without one of them a remark in brackets belongs to its sentence: "(3 heures)"."""

_READ_ALSO = _phrases(
    "اقرأ أيضا|إقرأ أيضا|اقرأ أيضاً|اقرؤوا أيضا|اقرا ايضا|اقرأ كذلك|اقرأ المزيد|إقرأ المزيد"
    "|شاهد أيضا"
    "|شاهد ايضا|طالع أيضا|طالعوا أيضا|انظر أيضا|تابع أيضا|لقراءة المزيد|للمزيد اقرأ|قد يهمك أيضا"
    "|قد يهمك|قد يعجبك أيضا|ربما يهمك|وقد يهمك أيضا|اقرأ في هذا الملف|مواضيع قد تهمك|قد تهمك"
    " أيضا",
    "à lire aussi|lire aussi|à lire également|lire également|à lire|lire la suite|lire plus"
    "|voir aussi"
    "|à voir aussi|voir également|vous aimerez aussi|sur le même sujet|à découvrir aussi",
    "read also|also read|read more|see also|you may also like|you might also like|more on this"
    " story"
    "|don't miss|what to read next",
    "هەروەها بخوێنەوە|هەروەها بخوێنە|هەروەها بخوێننەوە|زیاتر بخوێنەوە|ئەمەش بخوێنەوە|بخوێنەوە",
    "herwiha bixwîne|her wiha bixwîne|herwiha bixwînin|zêdetir bixwîne|bixwîne jî|ev jî bixwîne",
)
_BOX_TITLES = _phrases(
    "مواضيع ذات صلة|مقالات ذات صلة|أخبار ذات صلة|موضوعات ذات صلة|ذات صلة|مواد ذات صلة|مواضيع"
    " متعلقة"
    "|مقالات متعلقة|أخبار متعلقة|مواضيع مرتبطة|مقالات مشابهة|مواضيع مشابهة|محتوى ذو صلة|الأكثر"
    " قراءة"
    "|الأكثر مشاهدة|الأكثر تداولا|الأكثر تعليقا|الأكثر شعبية|الأكثر قراءة اليوم|آخر الأخبار"
    "|آخر الاخبار|أحدث الأخبار|أخبار أخرى|المزيد من الأخبار|المزيد من المقالات|مزيد من الأخبار"
    "|المزيد"
    "|اخترنا لك|اخترنا لكم|مختارات|مقالات أخرى|مواضيع أخرى|من نفس القسم|أبرز الأخبار|عناوين أخرى"
    "|فيديوهات ذات صلة|شريط الأخبار|أخبار عاجلة|رائج|الأكثر رواجا|الرائج الآن|اقرأ من الموقع",
    "articles similaires|articles liés|articles connexes|articles associés|sujets associés|liés"
    "|les plus lus|le plus lu|les plus populaires|les plus consultés|les plus commentés|les"
    " plus vus"
    "|dans la même rubrique|derniers articles|dernières actualités|dernières nouvelles|à la une"
    "|nos recommandations|recommandé pour vous|recommandés pour vous|plus d'articles|autres"
    " articles"
    "|plus d'actualités|en continu|fil d'actualité|tendances|à ne pas manquer|contenus"
    " sponsorisés",
    "related|related articles|related stories|related news|related posts|related topics"
    "|related content|related coverage|more on this|more stories|more news|more articles|more"
    " from us"
    "|most read|most popular|most viewed|most shared|most commented|popular posts|popular now"
    "|trending"
    "|trending now|recommended|recommended for you|latest news|latest|latest stories|latest"
    " articles"
    "|editor's picks|up next|top stories|recent posts|similar articles|other news|in other news",
    "بابەتی پەیوەندیدار|بابەتە پەیوەندیدارەکان|هەواڵی پەیوەندیدار|هەواڵە پەیوەندیدارەکان"
    "|پەیوەندیدار|زۆرترین بینراو|زۆرترین خوێندراوە|پڕخوێنەرترین|پڕبینەرترین|دوایین هەواڵ"
    "|دوایین هەواڵەکان|هەواڵی زیاتر|زیاتر|نوێترین هەواڵ|نوێترین هەواڵەکان|نوێترین|بابەتی تر",
    "nûçeyên têkildar|babetên têkildar|gotarên têkildar|herî zêde hatine xwendin|herî zêde"
    " xwendin"
    "|nûçeyên dawî|nûçeyên din|ên herî zêde hatine xwendin|yên herî zêde xwendî|gotarên din",
)
_ADS = _phrases(
    "إعلان|إعلانات|اعلان ممول|إعلان مدفوع|محتوى ممول|محتوى برعاية|برعاية|مساحة إعلانية|مادة"
    " إعلانية"
    "|يتبع بعد الإعلان|تابع القراءة بعد الإعلان|المقال يستمر بعد الإعلان|تخطي الإعلان|ممول",
    "publicité|annonce|annonces|contenu sponsorisé|sponsorisé|la suite après la publicité"
    "|partenaire"
    "|la suite après cette publicité|l'article continue après la publicité|passer la publicité",
    "advertisement|advertisements|advertising|ad|ads|sponsored|sponsored content|promoted|paid"
    " content"
    "|partner content|story continues below advertisement|article continues after advertisement"
    "|story continues below|continue reading below|skip ad|advertisement scroll to continue"
    "|scroll to continue|article continues below",
    "ڕیکلام|رێکلام|ریکلام|سپۆنسەر|reklam|reklama",
)
_COMMENTS = _phrases(
    "التعليقات|تعليقات|تعليقات القراء|آراء القراء|شارك برأيك|اترك تعليقا|أضف تعليقا|أضف"
    " تعليقك"
    "|أضف تعليق|اكتب تعليقا|اكتب تعليقك",
    "commentaires|vos commentaires|les commentaires|laisser un commentaire|laissez un"
    " commentaire"
    "|réagir à cet article|vos réactions|ajouter un commentaire",
    "comments|reader comments|readers comments|readers' comments|leave a comment|leave a reply"
    "|join the conversation|join the"
    " discussion"
    "|post a comment|add a comment",
    "کۆمێنتەکان|کۆمێنت|لێدوانەکان|بۆچوونەکان|بۆچوونی خوێنەران|şîrove|nirxandin"
    "|nirxandinên xwendevanan|şîroveyek binivîse",
    "réactions des lecteurs|commentaires des lecteurs|kommentare|leserkommentare|comentarios",
)
_BEFORE = r"\W*(?:\d+\W+)?"
_ONLY = r"(?:\W+\d+)?\W*$"
READ_ALSO = re.compile(rf"{_BEFORE}(?:{_READ_ALSO})\s?[:|>/]")
"""A line that leads to another article, which it names …"""
MAYBE_READ_ALSO = re.compile(rf"{_BEFORE}(?:{_READ_ALSO})\s")
"""… and what is one only where it is no sentence: «À lire ce rapport, on comprend que …»."""
BOX_TITLE = re.compile(rf"{_BEFORE}(?:{_BOX_TITLES}|{_READ_ALSO}){_ONLY}")
"""The title of a box with other articles."""
BOX_LINE = re.compile(rf"{_BEFORE}(?:{_BOX_TITLES})\s?[:|]\s?\S")
"""… and one such article in the title's line."""
AD = re.compile(rf"{_BEFORE}(?:{_ADS}){_ONLY}")
AD_LINE = re.compile(rf"{_BEFORE}(?:{_ADS})\s?[:|]\s?\S")
COMMENTS = re.compile(rf"{_BEFORE}(?:{_COMMENTS}){_ONLY}")
"""The title over what readers wrote."""


_OURS = _phrases(
    "قناتنا|قنواتنا|صفحتنا|صفحاتنا|حسابنا|حساباتنا|نشرتنا|تطبيقنا|موقعنا|مجموعتنا|بريدك|هاتفك|معنا"
    "|النشرة البريدية|النشرة الإخبارية|النشرة الأسبوعية|النشرة اليومية|القائمة البريدية|الإشعارات"
    "|google news|أخبار جوجل|أخبار غوغل|أخبار google|جوجل نيوز|غوغل نيوز"
)
_PLATFORMS = _phrases(
    "تلغرام|تليغرام|تيليغرام|تليجرام|تيلجرام|واتساب|واتس آب|فيسبوك|فيس بوك|تويتر|انستغرام|إنستغرام"
    "|انستجرام|يوتيوب|تيك توك|منصة|whatsapp|telegram|facebook|twitter|instagram|youtube|tiktok"
    "|google|newsletter|channel|inbox|email|e-mail|app|updates|notifications|alerts|lettre"
    "|application|appli|chaîne|alertes|boîte|تێلیگرام|تێلێگرام|تەلەگرام|واتسئەپ|فەیسبووک|کەناڵ"
    "|کەناڵی|نامە"
)


def _invites(verbs: str, *whither: str) -> str:
    """A pattern for a sentence that begins with a verb and names a channel further on."""
    return rf"\W*(?:{_phrases(verbs)})\b.{{0,200}}\b(?:{'|'.join(whither)})"


PROMPT = re.compile(
    "|".join(
        (
            _invites("تابعونا|تابعنا|اشترك|اشتركوا", _OURS, _PLATFORMS, _phrases("الآن|ليصلك")),
            _invites(
                "انضم|انضموا|سجل|حمل|حملوا|للاشتراك|للانضمام|يمكنكم|يمكنك|لمتابعة|لتصلك|ليصلك|احصل"
                "|لتلقي|ادعم|ادعموا|ساهم|ساهموا",
                _OURS,
            ),
            _invites(
                "abonnez|inscrivez|suivez|rejoignez|recevez|téléchargez|retrouvez|activez"
                "|s'inscrire|s'abonner|soutenez",
                _PLATFORMS,
                "nous\\b|actualite",
            ),
            _invites(
                "subscribe|sign up|follow us|join us|join our|download our|download the|enter your"
                "|get our|get the latest|get the best|stay informed|stay connected|stay up"
                "|support our|support independent",
                _PLATFORMS,
                "journalism|daily|stories|news",
            ),
            _invites("بەشداری|بەشداربە|ئەندام|فۆڵۆ|دایبەزێنە", _PLATFORMS, _phrases("کەناڵەکەمان")),
            rf"\W*(?:{_phrases('bibin abone|abone bibin|me bişopînin|daxînin')})\b",
            rf"\W*{fold('li ser')} .{{0,40}}\b(?:{_phrases('bişopînin|bişopîne')})\b",
            rf"\W*(?:{_phrases('النشرة البريدية|القائمة البريدية')})\b",
            r"\W*(?:la |notre |our )?newsletter\W*$",
        )
    )
)
"""An invitation to subscribe, follow, download or give."""
COOKIES = re.compile(
    rf"\b(?:cookies?|{_phrases('ملفات تعريف الارتباط|الكوكيز|كوكيز|کووکی|کوکی|kurabiye')})\b"
)
_SITES = _phrases(
    "نستخدم|يستخدم|موقعنا|موافق|قبول|باستخدام|باستخدامك|ئەم ماڵپەڕە|ئێمە|malper|em|we|our|this site"
    "|this website|you accept|nous|notre|ce site|accepter|acceptez|paramétrer|paramètres"
)
COOKIES_OF = re.compile(rf"\b(?:{_SITES})\b")
"""… and by whom they are set: cookies may also be news."""
_RIGHTS = _phrases(
    "copyright|جميع الحقوق محفوظة|كل الحقوق محفوظة|حقوق النشر|tous droits réservés"
    "|all rights reserved|هەموو مافەکان|هەموو مافێکی|مافی بڵاوکردنەوە|hemû maf"
)
LEGAL = re.compile(rf"\W*(?:©|\(c\)|{_RIGHTS})")
_TAGS = _phrases(
    "وسوم|الوسوم|كلمات دلالية|كلمات مفتاحية|الكلمات الدلالية|الكلمات المفتاحية|هاشتاغ|تاغ|tag|tags"
    "|mots clés|étiquette|étiquettes|keywords|topics|filed under|تاگ|تاگەکان|etîket"
)
TAGS = re.compile(rf"\W*(?:{_TAGS})\s?(?::|#|$)")
HOME = re.compile(rf"\W*(?:{_phrases('الرئيسية|الصفحة الرئيسية|accueil|home|سەرەتا|destpêk')})\b")
"""The first step of the way to a page, as it is shown above it: home > society > …"""
_PHOTO = _phrases(
    "photo|photos|image|credit|credits|crédit|crédits|صورة|الصورة|تصوير|المصدر صورة|وێنە|wêne|foto"
    "|photo by|photo de|photo credit|image credit|crédit photo|photo d'archives"
)
PHOTO = re.compile(rf"\W*(?:{_PHOTO})\s?(?::|/|©|\()")
_SINCE = _phrases(
    "منذ|قبل|نشر|نشرت|آخر تحديث|تم النشر|il y a|hier|aujourd'hui|publié|mis à jour|just now"
    "|moments ago|yesterday|today|updated|published|an hour|a day|پێش|دوێنێ|ئێستا|berî|duh|niha"
)
SINCE = re.compile(rf"\W*(?:{_SINCE})\b")
"""The head of a line that tells a time in words alone."""
UPDATED = tuple(
    tuple(words(fold(label)))
    for label in (
        *("آخر تحديث", "تم التحديث", "تاريخ التحديث", "آخر تعديل", "تم النشر", "تاريخ النشر"),
        *("mis à jour", "mise à jour", "dernière modification", "publié le", "actualisé le"),
        *("last updated", "updated on", "updated at", "last modified", "published on"),
        *(
            "دوایین نوێکردنەوە",
            "نوێکرایەوە",
            "نوێکراوەتەوە",
            "بڵاوکراوەتەوە",
            "nûkirin",
            "rojanekirin",
        ),
    )
)
"""What a date or clock is called where it stands within a line."""
AFTER_CLOCK = _words("ص م صباحا مساء am pm gmt utc غرينتش ظهرا")
DEGREES = re.compile(r"-?\d+\s?°")
