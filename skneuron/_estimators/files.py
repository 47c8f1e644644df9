"""Files with a checksum, replaced in one step.

A file is its content, then a magic word, then the SHA-256 of the content. A pickle says
where it ends, so `pickle.load` and `joblib.load` ignore what follows.
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
    """Replace a file, which at all times is either the last one or this one."""
    with _replacement(target) as part, part.open("wb") as file:
        file.write(content)
        file.write(_checksum(content))
        file.flush()
        os.fsync(file.fileno())


def read(path: str | os.PathLike[str]) -> memoryview:
    """Return the content of a file whose checksum is right."""
    data = memoryview(Path(path).read_bytes())
    content, checksum = data[:-LENGTH], bytes(data[-LENGTH:])
    if checksum == _checksum(content):
        return content
    what = (
        "is damaged: its content does not match its checksum"
        if checksum.startswith(MAGIC)
        else "is damaged, incomplete or no checkpoint: it does not end with a checksum "
        "(nor do files of older versions)"
    )
    raise ValueError(
        f"{os.fspath(path)!r} {what}. Use an earlier copy of the file, or start again "
        "with fit."
    )


def _checksum(content: bytes | memoryview) -> bytes:
    return MAGIC + sha256(content).digest()


def claim(path: str | os.PathLike[str]) -> Path:
    """Reserve a file for one fit of this process, and return where it really is."""
    target, claimant = Path(os.path.realpath(path)), object()
    if _claimed.setdefault(target, claimant) is not claimant:
        raise ValueError(
            f"Another fit is writing the checkpoint {os.fspath(target)!r}. Give each "
            "fit a file of its own."
        )
    return target


def release(target: Path) -> None:
    """Let other fits have a file that was claimed."""
    del _claimed[target]


def prepare(target: Path) -> None:
    """Raise if a claimed file cannot be written; remove what killed runs have left."""
    _check_kind(target)
    _remove_leftovers(target)
    try:
        _rehearse(target)
    except OSError as error:
        raise OSError(
            error.errno,
            f"The checkpoint {os.fspath(target)!r} cannot be written: "
            f"{error.strerror}. Choose a path where files can be made and replaced.",
        ) from error


def _check_kind(target: Path) -> None:
    """Raise if something is in the way of a file, or if there is no directory."""
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
            "Make it first."
        )


def _rehearse(target: Path) -> None:
    """Replace the file by a copy of itself, or make one that does not stay."""
    if not target.exists():
        part = _part(target)
        part.touch()
        part.unlink()
        return
    with _replacement(target) as part:
        shutil.copy2(target, part)


@contextmanager
def _replacement(target: Path) -> Iterator[Path]:
    """Give a path beside the target; the file there then takes the target's place."""
    part = _part(target)
    try:
        yield part
        with suppress(OSError):  # there may be no file yet, or no such thing as modes
            shutil.copymode(target, part)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)


def _part(target: Path) -> Path:
    """Return the path that this thread writes to before it replaces the target."""
    place = f"{socket.gethostname()}.{os.getpid()}.{get_ident()}"
    return target.with_name(f".{target.name}.{place}.part")


def _remove_leftovers(target: Path) -> None:
    """Remove the part files of this host's processes that are gone."""
    if os.name == "nt":  # where os.kill ends the process instead of asking about it
        return
    prefix = re.escape(f".{target.name}.{socket.gethostname()}.")
    for part in target.parent.glob(".*.part"):
        found = re.fullmatch(prefix + r"(\d+)\.\d+\.part", part.name)
        if found and _is_gone(int(found[1])):
            with suppress(OSError):
                part.unlink()


def _is_gone(pid: int) -> bool:
    """Whether a process that wrote to a claimed file has ended.

    One with the number of this process has: the claim is ours, and a container gives
    every run the same number. If another program got the number, the file is kept.
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
