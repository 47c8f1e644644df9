"""Formulas as MathML, which browsers render without a script."""

from docutils.nodes import SkipNode
from latex2mathml.converter import convert


def inline(self, node):
    """Write an inline formula."""
    self.body.append(convert(node.astext(), display="inline"))
    raise SkipNode


def block(self, node):
    """Write a displayed formula."""
    formula = convert(node.astext(), display="block")
    self.body.append(f'<div class="formula">{formula}</div>')
    raise SkipNode


def setup(app):
    """Register the extension with Sphinx."""
    app.add_html_math_renderer("mathml", (inline, None), (block, None))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
