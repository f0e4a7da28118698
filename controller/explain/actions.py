"""Pages of ATT7: the files of actions. Imports the neighbours."""

from __future__ import annotations

from controller.explain.page import page
from controller.pack import rules

_FILE = "actions/notify.yaml"
_SCRIPT = "actions/notify.sh"
_REST = "label: Tell a channel\nrunner_type: shell\nentry_point: notify.sh\n"
_GOOD = {_FILE: f"ref: demo.notify\n{_REST}", _SCRIPT: "#!/bin/sh\n"}

PAGES = (
    page(
        rules.NO_ACTION_REF,
        """
        An action goes by its `ref`, or by the pack's ref and its `name`. This file has neither, so
        there is nothing to register the action under, and no workflow can call it. Add a `ref`.
        """,
        bad={_FILE: _REST, _SCRIPT: "#!/bin/sh\n"},
        good=_GOOD,
    ),
    page(
        rules.BAD_ACTION_REF,
        """
        The ref of an action is the pack's ref, one dot, and a name: in lower case, of letters,
        digits, `_` and `-`. The table of actions refuses others, and one that begins with another
        pack's ref would stand in that pack's way.
        """,
        bad={_FILE: f"ref: other.notify\n{_REST}", _SCRIPT: "#!/bin/sh\n"},
        good=_GOOD,
    ),
    page(
        rules.NO_ENTRY_POINT,
        """
        `entry_point` is the file in `actions/` that the worker runs, and the repository has none of
        that name. Attune registers the action all the same, and it fails when it runs. Commit the
        file, or correct the name.
        """,
        bad={_FILE: f"ref: demo.notify\n{_REST}"},
        good=_GOOD,
    ),
    page(
        rules.DUPLICATE_ACTION,
        """
        Two files of `actions/`, or one of them and a workflow, come to the same ref. A workflow is
        an action as well, and the database has one row for a ref, so that one of the two is lost.
        Give each a ref of its own.
        """,
        bad={**_GOOD, "actions/notify_all.yaml": f"ref: demo.notify\n{_REST}"},
        good={**_GOOD, "actions/notify_all.yaml": f"ref: demo.notify_all\n{_REST}"},
    ),
)
