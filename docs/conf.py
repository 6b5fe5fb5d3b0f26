"""How the manual is built: Sphinx reads Markdown (MyST), and nothing is fetched from outside."""

import sys
from importlib.metadata import version as installed_version
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "_ext"))

project = "Narrows"
author = "The Narrows developers"
project_copyright = "2026, The Narrows developers"
version = release = installed_version("narrows")

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "mathml",
    "described",
]
myst_enable_extensions = ["colon_fence", "deflist", "dollarmath"]
myst_heading_anchors = 3
html_math_renderer = "mathml"

autodoc_typehints = "description"
autodoc_typehints_description_target = "documented"
autodoc_member_order = "bysource"
napoleon_google_docstring = False
napoleon_use_rtype = False

exclude_patterns = ["_build"]
nitpicky = False

html_theme = "pydata_sphinx_theme"
html_title = "Narrows"
html_static_path = ["_static"]
html_css_files = ["narrows.css"]
html_show_sourcelink = False
html_copy_source = False
html_sidebars = {"index": [], "glossary": [], "tutorial/*": []}  # pages without neighbours
html_theme_options = {
    "navbar_end": ["theme-switcher"],
    "navbar_persistent": ["search-button"],
    "footer_start": ["copyright"],
    "footer_end": [],
    "show_toc_level": 2,
    "secondary_sidebar_items": ["page-toc"],
}
