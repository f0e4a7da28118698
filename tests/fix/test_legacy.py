"""Legacy transitions become the `next` that Attune stores for them, and nothing else moves."""

from __future__ import annotations

from textwrap import dedent, indent

import pytest

from controller.fix import Name, fix

HEAD = 'version: "1.0.0"\n'
OTHERS = "".join(f"  - {{name: {name}, action: core.echo}}\n" for name in "bcde")


def workflow(fields: str) -> str:
    """A task `a` with these fields, each on its own lines, beside tasks `b` to `e`."""
    task = f"- name: a\n  action: core.echo\n{indent(dedent(fields), '  ')}"
    return f"{HEAD}tasks:\n{indent(task, '  ')}{OTHERS}"


BLOCK = {
    "one field": (
        """\
        on_success: b
        """,
        """\
        next:
          - when: "{{ succeeded() }}"
            do:
              - b
        """,
    ),
    "all four, in Attune's order, at the place of the first": (
        """\
        on_timeout: e
        timeout: 5
        on_complete: d
        on_failure: c
        on_success: b
        join: 0
        """,
        """\
        next:
          - when: "{{ succeeded() }}"
            do:
              - b
          - when: "{{ failed() }}"
            do:
              - c
          - do:
              - d
          - when: "{{ timed_out() }}"
            do:
              - e
        timeout: 5
        join: 0
        """,
    ),
    "publish goes to the success": (
        """\
        publish:
          - x
          - y: "{{ result() }}"
        on_failure: c
        on_success: b
        """,
        """\
        next:
          - when: "{{ succeeded() }}"
            publish:
              - x
              - y: "{{ result() }}"
            do:
              - b
          - when: "{{ failed() }}"
            do:
              - c
        """,
    ),
    "publish goes to the first": (
        """\
        on_failure: c
        on_timeout: b
        publish: [x]
        """,
        """\
        next:
          - when: "{{ failed() }}"
            publish: [x]
            do:
              - c
          - when: "{{ timed_out() }}"
            do:
              - b
        """,
    ),
    "publish alone": (
        """\
        publish: [x]
        """,
        """\
        next:
          - when: "{{ succeeded() }}"
            publish: [x]
        """,
    ),
    "publish of a text in lines": (
        """\
        publish:
          - x: |
              one

                two
        on_complete: b
        """,
        """\
        next:
          - publish:
              - x: |
                  one

                    two
            do:
              - b
        """,
    ),
    "a decision of every style": (
        """\
        decision:
          - when: '{{ workflow.x == "it''s" }}'
            next: b
          - {next: c, when: "{{ failed() }}"}
          - when: >-
              {{ workflow.y }}
              {{ workflow.z }}
            default: false
            next: "d"
        """,
        """\
        next:
          - when: '{{ workflow.x == "it''s" }}'
            do:
              - b
          - when: "{{ failed() }}"
            do:
              - c
          - when: >-
              {{ workflow.y }}
              {{ workflow.z }}
            do:
              - "d"
        """,
    ),
    "a decision whose dashes stand below its key": (
        """\
        decision:
        - when: >-
            {{ true }}
          next: b
        """,
        """\
        next:
          - when: >-
              {{ true }}
            do:
              - b
        """,
    ),
    "a decision between brackets": (
        """\
        decision: [{when: "{{ true }}", next: b},
                   {when: "{{ false }}", next: c}]
        """,
        """\
        next:
          - when: "{{ true }}"
            do:
              - b
          - when: "{{ false }}"
            do:
              - c
        """,
    ),
    "comments go with their transition": (
        """\
        # not of the transitions

        # above success
        on_success: b  # behind success
        input:  # of the input
          x: 1
        # above failure
        #   in two lines
        on_failure:  # at the key
          c\t# behind failure
        # above publish
        publish:  # at publish
          # in publish
          - x  # behind x
        # above the join
        join: 0
        """,
        """\
        # not of the transitions

        next:
          # above success
          - when: "{{ succeeded() }}"
            # above publish
            publish:  # at publish
              # in publish
              - x  # behind x
            do:
              - b  # behind success
          # above failure
          #   in two lines
          # at the key
          - when: "{{ failed() }}"
            do:
              - c\t# behind failure
        input:  # of the input
          x: 1
        # above the join
        join: 0
        """,
    ),
    "comments of a decision": (
        """\
        # above
        decision:  # at the key
          # above the first
          - when: "{{ true }}"  # behind when
            # above next
            next: b  # behind next
          # above the second
          - {when: "{{ false }}", next: c}  # behind the braces
          - next: d
            default: false  # behind default
            when: "{{ true }}"
        """,
        """\
        next:
          # above
          # at the key
          # above the first
          # above next
          - when: "{{ true }}"  # behind when
            do:
              - b  # behind next
          # above the second
          - when: "{{ false }}"
            do:
              - c  # behind the braces
          # behind default
          - when: "{{ true }}"
            do:
              - d
        """,
    ),
    "fields that say nothing go too, without their comments": (
        """\
        next: []  # none
        on_failure: ~
        # about it
        publish: []
        on_success: b
        """,
        """\
        next:
          # none
          # about it
          - when: "{{ succeeded() }}"
            do:
              - b
        """,
    ),
    "blank lines above a field go with it": (
        """\
        on_success: b

        timeout: 5

        on_failure: c

        join: 0
        """,
        """\
        next:
          - when: "{{ succeeded() }}"
            do:
              - b
          - when: "{{ failed() }}"
            do:
              - c

        timeout: 5

        join: 0
        """,
    ),
    "an anchor and its alias": (
        """\
        on_success: &target b
        on_failure: *target
        """,
        """\
        next:
          - when: "{{ succeeded() }}"
            do:
              - &target b
          - when: "{{ failed() }}"
            do:
              - *target
        """,
    ),
}


