import pytest

from bench.shingles import best_overlap, f1, overlap, rouge_l, score


def test_an_equal_text_scores_one_and_another_none() -> None:
    text = "The council met on Monday and voted for the bridge"

    assert overlap(text, text).f1 == 1
    assert overlap(text, "Nothing of that kind was written anywhere else").f1 == 0


def test_what_is_too_much_costs_precision_and_what_is_missing_recall() -> None:
    known = "one two three four five six seven"  # four shingles

    more = overlap(known, f"{known} eight nine ten eleven")
    less = overlap(known, "one two three four five")

    assert (more.precision, more.recall) == (0.5, 1)
    assert (less.precision, less.recall) == (1, 0.5)


def test_a_shingle_counts_as_often_as_it_stands_there() -> None:
    assert overlap("a b c d", "a b c d a b c d").precision == pytest.approx(1 / 5)


def test_f1_is_that_of_the_mean_precision_and_the_mean_recall() -> None:
    known = "one two three four five six seven"
    pairs = [(known, f"{known} eight nine ten eleven"), (known, "one two three four five")]

    told = f1(pairs)

    assert (told.precision, told.recall, told.f1) == (0.75, 0.75, 0.75)


def test_a_page_of_which_nothing_was_found_lowers_recall_alone() -> None:
    told = score([overlap("one two three four", ""), overlap("a b c d", "a b c d")])

    assert (told.precision, told.recall) == (1, 0.5)


def test_a_paragraph_that_may_be_left_out_is_no_loss_and_no_surplus() -> None:
    paragraphs = ["Photo by nobody in particular at all", "The market opened early on Tuesday"]

    without = best_overlap(paragraphs, [True, False], paragraphs[1])
    with_it = best_overlap(paragraphs, [True, False], "\n".join(paragraphs))
    needed = best_overlap(paragraphs, [False, False], paragraphs[1])

    assert without.f1 == with_it.f1 == 1
    assert needed.f1 < 1


def test_rouge_l_follows_the_order_of_the_words() -> None:
    assert rouge_l("a b c d", "a b c d") == 1
    assert rouge_l("a b c d", "a x b d") == pytest.approx(0.75)
    assert rouge_l("a b c d", "d c b a") == pytest.approx(0.25)
    assert rouge_l("", "a") == 0
