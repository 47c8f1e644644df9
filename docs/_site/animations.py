"""Save the animations of examples as GIFs, which need no script and no player."""

from pathlib import Path

from matplotlib.animation import FuncAnimation, PillowWriter
from sphinx_gallery.scrapers import figure_rst, matplotlib_scraper


def scrape(block, block_vars, gallery_conf):
    """Save the animation of an example's block, or its figures if there is none."""
    import matplotlib.pyplot as plt

    for animation in block_vars["example_globals"].values():
        if isinstance(animation, FuncAnimation) and plt.get_fignums():
            path = Path(next(block_vars["image_path_iterator"])).with_suffix(".gif")
            animation.save(path, writer=PillowWriter(fps=8), dpi=60)
            plt.close("all")
            return figure_rst([str(path)], gallery_conf["src_dir"])
    return matplotlib_scraper(block, block_vars, gallery_conf)
