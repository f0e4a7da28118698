"""Pages of ATT4: what stands between `{{` and `}}`. Imports the neighbours."""

from __future__ import annotations

from controller.explain.page import page, tasks
from controller.pack import rules


def _message(text: str, *, first: str = "parameters:\n  who: {type: string}\n") -> str:
    return tasks(
        f"""
        - name: greet
          action: core.echo
          input:
            message: {text}
        """,
        first=first,
    )


_HOSTS = "parameters:\n  hosts: {type: array}\n"

PAGES = (
    page(
        rules.EXPRESSION_SYNTAX,
        """
        The text between `{{` and `}}` is no expression: a parenthesis is not closed, a quote is
        missing, an operator has nothing to work on. Attune stores it without a look, and the task
        fails when it runs; a condition that fails counts as true after success, so that the
        workflow goes on the wrong way. Comparisons are `==`, `!=`, `<`, `>`, `<=`, `>=` and `in`,
        joined with `and`, `or` and `not`; texts stand in quotes.
        """,
        bad=tasks("""
            - name: greet
              action: core.echo
              when: "{{ length(parameters.who > 3 }}"
        """),
        good=tasks("""
            - name: greet
              action: core.echo
              when: "{{ length(parameters.who) > 3 }}"
        """),
    ),
    page(
        rules.FOREIGN_EXPRESSION,
        """
        The expression is written as Jinja, Orquesta or Python wants it. Attune stores it and fails
        when the task runs: it has no pipes and filters, no methods, no `ctx()`, no `_.`. Call the
        function with the value as its first argument: `{{ join(xs, ', ') }}`, not
        `{{ xs | join(', ') }}`. Inputs are `parameters.name`, variables `workflow.name`.
        """,
        bad=_message("\"up: {{ parameters.hosts | join(', ') }}\"", first=_HOSTS),
        good=_message("\"up: {{ join(parameters.hosts, ', ') }}\"", first=_HOSTS),
    ),
    page(
        rules.FOREIGN_TEMPLATE,
        """
        `<% … %>` is how StackStorm's Orquesta marks YAQL, and `{% … %}` a statement of Jinja.
        Attune knows `{{ … }}` only, so this is plain text to it: the action gets the characters as
        they stand here. Write the Attune form, or ignore this rule where such text is meant.
        """,
        bad=_message('"hello <% ctx().who %>"'),
        good=_message('"hello {{ parameters.who }}"'),
    ),
    page(
        rules.UNKNOWN_NAME,
        """
        No such name exists where the expression is evaluated, and the task fails when it runs.
        There are the namespaces `parameters`, `workflow`, `task`, `config`, `keystore` and
        `system`, the workflow's own `vars`, what tasks publish, and `item` and `index` in a task
        with `with_items`. Correct the name, or define it under `vars`.
        """,
        bad=_message('"{{ greting }} world"', first="vars:\n  greeting: hello\n"),
        good=_message('"{{ greeting }} world"', first="vars:\n  greeting: hello\n"),
    ),
    page(
        rules.UNKNOWN_FUNCTION,
        """
        Attune's engine does not have this function. It stores the file all the same, and the task
        fails when it runs. The names are short ones without a module before them, such as `upper`,
        `length`, `join`, `split`, `replace`, `keys` and `result`.
        """,
        bad=_message('"hello {{ uppercase(parameters.who) }}"'),
        good=_message('"hello {{ upper(parameters.who) }}"'),
    ),
    page(
        rules.WRONG_ARGUMENTS,
        """
        The function is there, and takes another number of arguments, so the task fails when it
        runs. Attune has no optional arguments but those of `range` (1 or 2) and `slice` (2 or 3):
        `join` and `split` want the separator, too.
        """,
        bad=_message('"up: {{ join(parameters.hosts) }}"', first=_HOSTS),
        good=_message("\"up: {{ join(parameters.hosts, ', ') }}\"", first=_HOSTS),
    ),
    page(
        rules.BARE_PARAMETER,
        """
        The name is that of a parameter, without `parameters.` before it. Attune's own checker lets
        it pass, and its engine looks for bare names among the variables only, so the task fails
        when it runs. Unless a task publishes a variable of this name by then, write
        `parameters.name`.
        """,
        bad=_message('"hello {{ who }}"'),
        good=_message('"hello {{ parameters.who }}"'),
    ),
    page(
        rules.NO_ITEM,
        """
        `item` and `index` are the element and its position while a task with `with_items` goes
        through a list. This task has no `with_items`, so there is neither, and it fails when it
        runs. Add `with_items`, or name the value itself.
        """,
        bad=_message('"ping {{ item }}"', first=_HOSTS),
        good=tasks(
            """
            - name: greet
              action: core.echo
              with_items: "{{ parameters.hosts }}"
              input:
                message: "ping {{ item }}"
            """,
            first=_HOSTS,
        ),
    ),
    page(
        rules.UNKNOWN_TASK_RESULT,
        """
        `task.name` is the result of a task of this workflow, and none has that name: mostly a
        typing error, or a task that was renamed. The expression fails, or finds nothing, when it
        runs; in a condition, a failure counts as true after success. Correct the name.
        """,
        bad=tasks("""
            - name: build
              action: core.echo
              on_success: tell
            - name: tell
              action: core.echo
              input:
                message: "{{ task.biuld.result }}"
        """),
        good=tasks("""
            - name: build
              action: core.echo
              on_success: tell
            - name: tell
              action: core.echo
              input:
                message: "{{ task.build.result }}"
        """),
    ),
    page(
        rules.UNCLOSED_EXPRESSION,
        """
        A `{{` without a `}}` after it is plain text to Attune: nothing is evaluated, and the action
        gets the braces as they stand here. Close the expression.
        """,
        bad=_message('"hello {{ parameters.who }"'),
        good=_message('"hello {{ parameters.who }}"'),
    ),
    page(
        rules.BAD_PATTERN,
        """
        The first argument of `match` is a regular expression, and this text is none: a bracket or
        parenthesis is not closed, or a repetition has nothing to repeat. Attune stores it, and the
        expression fails when it runs. Correct the pattern; a backslash before a special character
        makes it a plain one.
        """,
        bad=_message("\"{{ match('[a-z', parameters.who) }}\""),
        good=_message("\"{{ match('[a-z]', parameters.who) }}\""),
    ),
)
