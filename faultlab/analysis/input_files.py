"""The bytes of an input file, up to a size, or one sentence why not."""

from pathlib import Path

from faultlab.errors import BadInput


def content_of(path, most_bytes, what):
    """Return the bytes of a file.

    Parameters
    ----------
    path : str or Path
    most_bytes : int
        Above which a file is refused; no more is read, so that a device without end is refused too.
    what : str
        What the file should hold, as in "a system model".

    Returns
    -------
    bytes

    Raises
    ------
    BadInput
        For a file that is absent, no file, or too large.
    """
    path = Path(path)
    try:
        with path.open("rb") as file:
            content = file.read(most_bytes + 1)
    except IsADirectoryError:
        raise BadInput(f"{path.name or path} is a folder; name the file in it.") from None
    except (OSError, ValueError) as wrong:  # ValueError: a name that holds a zero byte
        said = getattr(wrong, "strerror", None) or wrong
        raise BadInput(f"can't read {str(path)!r}: {said}; check the path and try again.") from None
    if len(content) > most_bytes:
        raise BadInput(f"{path.name} is larger than {what} may be, {most_bytes:,} bytes; split it.")
    return content