@pytest.mark.parametrize("name", BLOCK)
def test_fields_below_each_other(name: str) -> None:
    before, after = (workflow(one) for one in BLOCK[name])
    fixed = fix(before)
    assert fixed.text == after
    assert fixed.withheld == ()
    assert [one.name for one in fixed.applied] == [Name.LEGACY]
    assert fix(after).text == after


@pytest.mark.parametrize("name", BLOCK)
def test_line_ends_and_byte_order_mark_stay(name: str) -> None:
    before, after = (workflow(one) for one in BLOCK[name])
    dos = "\ufeff" + before.replace("\n", "\r\n")
    assert fix(dos).text == "\ufeff" + after.replace("\n", "\r\n")


FLOW = {
    "one field": ("on_success: b", 'next: [{when: "{{ succeeded() }}", do: [b]}]'),
    "several, apart": (
        "on_failure: c, timeout: 5, on_timeout: b, join: 0, publish: [x],",
        """next: [{when: "{{ failed() }}", publish: [x], do: [c]}, \
{when: "{{ timed_out() }}", do: [b]}], timeout: 5, join: 0,""",
    ),
    "a decision": (
        "decision: [{next: b, when: '{{ true }}'}, {when: '{{ false }}', next: \"c\"}]",
        "next: [{when: '{{ true }}', do: [b]}, {when: '{{ false }}', do: [\"c\"]}]",
    ),
    "JSON": (
        '"on_complete":"b","publish":["x"],"timeout":5',
        '"next": [{"publish": ["x"], "do": ["b"]}],"timeout":5',
    ),
    "over lines": (
        """
      on_success: b,
      publish:
        [x],
    """,
        """
      next: [{when: "{{ succeeded() }}", publish: [x], do: [b]}],
    """,
    ),
}


@pytest.mark.parametrize("name", FLOW)
def test_fields_between_braces(name: str) -> None:
    before, after = (
        f"{HEAD}tasks:\n  - {{name: a, action: core.echo, {fields}}}  # kept\n{OTHERS}"
        for fields in FLOW[name]
    )
    fixed = fix(before)
    assert fixed.text == after
    assert fixed.withheld == ()
    assert fix(after).text == after


LAYOUTS = {
    "the first field, and dashes below the key": (
        """\
tasks:
- on_success: b
  name: a
  action: core.echo
""",
        """\
tasks:
- next:
  - when: "{{ succeeded() }}"
    do:
    - b
  name: a
  action: core.echo
""",
    ),
    "wide dashes": (
        """\
tasks:
    -   name: a
        action: core.echo
        on_complete: a
""",
        """\
tasks:
    -   name: a
        action: core.echo
        next:
            - do:
                  - a
""",
    ),
    "no line break at the end": (
        """\
tasks:
  - name: a
    action: core.echo
    on_complete: a
    publish: [x]""",
        """\
tasks:
  - name: a
    action: core.echo
    next:
      - publish: [x]
        do:
          - a""",
    ),
    "sub-tasks of sub-tasks": (
        """\
tasks:
  - name: p
    type: parallel
    tasks:
      - name: q
        type: parallel
        tasks:
          - name: r
            action: core.echo
            on_complete: r
    on_complete: p
""",
        """\
tasks:
  - name: p
    type: parallel
    tasks:
      - name: q
        type: parallel
        tasks:
          - name: r
            action: core.echo
            next:
              - do:
                  - r
    next:
      - do:
          - p
""",
    ),
}


