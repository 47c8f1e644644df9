"""Versions, for a bug report."""

from sklearn import show_versions as sklearn_show_versions

from ._engines import compiler, instructions


def show_versions() -> None:
    """Print the versions and the engine that a bug report needs.

    The output of :func:`sklearn.show_versions` follows: Python, the dependencies and
    the thread pools.

    Examples
    --------
    >>> import skneuron
    >>> skneuron.show_versions()
    <BLANKLINE>
    skneuron: ...
    """
    from . import __version__

    built_by = compiler()
    print(f"\nskneuron: {__version__}")
    print(f"  engine: {'compiled' if built_by else 'NumPy'}")
    print(
        f"  kernel: {f'{instructions()}, by {built_by}' if built_by else 'not built'}"
    )
    sklearn_show_versions()
