"""Which differences between two readings of a page are the outlet's edits, and which are noise."""

from __future__ import annotations

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.reading.changes import Said, is_edit

ARABIC = (
    "قالت جمعية الضفة للحقوق إن السلطات منعت 12 وقفة سلمية هذا العام.\n"
    "وأوقف الناشط سالم بن ضفة يوم الأحد أمام مقر المجلس، ولم يعرف السبب.\n"
    "ودعت الجمعية إلى احترام حرية التجمع. ولم يرد المجلس على أسئلة الجريدة."
)
FRENCH = (
    "L'association Rive pour les droits a indiqué mardi que 12 réunions avaient été interdites.\n"
    "Le militant Salim Rivedouce a été arrêté dimanche devant la mairie de Port-Rive.\n"
    "L'association appelle au respect de la liberté de réunion. La mairie n'a pas répondu."
)
ENGLISH = (
    "The Riverbank Rights Association said on Tuesday that 12 gatherings had been banned.\n"
    "The activist Salem Riverbank was arrested on Sunday outside the council of Two Palms.\n"
    "The association called for freedom of assembly. The council has not answered."
)
SORANI = (
    "ڕێکخراوی مافی ڕووبار ڕایگەیاند کە ئەمساڵ 12 کۆبوونەوە قەدەغە کراون.\n"
    "چالاکوان ئازاد کانی ڕۆژی یەکشەممە لەبەردەم ئەنجوومەنی شارەوانی دەستگیر کرا.\n"
    "ڕێکخراوەکە داوای ڕێزگرتنی لە ئازادی کرد. ئەنجوومەن وەڵامی نەداوەتەوە."
)
KURMANJI = (
    "Komeleya Mafên Robarê ragihand ku îsal 12 civîn hatine qedexekirin.\n"
    "Çalakvan Azad Kanî roja yekşemê li ber meclisa bajêr hat girtin.\n"
    "Komele bangî rêzgirtina azadiyê kir. Meclisê bersiv nedaye."
)


def edits(before: str, after: str) -> bool:
    """Whether it is an edit, said the same of both ways."""
    there, back = Said("بيان", before), Said("بيان", after)
    assert is_edit(there, back) == is_edit(back, there)
    return is_edit(there, back)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (ARABIC, "منذ 3 ساعات"),
        (ARABIC, "آخر تحديث: الأحد 22 نوفمبر 2026 - 14:05"),
        (ARABIC, "1,234 مشاهدة"),
        (ARABIC, "٣ تعليقات | ١٢ مشاركة"),
        (ARABIC, "اقرأ أيضا: وقفة في وادي الزيتون احتجاجا على هدم المنازل"),
        (ARABIC, "إعلان"),
        (ARABIC, "تابعونا على قناتنا في تلغرام لتصلكم آخر الأخبار أولا بأول."),
        (ARABIC, "يستخدم هذا الموقع ملفات تعريف الارتباط لتحسين تجربتك. موافق"),
        (ARABIC, "شارك الخبر: فيسبوك تويتر واتساب"),
        (ARABIC, "وادي الزيتون 23°"),
        (ARABIC, "جميع الحقوق محفوظة © 2026"),
        (FRENCH, "il y a 3 heures"),
        (FRENCH, "Mis à jour le 22 novembre 2026 à 14h05"),
        (FRENCH, "1,2K vues · 3 commentaires"),
        (FRENCH, "À lire aussi : Rassemblement à Coteau-Haut contre la fermeture de l'école"),
        (FRENCH, "Publicité"),
        (FRENCH, "Abonnez-vous à notre newsletter pour ne rien manquer."),
        (FRENCH, "Ce site utilise des cookies pour améliorer votre visite."),
        (FRENCH, "Temps de lecture : 4 minutes"),
        (ENGLISH, "Published 5 hours ago"),
        (ENGLISH, "22 November 2026, 2:05 pm"),
        (ENGLISH, "12 comments"),
        (ENGLISH, "Related: Residents of New Springs sue the governor's office"),
        (ENGLISH, "Advertisement"),
        (ENGLISH, "Sign up for our newsletter and get the news in your inbox."),
        (ENGLISH, "We use cookies to make your visit better."),
        (ENGLISH, "Photo: Meadow Pictures"),
        (SORANI, "پێش 3 کاتژمێر"),
        (SORANI, "120 جار خوێندراوەتەوە"),
        (SORANI, "هەروەها بخوێنەوە: گردبوونەوە لە گوندی مێرگ"),
        (KURMANJI, "berî 3 saetan"),
        (KURMANJI, "120 car hat xwendin"),
        (KURMANJI, "Herwiha bixwîne: Li gundê Mêrgê civiyan"),
    ],
)
@pytest.mark.parametrize("place", [0, 1, 3])
def test_a_line_of_the_page_is_no_edit(text: str, line: str, place: int) -> None:
    lines = text.split("\n")
    lines.insert(place, line)

    assert not edits(text, "\n".join(lines))


