"""Formulas as MathML, which browsers draw by themselves: no script to be fetched."""

from docutils.nodes import SkipNode
from latex2mathml.converter import convert


def inline(self, node):
    """Write a formula within a line."""
    self.body.append(convert(node.astext(), display="inline"))
    raise SkipNode


def block(self, node):
    """Write a formula on a line of its own."""
    formula = convert(node.astext(), display="block")
    self.body.append(f'<div class="formula">{formula}</div>')
    raise SkipNode


def setup(app):
    """Tell Sphinx."""
    app.add_html_math_renderer("mathml", (inline, None), (block, None))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
