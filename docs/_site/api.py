"""The API reference: every public name of every public module, from `__all__`.

The pages are written before Sphinx looks for them: an index, and one for each name.
"""

import importlib
import inspect
import pkgutil
from pathlib import Path

import skneuron

INDEX = """
API reference
=============

Every page lists the parameters with their defaults, the errors, and an example that the
tests run. Names that are not on this page are not public.

"""


def public_modules():
    """Return skneuron and its public modules by name."""
    found = {"skneuron": skneuron}
    for module in pkgutil.iter_modules(skneuron.__path__, "skneuron."):
        if not module.name.split(".")[-1].startswith("_"):
            found[module.name] = importlib.import_module(module.name)
    return found


def public_names():
    """Return the public classes and functions by full name."""
    return {
        f"{module}.{name}": getattr(namespace, name)
        for module, namespace in public_modules().items()
        for name in namespace.__all__
        if not name.startswith("__")
    }


def index():
    """Return the index of all names by module."""
    parts = [INDEX.lstrip()]
    for module, namespace in public_modules().items():
        names = [n for n in namespace.__all__ if not n.startswith("__")]
        parts += [module, "-" * len(module), f".. module:: {module}", ""]
        parts += [inspect.getdoc(namespace), ""]
        parts += [".. autosummary::", "   :toctree: .", f"   :caption: {module}", ""]
        parts += [*(f"   {name}" for name in names), ""]
    return "\n".join(parts)


def page(full_name, obj):
    """Return the page of one name."""
    module, _, name = full_name.rpartition(".")
    head = [name, "=" * len(name), "", f".. currentmodule:: {module}", ""]
    if not inspect.isclass(obj):
        return "\n".join([*head, f".. autofunction:: {name}", ""])
    methods, properties, inherited = members(obj)
    parts = [*head, f".. autoclass:: {name}", ""]
    if methods:
        parts += ["   .. rubric:: Methods", "", "   .. autosummary::", ""]
        parts += [*(f"      ~{name}.{method}" for method in methods), ""]
    if inherited:
        names = ", ".join(f"``{method}``" for method in inherited)
        parts += [f"   Methods that scikit-learn gives every estimator: {names}.", ""]
    parts += [f"   .. automethod:: {name}.{method}\n" for method in methods]
    parts += [f"   .. autoproperty:: {name}.{prop}\n" for prop in properties]
    return "\n".join(parts)


def members(cls):
    """Return the methods, properties and scikit-learn's methods of a class."""
    methods, properties, inherited = [], [], []
    for name in sorted(n for n in dir(cls) if not n.startswith("_")):
        member = inspect.getattr_static(cls, name)
        where = str(getattr(getattr(cls, name), "__module__", ""))
        if isinstance(member, property):
            properties.append(name)
        elif not inspect.isroutine(getattr(cls, name)):
            continue
        elif where.startswith("skneuron"):
            methods.append(name)
        elif where.startswith("sklearn"):
            inherited.append(name)
    return methods, properties, inherited


def write(app, config):
    """Write the pages and remove those of names that no longer exist."""
    directory = Path(app.srcdir, "api")
    directory.mkdir(exist_ok=True)
    pages = {f"{name}.rst": page(name, obj) for name, obj in public_names().items()}
    pages["index.rst"] = index()
    for path in directory.iterdir():
        if path.name not in pages:
            path.unlink()
    for name, text in pages.items():
        path = directory / name
        if not path.exists() or path.read_text("utf-8") != text:
            path.write_text(text, "utf-8")


def setup(app):
    """Register the extension with Sphinx."""
    app.connect("config-inited", write)
    return {"parallel_read_safe": True}
