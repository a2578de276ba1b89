"""Given names by which one name can be told from a part of another.

All forms are folded. The lists hold only common names that are hardly ever another word; what is
not listed is simply not told apart.
"""

from __future__ import annotations

from storage.text import fold


def _folded(names: str) -> frozenset[str]:
    return frozenset(fold(name) for name in names.split())


BEGIN_LIKE_A_CLITIC = _folded(
    "وسام وسيم وليد وليم وحيد وديع وداد وصال وفاء وفيق ولاء وجدان وجيه وردة ورود وسن وضاح"
    " وعد وهبي وهيب وئام وائل واثق ولادة فاتن فاتح فادي فارس فاضل فاطمة فايز فائز فجر فداء"
    " فرات فراس فرح فرحان فرحات فريد فريدة فريال فضل فضيلة فكري فلاح فهد فهمي فؤاد فواز فوزي"
    " فوزية فيصل فيروز باسل باسم باسمة بتول بدر بدرية بدور بديع بدوي براء برهان بسام بسمة"
    " بسيم بشار بشرى بشير بكر بلال بلقيس بنان بهاء بهجت بهيج بهيجة بيداء كاظم كامل كاملة"
    " كامران كاميليا كارم كاسر كايد كرم كريم كريمة كفاح كلثوم كمال كميل كنان كنزة كنعان كوثر"
    " لارا لانا لبنى لبيب لجين لطفي لطيف لطيفة لقمان لمى لمياء لميس لؤي ليان ليث ليلى لينا"
    " لين"
)
"""Names that begin with a letter which could also be and, so, with, like or for.

In front of the name Sam, the word Wisam is another man, not "and Sam".
"""

SERVANT = _folded("عبد abd abdul abdel abdal abdoul")
"""Half a name: what follows is never a name of its own."""

PARENTS = SERVANT | _folded("بن أبو أبي أبا bin ben ibn abu abou ould")
"""What stands before a name that is only a part of a longer one.

Not so ولد, which is also "was born", أم, which is also "or", and ابن: the son of X does name X.
"""

_ARABIC = (
    "محمد أحمد محمود حسين إبراهيم يوسف مصطفى خالد عمر عثمان إسماعيل عباس جعفر كاظم جاسم قاسم حمد"
    " سلمان عيسى موسى ياسر ياسين طارق زهير هشام عادل فاطمة زينب مريم خديجة عائشة سمير نبيل حميد"
)
_LATIN = (
    "mohammed mohamed muhammad mohammad ahmed ahmad mahmoud mahmood hussein husain hussain hassan"
    " ibrahim youssef yousif yusuf mustafa moustapha mostafa khaled khalid omar othman ismail abbas"
    " jaafar qasim jassim hamad fatima zeinab zainab mariam maryam khadija aicha aisha nabil hamid"
)
PRECEDING = _folded(f"{_ARABIC} {_LATIN}")
"""Names after which another given name is a father's: Muhammad Ali Hasan is not Ali Hasan."""

GIVEN = (
    PRECEDING
    | BEGIN_LIKE_A_CLITIC
    | _folded(
        "علي حسن سام أمل نور هدى ريم رضا جواد صادق صالح سعيد سعد ناصر منصور حاتم رياض زكريا هادي"
        " مهدي جمال كامل عبد عبدالله عبدالرحمن ali hasan sam amal nour reda sadiq saleh said"
        " nasser mansour hatem hadi mehdi jamal abdullah abdallah abdel abdul"
    )
)
"""Names that make it likely that a form which begins with one is a person's."""

RELATIVES = (PRECEDING | GIVEN) - _folded(
    "عبد كامل كريم أمل نور هدى رضا سعيد صالح hadi said amal nour abdel abdul"
) | _folded(
    "غادة نجلاء نرجس ابتسام جليلة معصومة زهراء خليل نادر سلمى سعاد نوال نادية رقية سكينة هاجر رحاب"
    " نادين ياسمين عبير منى هالة رنا دعاء إسراء آلاء أسماء هيثم وائل أنس أسامة مازن"
    " leila layla nadia salma souad nawal samira sara sarah maha rana nadine yasmine"
    " osama anas wael fatma"
)
"""Given names before a family name alone: Zainab X is not the X whom the article is about."""
