"""Draw the floors of the house, from the table in tests/test_structure.py.

Run it as ``python docs/floors.py`` after a change to that table; it writes
docs/images/floors.svg. Imports go down only. What has rooms of its own, as
``inspection/``, is one box, on the highest of its floors.
"""

import ast
import sys
from pathlib import Path

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
    "the arithmetic": "_engines/",
    "training": "_progress",
    "the estimators": "_base",
    "public names, and what stands on them": "__init__",
}


def table():
    """Return FLOORS of tests/test_structure.py."""
    for node in ast.parse(TABLE.read_text("utf-8")).body:
        if isinstance(node, ast.Assign) and node.targets[0].id == "FLOORS":
            return ast.literal_eval(node.value)
    raise ValueError(f"{TABLE.name} has no FLOORS.")


def floors(table):
    """Return the names on each floor, from the ground up; a package is one name."""
    rooms = {name.split(".")[0] for names in table for name in names if "." in name}
    height = {}  # by the last, which is the highest, of its floors
    for number, names in enumerate(table):
        for name in names:
            first = name.split(".")[0]
            height[f"{first}/" if first in rooms else first or "__init__"] = number
    levels = sorted(set(height.values()))
    return [sorted(n for n in height if height[n] == level) for level in levels]


def draw(floors):
    """Draw a row of boxes for each floor."""
    figure, ax = plt.subplots(figsize=(9, 0.46 * len(floors) + 0.2))
    part = next(iter(LOWEST))
    begins = {}
    for row, names in enumerate(floors):
        for title, first in LOWEST.items():
            if first in names:
                part = title
                begins[title] = row
        width = 7.0 / len(names)
        for k, name in enumerate(names):
            box = FancyBboxPatch(
                (k * width + 0.04, row + 0.08),
                width - 0.08,
                0.84,
                boxstyle="round,pad=0,rounding_size=0.06",
                facecolor=COLOURS[part],
                edgecolor="#555555",
                linewidth=0.6,
            )
            ax.add_patch(box)
            ax.text(
                (k + 0.5) * width,
                row + 0.48,
                name,
                ha="center",
                va="center",
                fontsize=9,
                family="monospace",
            )
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
