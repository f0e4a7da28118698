"""The packs that a pack needs, held against those that a database has. Pure.

May import `pack` and the neighbours.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from controller.load.files import MANIFEST
from controller.pack import rules
from controller.pack.diagnostic import Diagnostic, Place
from controller.pack.report import Report, quoted
from controller.pack.ways import way
from controller.validate.checked import CheckedManifest
from controller.validate.needs import need


@dataclass(frozen=True, slots=True)
class InstalledPack:
    """A pack that a database has: its version, and the `dependencies` of its own."""

    version: str
    dependencies: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Installed:
    """What there is of the packs that a pack needs.

    `packs` are those that a database has, by ref, and those that they need in turn. `waiting` are
    packs that wait to be applied themselves, each with the refs that it waits for.
    """

    packs: Mapping[str, InstalledPack] = field(default_factory=dict)
    waiting: Mapping[str, frozenset[str]] = field(default_factory=dict)


def check_needs(manifest: CheckedManifest, installed: Installed | None) -> tuple[Diagnostic, ...]:
    """Each pack that is missing or has a version that will not do, and the first circle.

    A pack that waits for this one is not waited for: one of them must be the first.
    """
    if installed is None or manifest.ref is None:
        return ()
    report = Report(MANIFEST)
    for one in manifest.needs:
        found = installed.packs.get(one.ref)
        if one.ref == manifest.ref or (found and one.allows(found.version)):
            continue
        if way(one.ref, manifest.ref, _following(installed.waiting)):
            continue
        has = f"has version {found.version} of it" if found else "has no such pack"
        message = f"the pack needs {quoted(one.text)}, and the database {has}"
        hint = f"Apply {quoted(one.ref)} first{', in a version that will do' if found else ''}."
        report.add(rules.UNMET_DEPENDENCY, Place(one.span), message, path=one.path, hint=hint)
    _check_circle(manifest, installed, report)
    return report.diagnostics()


def _check_circle(manifest: CheckedManifest, installed: Installed, report: Report) -> None:
    ref = manifest.ref or ""
    graph = {**_graph(installed.packs), **installed.waiting}
    for one in manifest.needs:
        back = way(one.ref, ref, _following(graph))
        if back:
            message = f"packs depend on each other in a circle: {' → '.join((ref, *back))}"
            hint = "Take one of the dependencies away: no order of the packs keeps all of them."
            place = Place(one.span)
            report.add(rules.DEPENDENCY_CIRCLE, place, message, path=one.path, hint=hint)
            return


def _following(graph: Mapping[str, Iterable[str]]) -> Callable[[str], list[str]]:
    return lambda ref: sorted(graph.get(ref, ()))


def _graph(packs: Mapping[str, InstalledPack]) -> dict[str, frozenset[str]]:
    return {ref: _refs(one.dependencies) for ref, one in packs.items()}


def _refs(dependencies: Iterable[str]) -> frozenset[str]:
    found = (need(text) for text in dependencies)
    return frozenset(one.ref for one in found if one is not None)


def are_met(dependencies: Iterable[str], versions: Mapping[str, str]) -> bool:
    """Whether all of `dependencies` are among `versions`, as far as they can be understood."""
    found = (need(text) for text in dependencies)
    return all(one.ref in versions and one.allows(versions[one.ref]) for one in found if one)
