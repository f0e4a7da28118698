"""Pages of ATT5: refs of workflows and actions, and calls of actions. Imports the neighbours."""

from __future__ import annotations

from controller.explain.page import WORKFLOW, Example, page, tasks, yaml
from controller.pack import rules

_ECHO = """
    - name: deploy
      action: core.echo
"""
_GOOD = tasks(_ECHO)

_NOTIFY = yaml("""
    ref: demo.notify
    label: Tell a channel
    runner_type: shell
    entry_point: notify.sh
    parameters:
      channel: {type: string, required: true}
      message: {type: string}
      urgent: {type: boolean}
""")
_SCRIPT = "#!/bin/sh\n"


def _calling(inputs: str, action: str = "demo.notify") -> dict[str, str]:
    call = f"""
    - name: tell
      action: {action}
      input: {inputs}
    """
    return {"actions/notify.yaml": _NOTIFY, "actions/notify.sh": _SCRIPT, WORKFLOW: tasks(call)}


def _call(action: str) -> str:
    return tasks(f"    - name: tell\n      action: {action}\n")


PAGES = (
    page(
        rules.DUPLICATE_REF,
        """
        A workflow's ref is `ref` in its file, or else the pack's ref and the file's name. Two files
        of one folder come to the same ref, and there is one row for it in the database: with
        Attune, the order of the directory decides which of them is stored. Rename one of the
        files, or give each its own `ref`.
        """,
        bad={"workflows/deploy.yaml": _GOOD, "workflows/deploy.workflow.yaml": _GOOD},
        good={"workflows/deploy.yaml": _GOOD, "workflows/undo.yaml": _GOOD},
    ),
    page(
        rules.SHADOWED,
        """
        A file of `workflows/` and one of `actions/workflows/` come to the same ref. The one in
        `actions/workflows/` is stored and the other is not used; with Attune it may be either.
        Remove one of the two, or give each its own `ref`.
        """,
        bad={"workflows/deploy.yaml": _GOOD, "actions/workflows/deploy.yaml": _GOOD},
        good={"actions/workflows/deploy.yaml": _GOOD},
    ),
    page(
        rules.FOREIGN_REF,
        """
        The ref begins with the name of another pack. Attune stores it all the same, and the
        workflow then stands in the way of that pack's own workflow of the same name. Begin it with
        this pack's ref, or leave `ref` out: then it is made of the file's name.
        """,
        bad=tasks(_ECHO, first="ref: other.deploy"),
        good=tasks(_ECHO, first="ref: demo.deploy"),
    ),
    page(
        rules.BAD_REF,
        """
        A ref is `pack.name`: lower case, exactly one dot. The table of actions, where each workflow
        has a row as well, takes no other. Attune checks none of it before it writes, so the
        database refuses the row half way through a sync, and a definition is left there that
        nothing can run.
        """,
        bad=tasks(_ECHO, first="ref: demo.deploy.web"),
        good=tasks(_ECHO, first="ref: demo.deploy_web"),
    ),
    page(
        rules.BAD_ACTION,
        """
        No action can have this ref: refs of actions are `pack.name`, in lower case, with exactly
        one dot, of letters, digits, `_` and `-`. Attune refuses some of them and stores others, and
        then fails when the task runs.
        """,
        bad=_call("Core.Echo"),
        good=_call("core.echo"),
    ),
    page(
        rules.ODD_REF,
        """
        The database takes this ref, and no `action:` of a workflow can name it, because of a blank
        or another character beside letters, digits, `_` and `-`. So the workflow can be started by
        hand, and not be called. Often the ref is made of the file's name: rename the file.
        """,
        bad={"workflows/deploy web.yaml": _GOOD},
        good={"workflows/deploy_web.yaml": _GOOD},
    ),
    page(
        rules.MISSING_ACTION,
        """
        The ref begins with this pack's own name, and the pack has neither an action nor a workflow
        of it. Attune looks only when the task runs, and fails then. Correct the name, or add
        `actions/<name>.yaml`. If the action is made in the database by hand, lower this rule.
        """,
        bad=_calling("{channel: ops}", action="demo.notfy"),
        good=_calling("{channel: ops}"),
    ),
    page(
        rules.UNKNOWN_ACTION,
        """
        The action belongs to another pack, and the database has none with this ref, so the task
        would fail when it runs. It may be a typing error, or that pack is yet to come: once it is
        there, the warning goes away. It is looked up by the controller, and by `packctl validate
        --database`. A Pack's `spec.validation.unknownActions` makes an error of it, or nothing.
        """,
        bad=Example({WORKFLOW: _call("core.ehco")}, database=frozenset({"core.echo"})),
        good=Example({WORKFLOW: _call("core.echo")}, database=frozenset({"core.echo"})),
    ),
    page(
        rules.MISSING_INPUT,
        """
        The action asks for this input, has no default for it, and the task does not give it. Attune
        does not compare the two before the task runs and fails. Give the input, or make the
        parameter optional in the action.
        """,
        bad=_calling("{message: done}"),
        good=_calling("{channel: ops, message: done}"),
    ),
    page(
        rules.UNKNOWN_INPUT,
        """
        The action's parameters have no such name, and say that there are no others. Attune hands
        the value on, the action does not look at it, and what was meant is not done. Correct the
        name, or add the parameter to the action.
        """,
        bad=_calling("{channel: ops, mesage: done}"),
        good=_calling("{channel: ops, message: done}"),
    ),
    page(
        rules.WRONG_INPUT_TYPE,
        """
        The value stands here in full, and is not of the type that the action's parameter has. The
        task would fail, or worse, go on: the text `"false"` is true to most programs. Give a value
        of that type. Values from expressions are known only when they run, and are not checked.
        """,
        bad=_calling('{channel: ops, urgent: "false"}'),
        good=_calling("{channel: ops, urgent: false}"),
    ),
    page(
        rules.ENDLESS_RECURSION,
        """
        The workflow calls itself, straight or by way of others. Each call starts another execution,
        and unless a condition ends it, they go on until somebody stops them or the machine is full.
        Take out one of the calls. If a condition does end it, ignore this rule here.
        """,
        bad={
            "workflows/deploy.yaml": _call("demo.undo"),
            "workflows/undo.yaml": _call("demo.deploy"),
        },
        good={
            "workflows/deploy.yaml": _call("demo.undo"),
            "workflows/undo.yaml": _call("core.echo"),
        },
    ),
)
