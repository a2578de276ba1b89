"""A few articles of a new outlet, fetched and read as a crawl would, and stored nowhere."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import islice

from crawler.engine.outcomes import Ending, of_status
from crawler.engine.pool import Readers, WorkerFailed
from crawler.engine.probe_asking import Ask
from crawler.engine.probe_looks import NO_HINTS, context_for
from crawler.engine.probe_notes import Probed
from storage.models import Reading

SAMPLES = 5
MOST_TRIED = 9
"""Addresses that are fetched for them: some lead to no article."""


@dataclass
class Samples:
    """Articles that were read, and why other addresses gave none."""

    read: list[Reading] = field(default_factory=list)
    failed: list[tuple[str, str]] = field(default_factory=list)  # address, reason


async def take_samples(readers: Readers, probed: Probed, ask: Ask) -> Samples:
    """Read articles of the best way that a probe found."""
    samples = Samples()
    for url in islice(_offered(probed), MOST_TRIED):
        if len(samples.read) == SAMPLES:
            break
        reading = await _read(readers, probed, url, ask)
        if isinstance(reading, str):
            samples.failed.append((url, " ".join(reading.split())[:200]))
        else:
            samples.read.append(reading)
    return samples


def _offered(probed: Probed) -> list[str]:
    """The articles' addresses of all ways that add something, each once, the first way's first."""
    adding = [one.url for one in probed.results if one.adds]
    urls = [url for way in adding for url in probed.offers.get(way, ())]
    return list(dict.fromkeys(urls))


async def _read(readers: Readers, probed: Probed, url: str, ask: Ask) -> Reading | str:
    """An article, read with what was said of it where it was found; or why there is none."""
    outlet, hints = probed.outlet, probed.hints.get(url, NO_HINTS)
    answer = await ask(url, "listing", False)
    if isinstance(answer, Ending):
        return answer.reason
    ending = of_status(answer.status, answer.header("Location"))
    if ending:
        return ending.reason
    if not outlet.owns(answer.final_url):
        return "led to a host that is not the outlet's"
    try:
        reading = await readers.page(answer, context_for(outlet, answer, hints))
    except WorkerFailed as wrong:
        return str(wrong)
    return reading if reading.outcome is None else reading.reason or str(reading.outcome)
