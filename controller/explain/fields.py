"""Pages of ATT201 to ATT207: the fields of a file, and their types. Imports the neighbours."""

from __future__ import annotations

from controller.explain.page import page, tasks
from controller.pack import rules

_ECHO = """
    - name: greet
      action: core.echo
"""

PAGES = (
    page(
        rules.NOT_AN_OBJECT,
        """
        A workflow is an object: `version`, `tasks` and the other fields, at the left margin. Here
        the file is a list, a text, or empty. Attune skips it, and says of an empty file that it has
        no `version`. Begin with the fields; the tasks are the list under `tasks`.
        """,
        bad="""
        - name: greet
          action: core.echo
        """,
        good=tasks(_ECHO),
    ),
    page(
        rules.MISSING_FIELD,
        """
        Without this field Attune cannot run the task or the workflow, and refuses the whole file.
        A workflow needs `version` and `tasks`, a task `name`, and `action` or (if it is `parallel`)
        `tasks`; a retry needs `count` and `delay`, a branch of a decision `next`. `pack.yaml` needs
        `ref` and `version`. One of these fields that is null counts as missing.
        """,
        bad=tasks("""
            - name: greet
              input:
                message: hello
        """),
        good=tasks("""
            - name: greet
              action: core.echo
              input:
                message: hello
        """),
    ),
    page(
        rules.WRONG_TYPE,
        """
        The field takes values of one type, and this is another: a text for a number, one value for
        a list. Attune refuses the whole file at the first such value. Times are whole seconds
        without a unit, and templates (`{{ … }}`) cannot stand where a number is wanted. A list or
        an object may be left empty (`tags:`), and is not written `null` or `~`.
        """,
        bad=tasks("""
            - name: greet
              action: core.echo
              timeout: 30s
        """),
        good=tasks("""
            - name: greet
              action: core.echo
              timeout: 30
        """),
    ),
    page(
        rules.OUT_OF_RANGE,
        """
        The type is right, and the value is beyond what Attune's engine or the columns of its
        database hold. Bounds: 1 to 100 retries, a version of 1 to 50 characters, `ref` and `label`
        up to 255, `batch_size` and `concurrency` from 1, times up to 4294967295 seconds, at least
        one task. Use a value within them.
        """,
        bad=tasks("""
            - name: greet
              action: core.echo
              retry:
                count: 500
                delay: 5
        """),
        good=tasks("""
            - name: greet
              action: core.echo
              retry:
                count: 100
                delay: 5
        """),
    ),
    page(
        rules.UNKNOWN_VALUE,
        """
        The field takes one of a few words, spelled exactly so and in lower case; Attune refuses the
        whole file for another. `type` is `action`, `parallel` or `workflow`; `backoff` is
        `constant`, `linear` or `exponential`; `cancellation_policy` is `allow_finish` or
        `cancel_running`.
        """,
        bad=tasks("""
            - name: greet
              action: core.echo
              retry:
                count: 3
                delay: 5
                backoff: Exponential
        """),
        good=tasks("""
            - name: greet
              action: core.echo
              retry:
                count: 3
                delay: 5
                backoff: exponential
        """),
    ),
    page(
        rules.UNKNOWN_FIELD,
        """
        Attune drops fields that it does not know without a word, so a typing error changes what the
        workflow does. Below, `notify` was to run after `deploy`; as nothing leads to it, it becomes
        a second entry point, and both start at once. Correct the name, or remove the field.
        """,
        bad=tasks("""
            - name: deploy
              action: core.echo
              on-success: notify
            - name: notify
              action: core.echo
        """),
        good=tasks("""
            - name: deploy
              action: core.echo
              on_success: notify
            - name: notify
              action: core.echo
        """),
    ),
    page(
        rules.NEEDS_QUOTES,
        """
        A text is meant, and YAML reads a number or a boolean. Attune stores its spelling, and so
        does this controller; other tools that read or rewrite the file may make `1.1` of `1.10`.
        Quote the value.
        """,
        bad=tasks(_ECHO, first="label: 1.10"),
        good=tasks(_ECHO, first='label: "1.10"'),
    ),
)
