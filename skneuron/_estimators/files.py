"""Files with a checksum, replaced atomically.

A file consists of its content, a magic word and the SHA-256 of the content. A pickle
marks its own end, so `pickle.load` and `joblib.load` ignore what follows.
"""

import os
import re
import shutil
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from threading import get_ident

MAGIC = b"\nskneuron checkpoint, SHA-256: "
LENGTH = len(MAGIC) + sha256().digest_size

_claimed: dict[Path, object] = {}


def write(target: Path, content: bytes) -> None:
    """Replace a file atomically: it is always either the old or the new version."""
    with _replacement(target) as part, part.open("wb") as file:
        file.write(content)
        file.write(_checksum(content))
        file.flush()
        os.fsync(file.fileno())


def read(path: str | os.PathLike[str]) -> memoryview:
    """Return the content of a file after verifying its checksum."""
    data = memoryview(Path(path).read_bytes())
    content, checksum = data[:-LENGTH], bytes(data[-LENGTH:])
    if checksum == _checksum(content):
        return content
    what = (
        "is damaged: its content does not match its checksum"
        if checksum.startswith(MAGIC)
        else "is damaged, incomplete or not a checkpoint: it does not end with a "
        "checksum (files of older versions have none)"
    )
    raise ValueError(
        f"{os.fspath(path)!r} {what}. Use an earlier copy of the file, or start again "
        "with fit."
    )


def _checksum(content: bytes | memoryview) -> bytes:
    return MAGIC + sha256(content).digest()


def claim(path: str | os.PathLike[str]) -> Path:
    """Reserve a file for one fit of this process, and return its real path."""
    target, claimant = Path(os.path.realpath(path)), object()
    if _claimed.setdefault(target, claimant) is not claimant:
        raise ValueError(
            f"Another fit is writing the checkpoint {os.fspath(target)!r}. Give each "
            "fit its own file."
        )
    return target


def release(target: Path) -> None:
    """Release a claimed file for other fits."""
    del _claimed[target]


def prepare(target: Path) -> None:
    """Raise if a claimed file cannot be written; remove leftovers of killed runs."""
    _check_kind(target)
    _remove_leftovers(target)
    try:
        _rehearse(target)
    except OSError as error:
        raise OSError(
            error.errno,
            f"The checkpoint {os.fspath(target)!r} cannot be written: "
            f"{error.strerror}. Choose a path where files can be created and replaced.",
        ) from error


def _check_kind(target: Path) -> None:
    """Raise if the path is not a regular file, or its directory does not exist."""
    name = os.fspath(target)
    if os.path.isdir(target):
        raise IsADirectoryError(
            f"The checkpoint {name!r} is a directory. Add the name of a file: "
            f"{os.path.join(name, 'checkpoint.pkl')!r}."
        )
    if os.path.lexists(target) and not os.path.isfile(target):
        raise FileExistsError(
            f"The checkpoint {name!r} is not a regular file. Choose another path."
        )
    if not os.path.exists(target.parent):
        raise FileNotFoundError(
            f"The checkpoint {name!r} cannot be written: its directory does not exist. "
            "Create it first."
        )


def _rehearse(target: Path) -> None:
    """Replace the file with a copy of itself, or create one and remove it again."""
    if not target.exists():
        part = _part(target)
        part.touch()
        part.unlink()
        return
    with _replacement(target) as part:
        shutil.copy2(target, part)


@contextmanager
def _replacement(target: Path) -> Iterator[Path]:
    """Yield a path beside the target; the file there then replaces the target."""
    part = _part(target)
    try:
        yield part
        with suppress(OSError):  # no file yet, or a system without file modes
            shutil.copymode(target, part)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)


def _part(target: Path) -> Path:
    """Return the path that this thread writes to before replacing the target."""
    place = f"{socket.gethostname()}.{os.getpid()}.{get_ident()}"
    return target.with_name(f".{target.name}.{place}.part")


def _remove_leftovers(target: Path) -> None:
    """Remove the part files of processes on this host that have ended."""
    if os.name == "nt":  # where os.kill ends the process instead of testing for it
        return
    prefix = re.escape(f".{target.name}.{socket.gethostname()}.")
    for part in target.parent.glob(".*.part"):
        found = re.fullmatch(prefix + r"(\d+)\.\d+\.part", part.name)
        if found and _is_gone(int(found[1])):
            with suppress(OSError):
                part.unlink()


def _is_gone(pid: int) -> bool:
    """Return True if a process that wrote to a claimed file has ended.

    A process with our own ID has ended: the claim is ours, and a container gives every
    run the same ID. If another program has reused the ID, the file is kept.
    """
    if pid == os.getpid():
        return True
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    except (PermissionError, OverflowError):
        pass
    return False
