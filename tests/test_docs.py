"""Documentation: its code runs and prints what it says, its links lead somewhere."""

import doctest
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
BUILT = ROOT / "docs" / "_build"
PAGES = sorted(
    page
    for page in [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]
    if BUILT not in page.parents
)

if not PAGES:
    pytest.skip("away from the source there are no pages", allow_module_level=True)


def name(page):
    return str(page.relative_to(ROOT))


@pytest.mark.parametrize(
    "page", [p for p in PAGES if ">>> " in p.read_text("utf-8")], ids=name
)
def test_code_prints_what_the_page_says(page, monkeypatch):
    monkeypatch.chdir(ROOT)  # of which README names files
    text = page.read_text("utf-8")
    if "skneuron.callbacks" in text:
        pytest.importorskip("sklearn.callback")
    code = "\n".join(re.findall(r"```python\n(>>> .*?)```", text, re.DOTALL))
    test = doctest.DocTestParser().get_doctest(code, {}, name(page), str(page), 0)
    assert test.examples
    assert not doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(test).failed


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_links_lead_somewhere(page):
    links = re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text("utf-8"))
    for link in links:
        if "://" not in link:
            assert (page.parent / link).exists(), link


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_pictures_have_alternative_text(page):
    assert not re.findall(r"!\[\s*\]", page.read_text("utf-8"))
