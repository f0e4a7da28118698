"""Find kube-apiserver, etcd, kubectl and helm on this machine, or build them from source.

Looked for in KUBEBUILDER_ASSETS, on PATH, in our cache; what is nowhere is built into the cache.
Imports the cache, the toolchain, the progress display and the standard library.
"""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from enum import Enum
from pathlib import Path
from typing import Final

from hack.localcluster import cache
from hack.localcluster.progress import run
from hack.localcluster.toolchain import go


class Program(Enum):
    """The programs of the local cluster, by the name of their executable."""

    KUBE_APISERVER = "kube-apiserver"
    ETCD = "etcd"
    KUBECTL = "kubectl"
    HELM = "helm"


_MODULE: Final = Path(__file__).with_name("go")
_PACKAGES: Final = {
    Program.KUBE_APISERVER: "k8s.io/kubernetes/cmd/kube-apiserver",
    Program.ETCD: "./etcd",
    Program.KUBECTL: "k8s.io/kubernetes/cmd/kubectl",
    Program.HELM: "helm.sh/helm/v4/cmd/helm",
}
_VERSION_QUESTIONS: Final = {
    Program.KUBE_APISERVER: ["--version"],
    Program.ETCD: ["--version"],
    Program.KUBECTL: ["version", "--client", "-o", "json"],
    Program.HELM: ["version", "--template", "{{.Version}}"],
}
_MINIMUM_VERSIONS: Final = {
    Program.KUBE_APISERVER: (1, 31),
    Program.ETCD: (3, 5),
    # kubectl supports servers one minor version away (Kubernetes' version skew policy).
    Program.KUBECTL: (1, 36),
    Program.HELM: (3, 14),
}
_ANSWER_SECONDS: Final = 20.0
_HINT: Final = (
    "If these lines name a host or a module, check the network and GOPROXY. If they speak of space"
    " or memory, the build needs about 6 GB of disk and 3 GB of memory. Then run the same command"
    " again: what is finished is kept. Or put a kube-apiserver, etcd, kubectl and helm on PATH."
)


def ensure() -> Mapping[Program, Path]:
    """Every program, found or else built, which takes minutes the first time.

    Raises `progress.BuildError` when a program can be neither found nor built.
    """
    found = {program: path for program in Program if (path := find(program))}
    missing = [program for program in Program if program not in found]
    if not missing:
        return found
    with _build_lock():
        return found | {program: find(program) or _build(program) for program in missing}


def find(program: Program) -> Path | None:
    """The first usable executable in KUBEBUILDER_ASSETS, on PATH or in the cache; None if none."""
    assets = os.environ.get("KUBEBUILDER_ASSETS")
    if assets and (Path(assets) / program.value).exists():
        return Path(assets) / program.value
    system = shutil.which(program.value)
    if system and version(program, Path(system)) >= _MINIMUM_VERSIONS[program]:
        return Path(system)
    cached = cache.program_folder(_flags()) / program.value
    return cached if cached.exists() else None


def version(program: Program, path: Path) -> tuple[int, ...]:
    """The major and minor version that an executable says it has; (0, 0) if it says none."""
    try:
        done = subprocess.run(
            [path, *_VERSION_QUESTIONS[program]],
            capture_output=True,
            text=True,
            check=False,
            stdin=subprocess.DEVNULL,
            timeout=_ANSWER_SECONDS,
        )
    except (OSError, subprocess.TimeoutExpired):
        return (0, 0)
    found = re.search(r"(?:gitVersion\D*|ersion: |\bv)(\d+)\.(\d+)", done.stdout)
    return tuple(map(int, found.groups())) if found and not done.returncode else (0, 0)


def _flags() -> list[str]:
    """Linker flags, which give the programs the version of the module that they are built from."""
    pinned = re.search(r"k8s\.io/kubernetes v(\d+)\.(\d+)\.\d+", (_MODULE / "go.mod").read_text())
    assert pinned
    major, minor = pinned.groups()
    values = {"gitVersion": pinned[0].split()[1], "gitMajor": major, "gitMinor": minor}
    settings = [
        f"-X k8s.io/component-base/version.{name}={value}" for name, value in values.items()
    ]
    return ["-trimpath", "-ldflags", " ".join(["-s", "-w", *settings])]


def _build(program: Program) -> Path:
    finished = cache.program_folder(_flags()) / program.value
    # Under another name first: an interrupted build must not look like a finished one.
    unfinished = finished.with_name(f".{program.value}.unfinished")
    run(
        f"Building {program.value}",
        [go(), "build", "-C", _MODULE, *_flags(), "-o", unfinished, _PACKAGES[program]],
        hint=_HINT,
        environment={
            **os.environ,
            "CGO_ENABLED": "0",
            "GOTOOLCHAIN": "local",
            "GOFLAGS": "-mod=readonly -buildvcs=false",
        },
    )
    return unfinished.rename(finished)


@contextmanager
def _build_lock() -> Iterator[None]:
    """One build at a time on this machine: a second process waits, then finds it all done."""
    folder = cache.program_folder(_flags())
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
