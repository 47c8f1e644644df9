"""What the pages have in common: the machine, and text between two marks."""

import datetime
import os
import platform
import re
from pathlib import Path

import skneuron
from skneuron._engines import compiler, instructions

ROOT = Path(__file__).parents[1]


def machine():
    """Return the date, the processor and the kernel."""
    model = ""
    if Path("/proc/cpuinfo").exists():
        found = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
        model = found.group(1) if found else ""
    return (
        f"{datetime.date.today()}, {model or platform.processor()} "
        f"({os.cpu_count()} cores, {instructions()} kernel by {compiler()}), "
        f"{platform.system()}"
    )


def versions(*modules):
    """Return the versions of Python, skneuron and some modules."""
    own = f"Python {platform.python_version()}, skneuron {skneuron.__version__}"
    return ", ".join([own, *(f"{name} {version}" for name, version in modules)])


def write_between(path, before, after, text):
    """Write a text between two marks of a file of the project."""
    page = (ROOT / path).read_text(encoding="utf-8")
    start, end = page.index(before) + len(before), page.index(after)
    (ROOT / path).write_text(page[:start] + text + page[end:], encoding="utf-8")
