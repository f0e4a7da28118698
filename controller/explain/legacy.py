"""Pages of ATT309 to ATT312: transitions as Attune wrote them before `next`.

Imports the neighbours.
"""

from __future__ import annotations

from controller.explain.page import page, tasks
from controller.pack import rules

_CONDITIONS = tasks(
    """
    - name: test
      action: core.echo
      next:
        - when: "{{ parameters.env == 'prod' }}"
          do: [ask]
        - when: "{{ parameters.env != 'prod' }}"
          do: [deploy]
    - name: ask
      action: core.ask
    - name: deploy
      action: core.echo
    """,
    first="parameters:\n  env: {type: string}\n",
)


def _decision(*branches: str) -> str:
    listed = "".join(f"        - {one}\n" for one in branches)
    return tasks(
        f"    - name: test\n      action: core.echo\n      decision:\n{listed}"
        "    - name: ask\n      action: core.ask\n"
        "    - name: deploy\n      action: core.echo\n",
        first="parameters:\n  env: {type: string}\n",
    )


PAGES = (
    page(
        rules.LEGACY_IGNORED,
        """
        As soon as a task has a `next`, Attune drops its `on_success`, `on_failure`, `on_complete`,
        `on_timeout`, `decision` and `publish`, without a word. Below, nobody would hear of a
        failure. Move what they say into `next`.
        """,
        bad=tasks("""
            - name: deploy
              action: core.echo
              next:
                - when: "{{ succeeded() }}"
                  do: [check]
              on_failure: alarm
            - name: check
              action: core.echo
            - name: alarm
              action: core.echo
        """),
        good=tasks("""
            - name: deploy
              action: core.echo
              next:
                - when: "{{ succeeded() }}"
                  do: [check]
                - when: "{{ failed() }}"
                  do: [alarm]
            - name: check
              action: core.echo
            - name: alarm
              action: core.echo
        """),
    ),
    page(
        rules.TWO_DEFAULTS,
        """
        "Otherwise" can be said once. Attune has this rule as well, and loses it: it turns the
        branches into transitions before it looks. Each default becomes a transition without a
        condition, and as all transitions that match are followed, both run, always. Write `next`
        with conditions that exclude each other.
        """,
        bad=_decision("{default: true, next: ask}", "{default: true, next: deploy}"),
        good=_CONDITIONS,
        also=("ATT312",),
    ),
    page(
        rules.BRANCH_WITHOUT_CONDITION,
        """
        A branch needs a condition (`when`), or `default: true`. Attune has this rule as well, and
        loses it when it turns the branches into transitions: one without a condition is followed
        always. Give it a `when`.
        """,
        bad=_decision("""{when: "{{ parameters.env == 'prod' }}", next: ask}""", "{next: deploy}"),
        good=_CONDITIONS,
    ),
    page(
        rules.DEFAULT_ALWAYS_RUNS,
        """
        The default branch of a decision looks like an "else" and is none. Attune turns it into a
        transition without a condition, and follows every transition that matches: below, `deploy`
        runs in production as well, without waiting for the answer to `ask`. Write `next` with
        conditions that exclude each other.
        """,
        bad=_decision(
            """{when: "{{ parameters.env == 'prod' }}", next: ask}""",
            "{default: true, next: deploy}",
        ),
        good=_CONDITIONS,
    ),
)
