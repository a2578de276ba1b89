from datetime import date

import pytest

from bench.extraction_days import decoded, stands

DAY = date(2024, 3, 5)


@pytest.mark.parametrize(
    "written",
    [
        "2024-03-05T10:00:00Z",
        "2024/03/05",
        "20240305",
        "5.3.2024",
        "05/03/24",
        "3/5/2024",
        "March 5, 2024",
        "Tuesday, 5th of March 2024",
        "Mar. 5 2024",
        "5 mars 2024",
        "5. März 2024",
        "٥ مارس ٢٠٢٤",
        "الثلاثاء 5 آذار 2024",
        "5 غشت 2024 5 مارس 2024",
        "5ی ئازاری 2024",
        "2024年3月5日",
        "1709632800",  # noon, in seconds
        "1709632800000",
        "<b>March</b> <i>5</i>, <span>2024</span>",
        "2024\\/03\\/05",
        "5&nbsp;March&nbsp;2024",
    ],
)
def test_a_day_is_found_however_it_is_written(written: str) -> None:
    assert stands(DAY, f"<html><p>{written}</p></html>")


def test_a_day_is_found_in_the_address() -> None:
    assert stands(DAY, "<p>Text</p>", "https://news.test/2024/03/05/market")
    assert not stands(DAY, "<p>Text</p>", "https://news.test/2024/03/15/market")


@pytest.mark.parametrize(
    "written",
    [
        "",
        "2024-03-06",
        "March 2024",
        "2024",
        "15 March 2024",
        "March 5, 2023",
        "12024-03-051",
        "https://news.test/a/1999",
        "1709532000000000000",
    ],
)
def test_a_day_that_stands_nowhere_is_made_up(written: str) -> None:
    assert not stands(DAY, f"<html><p>{written}</p></html>")


def test_bytes_in_another_encoding_keep_their_days() -> None:
    page = '<meta charset="windows-1256"><p>5 مارس 2024</p>'.encode("windows-1256")

    assert stands(DAY, decoded(page))