@pytest.mark.parametrize("name", LAYOUTS)
def test_layout_is_that_of_the_surroundings(name: str) -> None:
    before, after = (HEAD + tasks for tasks in LAYOUTS[name])
    assert fix(before).text == after


WITHHELD = {
    "a default branch that runs always": (
        workflow("decision:\n  - {when: '{{ true }}', next: b}\n  - {default: true, next: c}\n"),
        "Left `decision` as written: ATT312 in line 7 must be settled first.",
    ),
    "a branch with an unknown field": (
        workflow("decision:\n  - {when: '{{ true }}', next: b, colour: red}\n"),
        "Left `decision` as written: ATT206 in line 6 must be settled first.",
    ),
    "a target of the wrong type": (
        workflow("on_success: b\non_failure: [c]\n"),
        "Left `on_success`, `on_failure` as written: ATT203 in line 6 must be settled first.",
    ),
    "a comment between braces": (
        f"{HEAD}tasks:\n  - {{name: a, # me\n    action: core.echo, on_success: a}}\n",
        "Left `on_success` as written: a comment stands between the braces.",
    ),
    "an alias for a branch": (
        workflow(
            "decision:\n  - &branch {when: '{{ true }}', next: b}\n  - *branch\n",
        ),
        "Left `decision` as written: an alias stands for a branch.",
    ),
    "a name in a text of lines": (
        workflow("on_success: |-\n  b\n"),
        "Left `on_success` as written: the name of a task stands below a `|` or `>`.",
    ),
    "an explicit key": (
        workflow("? on_success\n: b\n"),
        "Left `on_success` as written: something else stands before it in the same line.",
    ),
    "line breaks of another system": (
        workflow("on_success: b # old\u2028").replace("\u2028", "\u2028    # new\n"),
        "Left `on_success` as written: the file has unusual line breaks.",
    ),
    "a comment about what to ignore": (
        workflow("# attune: ignore[ATT304]\non_success: nowhere\n"),
        "Left `on_success` as written: a comment there says what to ignore in a line.",
    ),
    "an alias of what would go": (
        workflow("decision: &all\n  - {when: '{{ true }}', next: b}\ninput:\n  x: *all\n"),
        "Left as written: the file would not say the same any more.",
    ),
}


@pytest.mark.parametrize("name", WITHHELD)
def test_what_cannot_be_done_safely_is_said(name: str) -> None:
    text, message = WITHHELD[name]
    fixed = fix(text)
    assert fixed.text == text
    assert fixed.applied == ()
    assert [one.message for one in fixed.withheld] == [message]


@pytest.mark.parametrize(
    "fields",
    [
        "on_success: b\nnext: [{do: [c]}]\n",
        "publish: []\n",
        "on_success: ~\n",
        "next:\n  - do: [b]\n",
    ],
)
def test_nothing_to_fix(fields: str) -> None:
    fixed = fix(workflow(fields))
    assert (fixed.text, fixed.applied, fixed.withheld) == (workflow(fields), (), ())


def test_one_unsafe_task_does_not_hold_the_others_back() -> None:
    bad = WITHHELD["an alias of what would go"][0].removesuffix(OTHERS)
    good = "  - name: b\n    action: core.echo\n    on_success: b\n"
    fixed = fix(bad + good)
    new = '    next:\n      - when: "{{ succeeded() }}"\n        do:\n          - b\n'
    assert fixed.text == bad + good.replace("    on_success: b\n", new)
    assert [one.line for one in fixed.applied] == [11]
    assert [one.line for one in fixed.withheld] == [5]


@pytest.mark.parametrize("text", ["", "- a\n", "a: [", "a: 1\n---\nb: yes\n", "\0", "a: *b\n"])
def test_what_cannot_be_read_is_left_alone(text: str) -> None:
    fixed = fix(text)
    assert (fixed.text, fixed.applied, fixed.withheld) == (text, (), ())
