"""Sphinx configuration: ``sphinx-build -W --keep-going docs docs/_build/html``.

The site consists of the pages of this directory, the docstrings and the examples, all
of which the build runs. Neither the build nor the pages download anything.
"""

import sys
import warnings
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import skneuron

project = "skneuron"
author = "The skneuron developers"
copyright = "The skneuron developers, BSD-3-Clause"
version = release = skneuron.__version__

extensions = [
    "myst_parser",
    "numpydoc",
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
    "sphinx_copybutton",
    "sphinx_design",
    "sphinx_gallery.gen_gallery",
    "_site.api",
    "_site.formulas",
    "_site.links",
]
exclude_patterns = ["_build", "_site"]
html_static_path = ["_static"]
default_role = "literal"
nitpicky = True

# Pages
myst_enable_extensions = ["colon_fence"]
myst_heading_anchors = 3

# Docstrings
toc_object_entries_show_parents = "hide"
autodoc_typehints = "none"  # the docstrings state the types in words
autosummary_generate = False  # _site/api.py writes the pages
numpydoc_show_class_members = False  # _site/api.py lists the members
numpydoc_validation_checks = set()  # tests/test_docstrings.py runs them

# Examples
sphinx_gallery_conf = {
    "examples_dirs": "../examples",
    "gallery_dirs": "gallery",
    "abort_on_example_error": True,
    "image_scrapers": ["_site.animations.scrape"],
    "download_all_examples": False,
    "capture_repr": ("_repr_html_",),
    "show_memory": False,
    "show_signature": False,
    "write_computation_times": False,
    "within_subsection_order": "FileNameSortKey",
    "copyfile_regex": r"",
}
warnings.filterwarnings("ignore", category=DeprecationWarning)

# Theme
html_theme = "pydata_sphinx_theme"
html_title = "skneuron"
html_css_files = ["site.css"]
html_show_sourcelink = False
html_sidebars = {"*": []}  # top-level pages have no siblings to list
html_theme_options = {
    "header_links_before_dropdown": 5,
    "navbar_align": "left",
    "show_toc_level": 2,
    "footer_start": ["copyright"],
    "footer_end": [],
    "secondary_sidebar_items": ["page-toc"],
    "pygments_light_style": "a11y-high-contrast-light",
    "pygments_dark_style": "a11y-high-contrast-dark",
}
copybutton_prompt_text = r">>> |\.\.\. |\$ "
copybutton_prompt_is_regexp = True
