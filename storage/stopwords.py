"""Words that a question has and that tell nothing of what it is about."""

from __future__ import annotations

from storage.text import fold

_STOPWORDS = """
ما ماذا من متى أين كيف كم هل لماذا لم لما أي أية هو هي هم هذا هذه هؤلاء ذلك تلك التي الذي الذين
اللذين اللتين في على عن إلى مع و أو ثم قد كان كانت كانوا يكون تكون كل بعض غير بين عند عندما بعد قبل
خلال منذ حتى حيث أن إن أنه أنها لا لن ليس ليست به بها له لها لهم فيه فيها عليه عليها منه منها
وفي ومن وما وهو وهي بما فيما مما لدى نحو تم يتم ال
le la les l un une des du de d et ou à au aux en dans sur pour par avec sans ce cette ces c il elle
ils elles qui que qu quoi dont où quand comment pourquoi quel quelle quels quelles est sont a ont
été n ne pas se s son sa ses leur leurs y
the a an of to in on at for by with from and or is are was were be been it its this that these those
who what which when where why how did do does has have had as not
لە و بۆ بە کە لەگەڵ ئەم ئەو چی کێ کەی کوێ چۆن بۆچی چەند
li ji bi û ku di de ev ew çi kî kengî kû çawa çima çend
"""
STOPWORDS = frozenset(map(fold, _STOPWORDS.split()))
"""Function and question words of Arabic, French, English, Sorani and Kurmanji, folded."""


def is_stopword(folded: str) -> bool:
    """Whether a folded word is one that tells nothing.

    >>> is_stopword("في"), is_stopword("حقوق")
    (True, False)
    """
    return folded in STOPWORDS
