"""What pages that are no article say of themselves, in the languages of the outlets.

Sentences are as sites print them; they are compared by `storage.text.fold`, so that spellings,
accents and punctuation make no difference. Collected 2026-11 from the shipped texts of WordPress,
Drupal, Joomla, nginx, Apache, Cloudflare and of consent managers, and translated where these have
no Kurdish.
"""

from __future__ import annotations

CHALLENGES = (  # anywhere in a title
    *("just a moment", "attention required", "checking your browser", "are you a robot"),
    *("verify you are human", "verify you are a human", "pardon our interruption"),
    *("ddos-guard", "access to this page has been denied", "access to this page is denied"),
    *("un instant, s'il vous plaît", "vérification de votre navigateur"),
    *("تحقق من أنك إنسان", "التحقق من أنك إنسان", "جارٍ التحقق من المتصفح", "لحظة من فضلك"),
)
BARE_CHALLENGES = (  # a title, or what stands before or behind the site's name in it
    *("access denied", "access has been denied", "forbidden", "403 forbidden", "security check"),
    *(
        "request unsuccessful",
        "un instant",
        "accès refusé",
        "لحظة",
        "الوصول مرفوض",
        "Zugriff verweigert",
    ),
    *("acceso denegado", "human verification", "robot check", "captcha"),
)

CONSENTS = (
    *("before you continue", "avant de continuer", "cookie consent", "we value your privacy"),
    *("your privacy choices", "vos choix concernant", "قبل المتابعة", "قبل أن تتابع"),
    *("bevor Sie fortfahren", "antes de continuar", "gestion des cookies", "cookie settings"),
    *("your privacy matters", "we care about your privacy", "votre vie privée nous importe"),
    *(
        "خصوصيتك تهمنا",
        "خصوصيتكم تهمنا",
        "نهتم بخصوصيتك",
        "نحترم خصوصيتك",
        "Ihre Privatsphäre ist uns",
    ),
    *("نحن نقدر خصوصيتك", "wir schätzen Ihre Privatsphäre", "valoramos su privacidad"),
    *("nous respectons votre vie privée", "le respect de votre vie privée est notre priorité"),
    *("پێش ئەوەی بەردەوام بیت", "berî ku hûn bidomînin"),
)
ASKS_CONSENT = (
    *(
        "store and access",
        "store and/or access",
        "access information on a device",
        "and our partners",
    ),
    *(
        "unique identifiers",
        "tracking technologies",
        "withdraw your consent",
        "change your preferences",
    ),
    *("personal data", "personalised advertising", "personalized advertising", "personalised ads"),
    *("personalized ads", "manage preferences", "legitimate interest", "accept all", "vendors"),
    *("et nos partenaires", "données personnelles", "retirer votre consentement", "tout accepter"),
    *("informations sur un terminal", "publicités personnalisées", "intérêt légitime"),
    *("وشركاؤنا", "شركائنا", "البيانات الشخصية", "سحب موافقتك", "على جهازك", "قبول الكل"),
    *("إعلانات مخصصة", "معلومات على الجهاز", "ملفات تعريف الارتباط"),
    *("und unsere Partner", "personenbezogene Daten", "Ihre Einwilligung", "alle akzeptieren"),
    *("y nuestros socios", "datos personales", "su consentimiento", "aceptar todo"),
)
"""Phrases of requests for consent; one may stand in an article, several tell of a request."""
COOKIE_WORDS = frozenset(
    "cookie cookies consent consentement consentir einwilligung zustimmung consentimiento"
    " privacy privacidad confidentialité datenschutz partners partenaires partner socios"
    " الكوكيز كوكيز الارتباط الخصوصية خصوصيتك موافقتك الشركاء شركائنا کوکی کووکی پاراستنی"
    " accept accepter akzeptieren aceptar refuser reject ablehnen rechazar أوافق قبول رفض"
    " traceurs advertising publicité".split()
)

