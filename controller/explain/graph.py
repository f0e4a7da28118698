"""Pages of ATT3: the names of tasks, and how one leads to another. Imports the neighbours."""

from __future__ import annotations

from controller.explain.page import page, tasks
from controller.pack import rules

PAGES = (
    page(
        rules.DUPLICATE_TASK,
        """
        Transitions and results find a task by its name, so it must be the only one of its list
        with that name. Attune refuses a file with two; inside a `parallel` task it does not look,
        and then nobody can tell their results apart. Rename one of them.
        """,
        bad=tasks("""
            - name: greet
              action: core.echo
            - name: greet
              action: core.echo
        """),
        good=tasks("""
            - name: greet
              action: core.echo
            - name: greet_again
              action: core.echo
        """),
    ),
    page(
        rules.RESERVED_NAME,
        """
        Expressions use this word for something of their own. Attune refuses tasks named
        `parameters`, `vars`, `task`, `system`, `kv`, `pack`, `item`, `batch` or `index`, and the
        whole file with them; inside `parallel` it forgets to look. Choose another name.
        """,
        bad=tasks("""
            - name: item
              action: core.echo
        """),
        good=tasks("""
            - name: item_task
              action: core.echo
        """),
    ),
    page(
        rules.NAMESPACE_NAME,
        """
        `workflow`, `variables`, `tasks`, `config` and `keystore` are namespaces in expressions:
        whoever writes `config` there gets the pack's configuration, never this task. Attune does
        not say so. Choose another name, and nobody is misled.
        """,
        bad=tasks("""
            - name: config
              action: core.echo
        """),
        good=tasks("""
            - name: write_config
              action: core.echo
        """),
    ),
    page(
        rules.UNKNOWN_TARGET,
        """
        A transition names a task that is not in the same list, mostly by a typing error. Attune
        refuses the whole file and writes so only to its log. The tasks of a `parallel` task are a
        list of their own: transitions lead neither in nor out. Correct the name, or add the task.
        """,
        bad=tasks("""
            - name: test
              action: core.echo
              next:
                - do: [depoly]
            - name: deploy
              action: core.echo
        """),
        good=tasks("""
            - name: test
              action: core.echo
              next:
                - do: [deploy]
            - name: deploy
              action: core.echo
        """),
    ),
    page(
        rules.UNREACHABLE,
        """
        A workflow begins with the tasks that nothing leads to. Only tasks that are never reached
        themselves lead to this one, so it would never run; Attune refuses the whole file. Lead to
        it from a task that runs, or remove the transition that makes the circle.
        """,
        bad=tasks("""
            - name: build
              action: core.echo
            - name: test
              action: core.echo
              on_failure: repair
            - name: repair
              action: core.echo
              on_success: test
        """),
        good=tasks("""
            - name: build
              action: core.echo
              on_success: test
            - name: test
              action: core.echo
              on_failure: repair
            - name: repair
              action: core.echo
              on_success: test
        """),
    ),
    page(
        rules.JOIN_NEVER,
        """
        `join` is how many transitions must arrive before the task runs, and fewer lead to it. So
        it waits for ever, and the workflow with it; Attune accepts the file. Lower the number, or
        add the transitions that are missing.
        """,
        bad=tasks("""
            - name: build
              action: core.echo
              on_success: deploy
            - name: test
              action: core.echo
            - name: deploy
              action: core.echo
              join: 2
        """),
        good=tasks("""
            - name: build
              action: core.echo
              on_success: deploy
            - name: test
              action: core.echo
              on_success: deploy
            - name: deploy
              action: core.echo
              join: 2
        """),
    ),
    page(
        rules.NOT_ITERATING,
        """
        `batch_size` and `concurrency` say how the items of `with_items` are gone through. Without
        `with_items` the task runs once, and Attune takes no notice of them. Say over what the task
        iterates, or remove the field.
        """,
        bad=tasks("""
            - name: ping
              action: core.echo
              concurrency: 5
        """),
        good=tasks(
            """
            - name: ping
              action: core.echo
              with_items: "{{ parameters.hosts }}"
              concurrency: 5
            """,
            first="parameters:\n  hosts: {type: array}\n",
        ),
    ),
    page(
        rules.DELAY_ABOVE_MAXIMUM,
        """
        The delay between two tries grows from `delay` up to `max_delay` seconds, so the second
        cannot be the smaller one. Attune refuses the whole file. Raise `max_delay`, or remove it.
        """,
        bad=tasks("""
            - name: ping
              action: core.echo
              retry: {count: 3, delay: 60, backoff: linear, max_delay: 10}
        """),
        good=tasks("""
            - name: ping
              action: core.echo
              retry: {count: 3, delay: 60, backoff: linear, max_delay: 600}
        """),
    ),
    page(
        rules.TASKS_IGNORED,
        """
        Only a task with `type: parallel` runs sub-tasks. In any other, Attune stores the list and
        never runs it. Set the type, or move the tasks up beside this one.
        """,
        bad=tasks("""
            - name: checks
              action: core.noop
              tasks:
                - {name: lint, action: core.echo}
                - {name: test, action: core.echo}
        """),
        good=tasks("""
            - name: checks
              type: parallel
              tasks:
                - {name: lint, action: core.echo}
                - {name: test, action: core.echo}
        """),
    ),
)
