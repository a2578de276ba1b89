"""Leads written anew, shared backgrounds and places side by side are told from fillings."""

from __future__ import annotations

from storage.fillings import contrary, worded

SENTENCE = (
    "وأوضح المتحدث أن الشاحنة كانت محملة بالخضراوات وأن الأشعة أظهرت كثافة غير طبيعية في "
    "أرضية المقطورة، وأن السائق أحيل إلى الجهة المختصة لاستكمال الإجراءات."
)
BACKGROUND = (
    "وكان الجسر قد أنشئ قبل خمسين عاماً ويبلغ طوله ستمئة متر ويربط بين الرصيفين والمدينة "
    "القديمة، وأوصى تقرير هندسي بإغلاقه أمام الشاحنات الثقيلة."
)


def _contrary(one: str, other: str) -> bool:
    return contrary(worded(one), worded(other))


def test_a_cable_to_another_president_is_another_filling() -> None:
    form = (
        "بعث رئيس الدولة برقية تهنئة إلى {} بمناسبة {}. وأعرب رئيس الدولة باسمه واسم الشعب عن أصدق "
        "التهاني وأطيب التمنيات بالصحة والسعادة."
    )
    one = form.format("الرئيس إدوار مانسي رئيس جمهورية تلال الصديقة", "ذكرى استقلال بلاده")
    other = form.format("الملكة ماريا كاستل ملكة بالنورا وما جاورها", "إعادة بناء عاصمتها المجيدة")
    assert _contrary(one, other)


def test_names_of_one_place_after_the_other_are_told_apart() -> None:
    form = "أقدم {} على قتل {} وذلك {} إثر خلاف حصل بينهما، وتمكنت الشرطة من القبض على الجاني."
    form = f"{SENTENCE} {form}"
    one = form.format("سالم بن عوض الحريصي", "مبارك بن سعد القهيدي", "بطعنه بسكين")
    other = form.format("عبدالله بن فرج المطوع", "حمود بن غازي السلامي", "برميه من جبل")
    assert _contrary(one, other)


def test_a_lead_written_anew_is_no_filling() -> None:
    one = (
        "أغلقت أمانة المدينة 12 مطعماً وصادرت 640 كيلوغراماً من اللحوم الفاسدة خلال حملة رقابية "
        f"نفذتها في الأحياء الجنوبية. {SENTENCE}"
    )
    other = (
        "صادر مراقبون أمس 640 كيلوغراماً من اللحوم الفاسدة وأقفلوا محال مخالفة بجنوب البلدة. "
        f"{SENTENCE}"
    )
    assert not _contrary(one, other)


def test_figures_put_into_words_are_no_filling() -> None:
    one = f"أودعت الوزارة 1.4 مليار ريال في حسابات المستفيدين من الضمان هذا الشهر. {SENTENCE}"
    assert not _contrary(one, one.replace("1.4 مليار", "ملياراً وأربعمئة مليون"))


def test_other_news_with_the_same_background_is_another_text() -> None:
    one = f"هرعت فرق الإنقاذ إلى القناة وبدأ الغواصون البحث عن ركاب حافلة سقطت فجراً. {BACKGROUND}"
    other = (
        "أمر المدعي العام بتوقيف مدير الصيانة ومهندسين اثنين ومنع أربعة مسؤولين من السفر، وصودرت "
        f"سجلات الفحص الدوري كلها من مكاتبهم مساء أمس بحضور محاميهم. {BACKGROUND}"
    )
    assert _contrary(one, other)


def test_a_text_cut_short_among_an_outlets_own_words_is_the_same() -> None:
    one = f"{SENTENCE} {BACKGROUND}"
    assert not _contrary(one, f"{SENTENCE} تابعونا على صفحاتنا واشتركوا في نشرتنا اليومية الآن.")