MISSING = (
    *("page not found", "page was not found", "page cannot be found", "page could not be found"),
    *("page can't be found", "page doesn't exist", "page does not exist", "page no longer exists"),
    *("page is no longer available", "article is no longer available", "page isn't available"),
    *("404 error", "error 404", "404 not found", "http 404", "erreur 404", "fehler 404"),
    *("خطأ 404", "هەڵەی 404", "çewtiya 404", "page introuvable", "page non trouvée"),
    *("page n'existe pas", "page n'existe plus", "article n'existe plus", "article introuvable"),
    *("page que vous recherchez", "page que vous cherchez", "page que vous avez demandée"),
    *("page demandée n'existe", "page demandée est introuvable", "page you requested"),
    *("page you are looking for", "page you were looking for", "page you're looking for"),
    *("الصفحة غير موجودة", "صفحة غير موجودة", "الصفحة المطلوبة", "الصفحة التي تبحث عنها"),
    *("الصفحة التي طلبتها", "الصفحة التي تحاول الوصول", "لم يتم العثور على الصفحة"),
    *("هذه الصفحة غير متوفرة", "الصفحة غير متاحة", "تعذر العثور على الصفحة", "المقال غير موجود"),
    *("الخبر غير موجود", "پەڕەکە نەدۆزرایەوە", "پەڕە نەدۆزرایەوە", "لاپەڕەکە نەدۆزرایەوە"),
    *("لاپەڕە نەدۆزرایەوە", "پەڕەیە بوونی نییە", "پەڕەکە بوونی نییە", "لاپەڕەکە بوونی نییە"),
    *("لاپەڕەیە بوونی نییە", "پەڕەی داواکراو", "لاپەڕەی داواکراو"),
    *(
        "rûpel nehat dîtin",
        "rûpel nayê dîtin",
        "rûpel peyda nebû",
        "ev rûpel tune",
        "rûpel tune ye",
    ),
    *("rûpela ku hûn lê digerin", "rûpela ku tu lê digerî", "Seite nicht gefunden"),
    *(
        "Seite wurde nicht gefunden",
        "Seite existiert nicht",
        "gesuchte Seite",
        "angeforderte Seite",
    ),
    *("Seite konnte nicht gefunden", "página no encontrada", "página no existe"),
    *("página que busca", "página que buscas", "página solicitada", "no se encontró la página"),
    *("no se ha encontrado la página", "página no fue encontrada"),
)
BARE_MISSING = (
    *("404", "404!", "not found", "introuvable", "non trouvé", "non trouvée", "غير موجود"),
    *("غير موجودة", "غير متوفر", "نەدۆزرایەوە", "nehat dîtin", "nicht gefunden", "no encontrado"),
    *("no encontrada", "nothing found", "aucun résultat", "لا توجد نتائج"),
)

BARE_ERRORS = (
    *("error", "errors", "oops", "500", "502", "503", "504", "internal server error"),
    *("500 internal server error", "502 bad gateway", "503 service unavailable", "bad gateway"),
    *("service unavailable", "service temporarily unavailable", "gateway timeout", "server error"),
    *("504 gateway time-out", "error 500", "error 503", "database error", "fatal error"),
    *("error establishing a database connection", "something went wrong", "an error occurred"),
    *("an error has occurred", "under maintenance", "down for maintenance", "maintenance"),
    *("site under maintenance", "account suspended", "bandwidth limit exceeded", "site offline"),
    *("erreur", "erreur serveur", "une erreur est survenue", "une erreur s'est produite"),
    *("erreur 500", "site en maintenance", "en maintenance", "service indisponible"),
    *("خطأ", "حدث خطأ", "حدث خطأ ما", "خطأ في الخادم", "الموقع تحت الصيانة", "تحت الصيانة"),
    *("الخدمة غير متوفرة", "خطأ في الاتصال", "عذراً حدث خطأ", "الموقع قيد الصيانة"),
    *("هەڵە", "هەڵەیەک ڕوویدا", "ماڵپەڕەکە لە چاکسازیدایە", "çewtî", "çewtiyek çêbû", "xeletî"),
    *("Fehler", "ein Fehler ist aufgetreten", "Wartungsarbeiten", "interner Serverfehler"),
    *("ha ocurrido un error", "error del servidor", "en mantenimiento", "se produjo un error"),
)

BARE_LOGINS = (
    *("log in", "login", "sign in", "signin", "member login", "subscriber login", "connexion"),
    *("se connecter", "connectez-vous", "identification", "تسجيل الدخول", "الدخول", "دخول"),
    *("دخول الأعضاء", "چوونەژوورەوە", "چوونە ژوورەوە", "têketin", "têkeve", "anmelden"),
    *("anmeldung", "einloggen", "iniciar sesión", "inicia sesión", "acceder", "log in to continue"),
    *("sign in to continue", "please log in", "please sign in"),
)

SCRIPT_WANTED = (
    *(
        "enable javascript",
        "javascript is disabled",
        "javascript is required",
        "turn on javascript",
    ),
    *(
        "requires javascript",
        "javascript to run this app",
        "activer javascript",
        "activez javascript",
    ),
    *("javascript est désactivé", "تفعيل جافا سكريبت", "تفعيل جافاسكريبت", "تفعيل javascript"),
    *("تمكين javascript", "تشغيل javascript", "جافا سكريبت معطل", "javascript چالاک"),
    *("جاڤاسکریپت چالاک", "javascript aktivieren", "javascript aktîf", "habilitar javascript"),
    *("habilite javascript", "active javascript", "activar javascript"),
)

LIVE = (
    *("live", "live blog", "liveblog", "live updates", "live ticker", "liveticker", "news-ticker"),
    *("as it happened", "minute by minute", "en direct", "minute par minute", "le direct"),
    *("en vivo", "en directo", "minuto a minuto", "مباشر", "مباشرة", "لحظة بلحظة", "تغطية حية"),
    *("تغطية مستمرة", "تغطية متواصلة", "أولاً بأول", "ڕاستەوخۆ", "ساتەوەخت", "zindî", "rasterast"),
)

PICTURES = (
    *("in pictures", "in photos", "photos", "pictures", "photo gallery", "gallery", "slideshow"),
    *("en images", "en photos", "diaporama", "galerie", "album", "بالصور", "صور", "معرض صور"),
    *("ألبوم صور", "بە وێنە", "وێنە", "گەلەری", "bi wêneyan", "wêne", "in Bildern"),
    *("bildergalerie", "fotostrecke", "en imágenes", "en fotos", "galería", "fotogalería"),
)
