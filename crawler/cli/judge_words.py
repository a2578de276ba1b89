"""What a judgement says and changes, in plain words."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from crawler.phrases import counted
from storage.bidi import isolated
from storage.models import Precision
from storage.times import local_time

if TYPE_CHECKING:
    from storage.judged_stories import StoryOf
    from storage.judgement_rows import Judgement
    from storage.judgements import Judged, State

_UNSURE = {Precision.MONTH: "%Y-%m", Precision.YEAR: "%Y"}
_KEPT_FOR = {
    "actor": "the article now counts for the actors it names",
    "terms": "the article now counts for the words it uses of civil society",
    "": "the article now counts as background",
}


def says(judgement: Mapping[str, Any]) -> str:
    """A judgement in a few words, without its reason."""
    words = {
        "not_this": f"not {judgement['actor_id']}",
        "is_this": f"is {judgement['actor_id']}",
        "date": f"published {judgement['value']}",
        "language": f"in {judgement['value']}",
        "leave_out": "left out",
        "same_story": f"{judgement['article_id']} and {judgement['other_id']} in one story",
        "other_story": f"{judgement['article_id']} not in the story of {judgement['other_id']}",
        "withdraw": f"withdraws {judgement['withdraws']}",
    }[judgement["kind"]]
    if judgement["withdrawn_by"] is not None:
        return f"{words} (withdrawn)"
    later = judgement["superseded_by"]
    return words if later is None else f"{words} (judgement {later} counts)"


def changes(judged: "Judged") -> list[str]:
    """What is another now than before, a line for each change."""
    if judged.judgement.other_id is not None:
        return [*_stories(judged), *_other(judged)]
    number = judged.judgement.article_id
    lines = [*_mentions(judged), *_values(judged.before, judged.after, number)]
    lines += _standing(judged.before, judged.after, number)
    return [*(lines or [f"nothing changes: {_as_before(judged)}"]), *_other(judged)]


def _stories(judged: "Judged") -> Iterator[str]:
    """Where the two articles are now, of which somebody said that they belong together or not."""
    one, other = judged.judgement.articles
    pair, now = f"articles {one} and {other}", judged.after.stories
    were, are = (_together(state) for state in (judged.before, judged.after))
    if are and not were:
        yield f"{pair} are in one story now: {_whose(now[one])}"
    elif are:
        yield f"{_kept(judged, were)}{pair} are in one story, as before: {_whose(now[one])}"
    elif not were:
        yield f"{_kept(judged, were)}{pair} are in different stories, as before"
    else:
        yield from (f"article {number} is now {_place(number, now[number])}" for number in now)


def _together(state: "State") -> bool:
    return len({story.story_id for story in state.stories.values()}) == 1


def _kept(judged: "Judged", together: bool) -> str:
    """Why a judgement that should have moved an article did not; nothing where it should not."""
    wanted = {"same_story": True, "other_story": False}.get(judged.judgement.kind, together)
    return "nothing changes: " if wanted is together else "other judgements stand against it: "


def _whose(story: "StoryOf") -> str:
    told = f"{counted(story.articles, 'article')}, the first of them {story.story_id}"
    return f"{told}: {isolated(story.headline)}"


def _place(number: int, story: "StoryOf") -> str:
    if story.articles <= 1 and story.story_id == number:
        return "in a story of its own"
    return f"in a story of {_whose(story)}"


def _as_before(judged: "Judged") -> str:
    number = judged.judgement.article_id
    if judged.after.left_out:
        return f"article {number} is left out of the study"
    return f"article {number} counts as it did"


def _other(judged: "Judged") -> Iterator[str]:
    """Somebody may have judged the same before, and otherwise: that should not go unsaid."""
    if judged.other is None:
        return
    one = f"judgement {judged.other.id} ({_plainly(judged.other)}) by {isolated(judged.other.who)}"
    taken_back = judged.judgement.withdraws is not None
    yield f"{one} counts now" if taken_back else f"instead of {one}: {isolated(judged.other.why)}"


def _plainly(judgement: "Judgement") -> str:
    return says(asdict(judgement) | {"withdrawn_by": None, "superseded_by": None})


def _mentions(judged: "Judged") -> Iterator[str]:
    actor_id = judged.judgement.actor_id
    if actor_id is None:
        return
    of = f"of {isolated(judged.actor or actor_id)} in article {judged.judgement.article_id}"
    more = judged.after.counted.get(actor_id, 0) - judged.before.counted.get(actor_id, 0)
    if more:
        yield f"{'now' if more > 0 else 'no longer'} counted: {counted(abs(more), 'mention')} {of}"


def _values(before: "State", after: "State", number: int) -> Iterator[str]:
    was, now = _published(before), _published(after)
    if was != now:
        yield f"article {number} counts as published {now}; before: {was}"
    if before.language != after.language:
        yield f"article {number} counts as written in {after.language}; before: {before.language}"


def _published(state: "State") -> str:
    if state.published_at is None:
        return "on an unknown day"
    if state.published_precision == "day" and state.published_day:
        return f"on {state.published_day}"
    if state.published_precision in _UNSURE:
        shown = _UNSURE[Precision(state.published_precision)]
        return f"in {local_time(state.published_at, state.timezone):{shown}}"
    return f"at {local_time(state.published_at, state.timezone):%Y-%m-%d %H:%M} ({state.timezone})"


def _standing(before: "State", after: "State", number: int) -> Iterator[str]:
    if before.left_out != after.left_out:
        yield (
            f"article {number} is left out of every count, search and export; "
            f"`marsad show {number}` still shows it"
            if after.left_out
            else f"article {number} is part of the study again"
        )
    elif before.keep_rule != after.keep_rule:
        yield _KEPT_FOR[after.keep_rule]
        if after.keep_rule and not after.text_kept:
            yield "its text was not kept (keep = mentions); `marsad reread` brings it back"
