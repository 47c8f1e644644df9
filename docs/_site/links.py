"""Resolve links to scikit-learn, to examples and to the reference."""

import re

from docutils import nodes
from sphinx.addnodes import pending_xref

from .api import public_names

SKLEARN = "https://scikit-learn.org/stable/modules/generated"
EXAMPLE = re.compile(r"\]\((\.\./)((?:\.\./)*)examples/([\w/]+)\.py\)")


INCLUDED = re.compile(r"\]\(\.\./((?:\.\./)*)(CHANGELOG|SECURITY)\.md\)")
LAST_LINE = re.compile(r"\n\n```\n")  # doctest needs this blank line, the page does not
NOT_IN = nodes.reference, nodes.title, pending_xref


def to_scikit_learn(app, env, node, contnode):
    """Return a link to scikit-learn's page of a name, without its inventory."""
    name = node.get("reftarget", "")
    if not re.fullmatch(r"sklearn(\.\w+)+", name):
        return None
    link = nodes.reference("", "", internal=False, refuri=f"{SKLEARN}/{name}.html")
    link += contnode
    return link


def to_pages(app, docname, source):
    """Redirect links to examples and to included files to their pages."""
    source[0] = EXAMPLE.sub(r"](\g<2>gallery/\3.rst)", source[0])
    source[0] = LAST_LINE.sub("\n```\n", source[0])
    source[0] = INCLUDED.sub(
        lambda link: f"]({link[1]}{link[2].lower()}.md)", source[0]
    )


def short_names():
    """Return the full names by `Name`, `module.Name` and full name."""
    found = {}
    for full in public_names():
        for short in (full, full.removeprefix("skneuron."), full.rpartition(".")[2]):
            found[short] = full
    return found


def to_api(app, doctree):
    """Turn public names such as `NeuronClassifier` into links to the reference."""
    docname = app.env.docname
    if docname.startswith(("api/", "gallery/")):
        return
    names = short_names()
    for literal in list(doctree.findall(nodes.literal)):
        full = names.get(literal.astext())
        if full and not isinstance(literal.parent, NOT_IN):
            link = pending_xref(
                "",
                refdomain="py",
                reftype="obj",
                reftarget=full,
                refdoc=docname,
                refexplicit=True,
                refwarn=True,
            )
            literal.replace_self(link)
            link += literal


def setup(app):
    """Register the extension with Sphinx."""
    app.connect("missing-reference", to_scikit_learn)
    app.connect("source-read", to_pages)
    app.connect("doctree-read", to_api)
    return {"parallel_read_safe": True}
