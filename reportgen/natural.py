"""Natural order: words as a reader sorts them, the numbers inside of them by size."""

import re


def natural(text: str) -> tuple[list[tuple[int, str]], str]:
    """Returns a key by which numbers inside a text sort by size, then all of it.

    >>> sorted(["no 10", "no 9", "no"], key=natural)
    ['no', 'no 9', 'no 10']
    """
    words, numbers = re.split("[0-9]+", text), re.findall("[0-9]+", text)
    bare = [number.lstrip("0") for number in numbers]
    key = [(0, words[0])]
    for number, word in zip(bare, words[1:], strict=True):
        key += [(len(number), number), (0, word)]
    return key, text
