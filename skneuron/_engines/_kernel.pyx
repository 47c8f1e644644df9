# cython: language_level=3, freethreading_compatible=True
"""The compiled kernel: for now only proof that it was built, and by what."""

cdef extern from *:
    """
    #if defined(__clang__)
    #define SKNEURON_COMPILER "clang " __clang_version__
    #elif defined(__GNUC__)
    #define SKNEURON_COMPILER "gcc " __VERSION__
    #elif defined(_MSC_VER)
    #define SKNEURON_COMPILER "MSVC"
    #else
    #define SKNEURON_COMPILER "an unnamed C compiler"
    #endif
    """
    const char *SKNEURON_COMPILER


def compiler() -> str:
    """Name the C compiler that built this module."""
    return SKNEURON_COMPILER.decode("ascii")
