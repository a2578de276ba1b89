"""Small pieces of the sentences that people read."""


def counted(number: int, noun: str) -> str:
    """A number with its noun.

    >>> counted(1, "article"), counted(1200, "copy"), counted(2, "address")
    ('1 article', '1,200 copies', '2 addresses')
    """
    if number == 1:
        return f"1 {noun}"
    ending = {"y": "ies", "s": "ses"}.get(noun[-1])
    return f"{number:,} {noun[:-1]}{ending}" if ending else f"{number:,} {noun}s"
