"""Text tables of results."""

from collections.abc import Iterable


def short(value: float) -> str:
    """Return a number with six significant digits."""
    return f"{value:.6g}"


def table(header: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Return the rows below the header, in right-aligned columns."""
    lines = [list(header), *(list(row) for row in rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join(
        "  ".join(cell.rjust(width) for cell, width in zip(line, widths, strict=True))
        for line in lines
    )
