"""Small pieces of the sentences that people read."""


def counted(number: int, noun: str) -> str:
    """A number with its noun.

    >>> counted(1, "article"), counted(1200, "copy"), counted(2, "address"), counted(0, "day")
    ('1 article', '1,200 copies', '2 addresses', '0 days')
    """
    if number == 1:
        return f"1 {noun}"
    if noun[-2:] in ("ay", "ey", "oy", "uy"):
        return f"{number:,} {noun}s"
    ending = {"y": "ies", "s": "ses"}.get(noun[-1])
    return f"{number:,} {noun[:-1]}{ending}" if ending else f"{number:,} {noun}s"
