"""Draw the floors of the house, from the table in tests/test_structure.py.

Run it as ``python docs/floors.py`` after a change to that table or to the modules of a
package; it writes docs/images/floors.svg. Imports go down only.
"""

import ast
import sys
from pathlib import Path
from textwrap import wrap

import matplotlib

matplotlib.use("agg")
import matplotlib.pyplot as plt
from matplotlib.patches import FancyBboxPatch

DOCS = Path(__file__).parent
PICTURE = DOCS / "images" / "floors.svg"
TABLE = DOCS.parent / "tests" / "test_structure.py"

# Okabe and Ito's colours, pale, by what the floors are about.
COLOURS = {
    "public names, and what stands on them": "#f7dfae",
    "the estimators": "#cfe6d8",
    "training": "#f3d3bd",
    "the arithmetic": "#cfe3f2",
    "the formula": "#e8d8e8",
}
LOWEST = {  # the module whose floor begins each of them
    "the formula": "_types",
    "the arithmetic": "_network/",
    "training": "_training/",
    "the estimators": "_estimators/",
    "public names, and what stands on them": "__init__",
}
PACKAGE = DOCS.parent / "skneuron"


def table():
    """Return FLOORS of tests/test_structure.py."""
    for node in ast.parse(TABLE.read_text("utf-8")).body:
        if isinstance(node, ast.Assign) and node.targets[0].id == "FLOORS":
            return ast.literal_eval(node.value)
    raise ValueError(f"{TABLE.name} has no FLOORS.")


def floors(table):
    """Return the names on each floor, from the ground up; packages end in /."""
    return [sorted(map(shown, names)) for names in table]


def shown(name):
    """Return a name as it is drawn."""
    return f"{name}/" if name and (PACKAGE / name).is_dir() else name or "__init__"


def rooms(name):
    """Return the names of the modules of a package, in one line."""
    if not name.endswith("/"):
        return ""
    paths = [*(PACKAGE / name).glob("*.py*"), *(PACKAGE / name).glob("*/__init__.py")]
    inner = {p.parent.name if p.parent.name != name[:-1] else p.stem for p in paths}
    names = sorted({name.lstrip("_") for name in inner - {"__init__"}})
    return " ".join(names)


def widths(names):
    """Return the widths of the boxes of a floor, by what is written in them."""
    letters = [5 * len(name) + len(rooms(name)) for name in names]
    return [7.0 * n / sum(letters) for n in letters]


def draw(floors):
    """Draw a row of boxes for each floor."""
    figure, ax = plt.subplots(figsize=(9, 1.05 * len(floors) + 0.2))
    part = next(iter(LOWEST))
    begins = {}
    for row, names in enumerate(floors):
        for title, first in LOWEST.items():
            if first in names:
                part = title
                begins[title] = row
        left = 0.0
        for name, width in zip(names, widths(names), strict=True):
            box = FancyBboxPatch(
                (left + 0.04, row + 0.08),
                width - 0.08,
                0.84,
                boxstyle="round,pad=0,rounding_size=0.06",
                facecolor=COLOURS[part],
                edgecolor="#555555",
                linewidth=0.6,
            )
            ax.add_patch(box)
            inside = "\n".join(wrap(rooms(name), int(12.5 * width)))
            text = {"ha": "center", "va": "center", "family": "monospace"}
            middle = left + width / 2
            ax.text(middle, row + (0.8 if inside else 0.5), name, fontsize=9, **text)
            ax.text(middle, row + 0.4, inside, fontsize=6, **text)
            left += width
    ends = [*list(begins.values())[1:], len(floors)]
    for (title, row), end in zip(begins.items(), ends, strict=True):
        ax.plot([7.12, 7.12], [row + 0.12, end - 0.12], color="#555555", linewidth=1)
        ax.text(7.22, (row + end) / 2, wrapped(title), va="center", fontsize=10.5)
    ax.set(xlim=(0, 9), ylim=(0, len(floors)))
    ax.axis("off")
    return figure


def wrapped(title):
    """Return a title on two lines where it has a comma."""
    return title.replace(", ", ",\n")


def main():
    """Draw the picture."""
    settings = {"svg.fonttype": "none", "svg.hashsalt": "floors"}
    with matplotlib.rc_context(settings):
        figure = draw(floors(table()))
        figure.savefig(
            PICTURE,
            metadata={"Date": None, "Creator": None},
            facecolor="white",
            bbox_inches="tight",
            pad_inches=0.1,
        )
    print(f"wrote {PICTURE.relative_to(DOCS.parent)}", file=sys.stderr)


if __name__ == "__main__":
    main()
