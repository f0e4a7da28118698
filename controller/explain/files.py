"""Pages of ATT0: which files are read, limits, and what silences a rule. Imports the neighbours."""

from __future__ import annotations

from controller.explain.page import WORKFLOW, Long, page, tasks
from controller.pack import rules
from controller.pack.tree import EntryKind

_GOOD = tasks("""
    - name: deploy
      action: core.echo
""")
_CALL = """
    - name: deploy
      action: core.echo
      input:
        message: hello
"""

PAGES = (
    page(
        rules.NOT_A_FILE,
        """
        A symbolic link or a submodule stands where a file of the pack should be. Attune follows
        links, even to places outside of the pack, so that what it reads depends on the machine it
        runs on. Here only regular files of the repository are read: the workflow is left out, and
        its last good version stays in the database. Put the file itself there, in each pack that
        needs it.
        """,
        bad={WORKFLOW: EntryKind.SYMLINK},
        good=_GOOD,
    ),
    page(
        rules.LFS_POINTER,
        """
        Git LFS keeps the content elsewhere, and what is committed is a pointer of three lines.
        The controller reads the repository's own objects and asks no LFS server, so there is no
        workflow to read. Take YAML files out of LFS: `git lfs untrack '*.yaml'`, then
        `git add --renormalize .`, and commit.
        """,
        bad="""
        version https://git-lfs.github.com/spec/v1
        oid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393
        size 162
        """,
        good=_GOOD,
    ),
    page(
        rules.TOO_LARGE,
        """
        A file may have as many bytes as the Pack's `spec.validation.maxFileSize` says: 1 MiB, or
        less. The size is looked at before the file is read, so nothing is known of what is in it.
        A workflow of this size mostly carries data: let a task fetch the data when it runs, or
        split the workflow into some that call each other.
        """,
        bad={WORKFLOW: Long(_GOOD, "# The history of this workflow since its beginning\n", 21_000)},
        good=_GOOD,
    ),
    page(
        rules.NOT_UTF8,
        """
        YAML files of a pack are UTF-8, as Attune and the database want them. This file has a byte
        that UTF-8 does not allow, mostly because an editor saved it in an old encoding such as
        Latin-1. Save it as UTF-8: `iconv -f latin1 -t utf-8` does it on the command line.
        """,
        bad={WORKFLOW: f"label: Größe\n{_GOOD}".encode("latin-1")},
        good=f"label: Größe\n{_GOOD}",
    ),
    page(
        rules.NOT_READ,
        """
        The name looks like that of a workflow, and nothing reads it. Workflows are `*.yaml` and
        `*.yml` files directly in `workflows/` or `actions/workflows/`. Extensions in capitals and
        folders inside those folders are passed over, by Attune as well, which says nothing: the
        workflow is just not there. So are names that begin with a dot, because editors leave such
        files behind. Rename the file, or move it.
        """,
        bad={"workflows/deploy.YAML": _GOOD},
        good=_GOOD,
        comment=False,
    ),
    page(
        rules.TOO_DEEP,
        """
        Values may be nested 64 deep. Attune's own parser has such a bound as well: a file beyond
        it could be made to bring down the program that reads it. Nobody writes such a file by
        hand, so look at the tool that made it, or move parts into a workflow of their own.
        """,
        bad=tasks(
            """
            - name: deploy
              action: core.echo
            """,
            first=f"vars:\n  deep: {'[' * 64}{']' * 64}\n",
        ),
        good=tasks(
            """
            - name: deploy
              action: core.echo
            """,
            first="vars:\n  flat: [1, 2, 3]\n",
        ),
    ),
    page(
        rules.TOO_MANY_NODES,
        """
        A document may have 50,000 values, counting each time that an alias repeats them. Attune
        loads the whole definition for every execution, so a workflow that carries a table of data
        is slow as well. Let a task fetch the data when it runs, or split the file.
        """,
        bad={WORKFLOW: Long(f"{_GOOD}vars:\n  hosts:\n", "    - web\n", 50_000)},
        good=tasks(
            """
            - name: hosts
              action: core.http_request
              input:
                url: https://inventory.example.com/hosts
            """
        ),
    ),
    page(
        rules.TOO_MUCH_EXPANSION,
        """
        Aliases that repeat aliases multiply: a file of a few lines can stand for more data than a
        machine has memory (the "billion laughs"). So all aliases of a file together may repeat
        50,000 values or 4 MiB of text; Attune has a bound of this kind, too. Repeat less.
        """,
        bad=tasks(
            """
            - name: deploy
              action: core.echo
            """,
            first="""
            vars:
              a: &a [ha, ha, ha, ha, ha, ha, ha, ha, ha, ha]
              b: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a, *a]
              c: &c [*b, *b, *b, *b, *b, *b, *b, *b, *b, *b]
              d: &d [*c, *c, *c, *c, *c, *c, *c, *c, *c, *c]
              e: &e [*d, *d, *d, *d, *d, *d, *d, *d, *d, *d]
            """,
        ),
        good=tasks(
            """
            - name: deploy
              action: core.echo
            """,
            first="""
            vars:
              a: &a [ha, ha]
              b: [*a, *a]
            """,
        ),
    ),
    page(
        rules.TOO_MANY_DIRECTIVES,
        """
        `%TAG` shortens the names of YAML tags, of which a workflow has no use (see ATT104). Many
        of them keep a parser busy for seconds, so a file with more than 16 is not read at all.
        Remove them.
        """,
        bad={WORKFLOW: Long("", "%TAG !e! tag:example.com,2026:\n", 17, f"---\n{_GOOD}")},
        good=_GOOD,
    ),
    page(
        rules.TOO_MANY_PROBLEMS,
        """
        At most 100 problems of one rule are listed for one file: that many mostly have one cause
        that repeats. The rest is counted, so that you know of it. Repair the listed ones first,
        and the others show.
        """,
        bad={WORKFLOW: Long(f"{_GOOD}tags:\n", "  - ~\n", 150)},
        good=f"{_GOOD}tags:\n  - release\n",
        also=("ATT210",),
        comment=False,
    ),
    page(
        rules.BAD_SETTINGS,
        """
        `packctl.toml`, beside `pack.yaml`, says what the pack's authors want of its validation. It
        is not TOML, or it has a code or a level that does not exist. A setting that is passed over
        without a word would be worse than none, so this is an error. The levels are `"Error"`,
        `"Warn"` and `"Ignore"`.
        """,
        bad={"packctl.toml": '[severities]\nATT212 = "Off"\n'},
        good={"packctl.toml": '[severities]\nATT212 = "Ignore"\n'},
    ),
    page(
        rules.UNUSED_IGNORE,
        """
        The comment is there to silence a rule, and there is nothing to silence: the problem has
        been repaired, or the comment stands in the wrong place. Left there, it would hide the same
        mistake when somebody makes it again. Remove it. It counts for the line at whose end it
        stands, or, on a line of its own, for the line below; `ignore-file` counts for the file.
        """,
        bad=tasks("""
            - name: deploy
              action: core.echo
              input:  # attune: ignore[ATT206]
                message: hello
        """),
        good=tasks(_CALL),
        comment=False,
    ),
    page(
        rules.BAD_IGNORE,
        """
        The comment looks as if it should silence a rule, and cannot: it has a code that does not
        exist, or one whose error cannot be taken away, or it is not written as
        `# attune: ignore[ATT206]` (several codes go between the brackets, with commas). So it
        silences nothing. Correct it, or remove it.
        """,
        bad=tasks("""
            - name: deploy
              action: core.echo
              inputs:  # attune: ignore[ATT999]
                message: hello
        """),
        good=tasks("""
            - name: deploy
              action: core.echo
              inputs:  # attune: ignore[ATT206]
                message: hello
        """),
        also=("ATT206",),
        comment=False,
    ),
)