@pytest.mark.parametrize(
    ("was", "now"),
    [
        ("قبل ساعة واحدة", "قبل 21 ساعة"),
        ("تمت القراءة 12 مرة", "تمت القراءة 1,530 مرة"),
        ("السبت 21 نوفمبر 2026", "الأحد 22 نوفمبر 2026"),
        ("الدولار 10,02 درهم", "الدولار 10,11 درهم"),
        (
            "اقرأ أيضا\n- سكان الغدير يشتكون\n- مكتبة جديدة في المرج",
            "اقرأ أيضا\n- حملة لحماية النخيل",
        ),
        (
            "الأكثر قراءة\nأ كبير في المرج\nنهر يفيض ليلا",
            "الأكثر قراءة\nنهر يفيض ليلا\nأ كبير في المرج",
        ),
    ],
)
def test_what_a_page_counts_and_links_to_may_change(was: str, now: str) -> None:
    assert not edits(f"{ARABIC}\n{was}", f"{ARABIC}\n{now}")
    assert not edits(f"{was}\n{ARABIC}", f"{now}\n{ARABIC}") or "\n" in was


def test_a_box_between_paragraphs_may_exchange_its_titles() -> None:
    first, rest = FRENCH.split("\n", 1)
    before = f"{first}\nÀ lire aussi\nUne école ferme à Pré-Vert\nLe pain plus cher\n{rest}"
    after = f"{first}\nÀ lire aussi\nLa Source-Neuve sans eau depuis lundi\n{rest}"

    assert not edits(before, after)


def test_a_list_of_titles_behind_the_text_may_be_another() -> None:
    before = f"{ENGLISH}\nSchool closed in Upper Hill\nBread prices rise again\nNew library opens"
    after = f"{ENGLISH}\nRiver floods port road\nTeachers call strike for May\nMayor leaves office"

    assert not edits(before, after)


def test_a_clock_within_the_only_line_of_a_text_is_none() -> None:
    before = "| آخر تحديث: 14:00:00 " + ARABIC.replace("\n", " ") + " 120 مشاهدة"

    assert not edits(before, before.replace("14:00:00", "15:30:10").replace("120", "300"))


@pytest.mark.parametrize(
    ("was", "now"),
    [
        ("الناشط", "المشتبه به"),
        ("الناشط", "«الناشط»"),
        ("12 وقفة", "21 وقفة"),
        ("سالم بن ضفة", "سالم بن ضبة"),
        ("سالم بن ضفة ", ""),
        ("ولم يعرف السبب", "وعرف السبب"),
        (" ولم يرد المجلس على أسئلة الجريدة.", ""),
        ("\nوأوقف الناشط سالم بن ضفة يوم الأحد أمام مقر المجلس، ولم يعرف السبب.", ""),
        ("الأحد", "الاثنين"),
    ],
)
def test_any_change_of_words_is_an_edit(was: str, now: str) -> None:
    assert was in ARABIC
    assert edits(ARABIC, ARABIC.replace(was, now, 1))


@pytest.mark.parametrize(
    ("text", "was", "now"),
    [
        (FRENCH, "militant", "suspect"),
        (FRENCH, "Le militant", "Le « militant »"),
        (FRENCH, "a été arrêté", "n'a pas été arrêté"),
        (FRENCH, "12 réunions", "11 réunions"),
        (ENGLISH, "activist", "suspect"),
        (ENGLISH, "has not answered", "has answered"),
        (ENGLISH, "Tuesday", "Monday"),
        (ENGLISH, " The council has not answered.", ""),
        (SORANI, "چالاکوان", "گومانلێکراو"),
        (SORANI, "12 کۆبوونەوە", "13 کۆبوونەوە"),
        (KURMANJI, "Çalakvan", "Gumanbar"),
        (KURMANJI, "bersiv nedaye", "bersiv da"),
    ],
)
def test_so_it_is_in_every_language(text: str, was: str, now: str) -> None:
    assert was in text
    assert edits(text, text.replace(was, now, 1))


