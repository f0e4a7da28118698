"""Pages of ATT208 to ATT215: schemas, names and versions. Imports the neighbours."""

from __future__ import annotations

from controller.explain.page import page, tasks
from controller.pack import rules

_ECHO = """
    - name: greet
      action: core.echo
"""

PAGES = (
    page(
        rules.NO_SCHEMA,
        """
        `parameters` and `output` say what a workflow takes and gives: as a JSON Schema with `type:
        object`, or in the flat form that Attune's own packs use, where each entry is
        `name: {type: …}`. This is neither: nobody can tell what may be given, and Attune refuses
        the file.
        """,
        bad=tasks(_ECHO, first="parameters:\n  who: string\n"),
        good=tasks(_ECHO, first="parameters:\n  who: {type: string, required: true}\n"),
    ),
    page(
        rules.BAD_VARIABLE_NAME,
        """
        An expression could not name this variable. Attune allows letters, digits, `_` and `-` in
        the names under `vars`, and refuses the whole file for others.
        """,
        bad=tasks(_ECHO, first="vars:\n  build number: 7\n"),
        good=tasks(_ECHO, first="vars:\n  build_number: 7\n"),
    ),
    page(
        rules.NULL_ENTRY,
        """
        A null, or nothing at all, stands where a text is meant. Attune stores the text `~` for it,
        which nobody ever meant; here the entry is left out. An empty entry of `next` is kept, and
        does nothing. Remove it, or give it a value.
        """,
        bad=tasks(_ECHO, first="tags:\n  - release\n  -\n"),
        good=tasks(_ECHO, first="tags:\n  - release\n"),
    ),
    page(
        rules.FIELD_TWICE,
        """
        `permission_set_ref` is another name of `permission_set_refs`, and there is one place for
        the value in the database: one of the two would be lost. Attune refuses the file. Keep one.
        """,
        bad=tasks("""
            - name: greet
              action: core.echo
              permission_set_ref: core.viewer
              permission_set_refs: [core.editor]
        """),
        good=tasks("""
            - name: greet
              action: core.echo
              permission_set_refs: [core.viewer, core.editor]
        """),
    ),
    page(
        rules.NOT_SEMVER,
        """
        Attune takes any 1 to 50 characters for the version of a workflow, and never looks at it.
        People and tools that compare versions expect semantic ones (https://semver.org): three
        numbers with dots, and perhaps `-rc.1` behind them.
        """,
        bad='version: "1.0"\n' + tasks(_ECHO).partition("\n")[2],
        good=tasks(_ECHO),
    ),
    page(
        rules.BAD_TASK_NAME,
        """
        A task is known by its name in transitions, in results and on the screen. Attune means to
        demand 1 to 255 characters and forgets to check it; a name that is blank, longer, or holds
        line breaks or other control characters gets through, and can be seen or addressed nowhere.
        Use a short name of letters, digits, `_` and `-`.
        """,
        bad=tasks("""
            - name: " "
              action: core.echo
        """),
        good=tasks(_ECHO),
    ),
    page(
        rules.BAD_SCHEMA,
        """
        The schema is not valid as JSON Schema (draft 2020-12). Attune only looks whether there is a
        `type`, and stores the rest as it is, so the mistake shows to nobody before the schema is
        used. Correct the keyword; the types are `array`, `boolean`, `integer`, `null`, `number`,
        `object` and `string`.
        """,
        bad=tasks(
            _ECHO,
            first="""
            parameters:
              type: object
              properties:
                who: {type: text}
            """,
        ),
        good=tasks(
            _ECHO,
            first="""
            parameters:
              type: object
              properties:
                who: {type: string}
            """,
        ),
    ),
    page(
        rules.BAD_DEFAULT,
        """
        Whoever gives no value for this parameter gets a default that its own schema forbids. Attune
        never compares the two: the run fails, or goes on with a value of a type that no task
        expects. Correct the default, or the schema.
        """,
        bad=tasks(
            _ECHO,
            first="""
            parameters:
              type: object
              properties:
                copies: {type: integer, default: three}
            """,
        ),
        good=tasks(
            _ECHO,
            first="""
            parameters:
              type: object
              properties:
                copies: {type: integer, default: 3}
            """,
        ),
    ),
)
