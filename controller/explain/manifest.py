"""Pages of ATT6: pack.yaml. Imports the neighbours."""

from __future__ import annotations

from controller.explain.page import MANIFEST, WORKFLOW, Example, page, tasks, yaml
from controller.pack import rules

_WORKFLOW = tasks("""
    - name: deploy
      action: core.echo
""")


def _pack(ref: str = "demo", version: str = "1.0.0", more: str = "") -> dict[str, str]:
    return {MANIFEST: f'ref: {ref}\nlabel: Demo\nversion: "{version}"\n{yaml(more)}'}


def _needing(dependency: str, **packs: tuple[str, ...]) -> Example:
    """A pack with one dependency, and what a database has of packs."""
    files = _pack(more=f'dependencies:\n  - "{dependency}"\n')
    return Example(files, database=frozenset(), packs=packs)


PAGES = (
    page(
        rules.NO_MANIFEST,
        """
        `pack.yaml` says what the pack is called, and every ref begins with that. Without it there
        is nothing to write: the pack is refused as a whole, and what the database has of it stays.
        Mostly `spec.git.path` points at the wrong folder of the repository.
        """,
        bad=Example({WORKFLOW: _WORKFLOW}, has_manifest=False),
        good={**_pack(), WORKFLOW: _WORKFLOW},
    ),
    page(
        rules.BAD_PACK_REF,
        """
        The `pack` table takes refs of at least two characters: a lower-case letter, then lower-case
        letters, digits, `_` and `-`. The database would refuse any other.
        """,
        bad=_pack(ref="Demo"),
        good=_pack(ref="demo"),
    ),
    page(
        rules.OTHER_PACK,
        """
        The Pack in the cluster says in `spec.ref` which pack it expects, and the repository holds
        another. To go on would prune one pack's workflows and write another's, so the whole is
        refused. The usual cause is a wrong `spec.git.url` or `spec.git.path`. The example is
        checked for a Pack with `spec.ref: demo`, or with `packctl validate --ref demo`.
        """,
        bad=Example(_pack(ref="payments"), spec_ref="demo"),
        good=Example(_pack(ref="demo"), spec_ref="demo"),
    ),
    page(
        rules.BAD_PACK_VERSION,
        """
        The `pack` table takes semantic versions only (https://semver.org): three numbers with dots,
        perhaps with `-rc.1` or `+build` behind them. The database would refuse any other.
        """,
        bad=_pack(version="1.0"),
        good=_pack(version="1.0.0"),
    ),
    page(
        rules.BAD_DEPENDENCY,
        """
        A dependency is the ref of another pack, perhaps with a range of versions behind it. Attune
        stores any text as it is, so a mistake shows only to whoever tries to install the pack.
        Write it so that it can be understood.
        """,
        bad=_pack(more="dependencies:\n  - core >> 1\n"),
        good=_pack(more="dependencies:\n  - core>=1.0.0\n"),
    ),
    page(
        rules.CONFIG_MISFIT,
        """
        `config` holds the pack's default configuration, and `conf_schema` what a configuration must
        look like: the pack breaks its own rule. Both are stored as they are, and the actions that
        read the value are the first to find out, when they run. Correct one of the two.
        """,
        bad=_pack(
            more="""
            conf_schema:
              type: object
              properties:
                retries: {type: integer}
            config:
              retries: many
            """
        ),
        good=_pack(
            more="""
            conf_schema:
              type: object
              properties:
                retries: {type: integer}
            config:
              retries: 3
            """
        ),
    ),
    page(
        rules.UNMET_DEPENDENCY,
        """
        `dependencies` names packs that must be there before this one, perhaps in some versions, and
        the database has no such pack, or another version of it. Attune looks at none of that when
        it stores a workflow: what calls the missing pack fails when it runs.

        The controller does not apply the pack until then. That is no fault of its files, so the
        Pack is not stalled: it waits with the reason `DependencyNotReady`, keeps the rows that it
        has, and goes on as soon as the other pack is applied. Apply that pack, or correct the
        entry. As a warning the rule holds nothing up. The versions are those of the table `pack`:
        they are looked at by the controller, `packctl sync` and `packctl validate --database`.
        """,
        bad=_needing("core>=2.0.0", core=("1.4.0",)),
        good=_needing("core>=1.2,<2", core=("1.4.0",)),
    ),
    page(
        rules.DEPENDENCY_CIRCLE,
        """
        The pack needs another one that needs this one, perhaps by way of others. No order of
        applying them keeps all dependencies. Where Packs of one controller wait for each other, the
        circle is broken: the first that comes up is applied without waiting for those that wait for
        it. Take one of the dependencies away, or move what both packs need into a third one.
        """,
        bad=_needing("ui", ui=("1.0.0", "demo>=1.0.0")),
        good=_needing("ui", ui=("1.0.0", "core")),
    ),
)
