"""Draw the pictures of "From one neuron up" by running its examples.

Run ``python docs/pictures.py`` after a change to an example or a display. It writes
into docs/images/from_one_neuron_up/; a picture has its example's name and a number.
"""

import contextlib
import io
import runpy
import sys
from pathlib import Path

import matplotlib

matplotlib.use("agg")
import matplotlib.pyplot as plt

DOCS = Path(__file__).parent
EXAMPLES = DOCS.parent / "examples" / "from_one_neuron_up"
IMAGES = DOCS / "images" / "from_one_neuron_up"


def main():
    """Run every example and save its figures."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    for example in sorted(EXAMPLES.glob("plot_*.py")):
        name = example.stem.removeprefix("plot_")
        sys.argv = [str(example), str(IMAGES / f"{name}.gif")]
        with contextlib.redirect_stdout(io.StringIO()):
            runpy.run_path(str(example), run_name="__main__")
        if not (IMAGES / f"{name}.gif").exists():
            for k in plt.get_fignums():
                plt.figure(k).savefig(IMAGES / f"{name}_{k}.png", dpi=90)
        plt.close("all")
        print(name)


if __name__ == "__main__":
    main()