@pytest.mark.parametrize(
    ("was", "now", "edit"),
    [
        ("وقفة في المرج", "وقفة في المرج؟", True),
        ("توقيف ناشط", "توقيف «ناشط»", True),
        ("توقيف «ناشط»", 'توقيف "ناشط"', False),
        ("توقيف ناشط", "توقيف مشتبه به", True),
        ("(3) توقيف ناشط", "توقيف ناشط", False),
        ("L'été à Port-Rive", "L’été à  Port‑Rive", False),
        ("Une loi contestée", "Une loi « contestée »", True),
        ("5 blessés", "6 blessés", True),
    ],
)
def test_headlines_change_by_words_and_by_marks_that_bear_meaning(
    was: str, now: str, edit: bool
) -> None:
    assert is_edit(Said(was, ARABIC), Said(now, ARABIC)) is edit


@pytest.mark.parametrize(
    "same",
    [
        ARABIC.replace(" ", "\u00a0").replace(".", " ."),
        ARABIC.replace("\n", " "),
        ARABIC.replace("ا", "ا\u200f").replace("س", "ســ"),
        ARABIC.replace("م", "مَ"),
        ARABIC.replace("12", "١٢"),
        "".join(unicodedata.lookup("ARABIC LETTER SEEN INITIAL FORM") if c == "س" else c
                for c in ARABIC),
        ARABIC.replace("إ", "ا").replace("ة ", "ه "),
    ],
)  # fmt: skip
def test_how_a_text_is_set_is_no_edit(same: str) -> None:
    assert same != ARABIC
    assert not edits(ARABIC, same)


def test_a_list_that_the_text_announces_is_of_the_article() -> None:
    before = f"{ENGLISH}\nThe families ask for three things:\n- water\n- a school\n- a lawyer"

    assert edits(before, before.replace("\n- a school", ""))
    assert edits(before, before.replace("a lawyer", "a judge"))


def test_one_title_with_one_word_changed_is_an_edit_where_paragraphs_look_like_titles() -> None:
    lines = "اقرأ أيضا\nوأوقف الناشط سالم بن ضفة يوم الأحد أمام مقر المجلس في المدينة القديمة"

    text = f"{lines}\n{ARABIC}"
    assert edits(text, text.replace("الناشط سالم", "المتهم سالم", 1))


@pytest.mark.parametrize(
    "lines",
    [
        ("إعلان تجاري كبير", ""),
        ("حملوا التطبيق الجديد للجريدة من هنا", ""),
        ("حاضرون: 12", "حاضرون: 340"),
        ("من الأرشيف: مكتبة جديدة في المرج", "من الأرشيف: حملة لحماية النخيل"),
    ],
)
def test_what_no_list_holds_is_known_by_its_form(lines: tuple[str, str]) -> None:
    first, rest = ARABIC.split("\n", 1)
    one, other = (f"{first}\n{line}\n{rest}" for line in lines)

    assert not edits(one, other)


def test_a_subtitle_may_not_change_a_word() -> None:
    first, rest = ARABIC.split("\n", 1)
    before = f"{first}\nتوقيف ناشط حقوقي في المدينة\n{rest}"

    assert edits(before, before.replace("ناشط حقوقي", "مشتبه به"))
    assert edits(before, before.replace("ناشط", "«ناشط»"))
    assert not edits(before, before.replace("توقيف ناشط حقوقي في المدينة\n", ""))


def test_short_paragraphs_without_full_stops_are_no_list_of_titles() -> None:
    text = ARABIC.replace(".", "")

    assert edits(text, text.rsplit("\n", 1)[0])


def test_a_time_that_a_sentence_tells_is_part_of_what_is_said() -> None:
    before = "Le procès a duré (3 heures) et rien n'a été dit aux familles venues de loin."

    assert edits(before, before.replace("3", "5"))


@given(text=st.text(max_size=120))
def test_no_text_is_an_edit_of_itself(text: str) -> None:
    assert not is_edit(Said(text, text), Said(text, text))


@given(
    before=st.text(alphabet="اب a.؟\n-|:«»'1م", max_size=60),
    after=st.text(alphabet="اب a.؟\n-|:«»'1م", max_size=60),
)
def test_an_edit_is_one_in_both_directions(before: str, after: str) -> None:
    edits(before, after)


@pytest.mark.parametrize(
    "piece",
    [
        "'a ",
        "(",
        "| ",
        "اقرأ أيضا: ",
        "\n- ا",
        "12 ",
        "cookies we ",
        "...",
        "\n.",
        "تابعونا ",
        "1.",
        "»",
    ],
)
def test_hostile_texts_take_no_longer_than_others(piece: str) -> None:
    text = piece * (30_000 // len(piece))
    started = time.process_time()

    is_edit(Said("", text), Said("", f"{text}x"))

    assert time.process_time() - started < 5
