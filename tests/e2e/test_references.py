"""Calls of what is not there: told before they run, and let in when it comes."""

from __future__ import annotations

from controller.pack.status import DiagnosticStatus
from hack.packrepo import Content, pack_yaml
from tests.e2e.attune import install_action, install_pack
from tests.e2e.pack import Report
from tests.e2e.site import Site

_HANDLED = "lastHandledReconcileAt"


def _calling(ref: str, action: str) -> dict[str, Content]:
    """A pack of one workflow, which calls `action` with an input `text`."""
    workflow = f'version: "1.0.0"\ntasks: [{{name: a, action: {action}, input: {{text: hi}}}}]\n'
    return {"pack.yaml": pack_yaml(ref), "workflows/w.yaml": workflow}


def _diagnostics(seen: Report) -> tuple[DiagnosticStatus, ...]:
    assert seen.status.validation
    return seen.status.validation.diagnostics


def _less_handled(seen: Report) -> dict[str, object]:
    """The status but for the field that every request changes."""
    return {name: value for name, value in seen.body["status"].items() if name != _HANDLED}


def _told(seen: Report) -> list[tuple[str, str, str | None]]:
    return [(one.code, one.severity, one.spec_path) for one in _diagnostics(seen)]


def test_an_action_that_no_pack_has_is_a_warning(site: Site, ref: str) -> None:
    site.repo(ref).commit(_calling(ref, f"{ref}-other.shout"))

    seen = site.follow(ref).wait()

    assert seen.summary()["Ready"] == ("True", "Succeeded")
    assert _told(seen) == [("ATT512", "Warning", "tasks[0].action")]
    assert list(site.definitions(ref)) == [f"{ref}.w"]


def test_the_warning_goes_when_the_action_comes_and_nothing_is_written_until_then(
    site: Site, ref: str
) -> None:
    other = f"{ref}-other"
    site.repo(ref).commit(_calling(ref, f"{other}.shout"))
    followed = site.follow(ref)
    followed.wait()
    rows = site.everything(ref)

    before, after = [_less_handled(followed.reconcile()) for _ in range(2)]
    assert before == after
    assert [one.reason for one in followed.events()] == ["Succeeded"]

    install_pack(site.database, other)
    install_action(site.database, f"{other}.shout", {"text": {"type": "string"}})
    assert _told(followed.reconcile()) == []
    assert site.everything(ref) == rows


def test_where_it_is_an_error_the_pack_is_let_in_once_the_action_is_there(
    site: Site, ref: str
) -> None:
    other = f"{ref}-other"
    site.repo(ref).commit(_calling(ref, f"{other}.shout"))
    followed = site.follow(ref, validation={"unknownActions": "Error"})

    refused = followed.wait("Stalled", "True", "ValidationFailed")

    assert _told(refused) == [("ATT512", "Error", "tasks[0].action")]
    assert f"install the pack `{other}`" in str(_diagnostics(refused)[0].hint)
    assert site.everything(ref) == (None, {}, {})

    install_pack(site.database, other)
    install_action(site.database, f"{other}.shout", {"text": {"type": "string", "required": True}})
    let_in = followed.reconcile()

    assert let_in.summary()["Ready"] == ("True", "Succeeded")
    assert "Stalled" not in let_in.summary()
    assert _told(let_in) == []
    assert list(site.definitions(ref)) == [f"{ref}.w"]


def test_inputs_are_held_against_what_the_database_says(site: Site, ref: str) -> None:
    other = f"{ref}-other"
    install_pack(site.database, other)
    install_action(
        site.database,
        f"{other}.shout",
        {
            "type": "object",
            "properties": {"text": {"type": "integer"}, "to": {}},
            "required": ["to"],
        },
    )
    site.repo(ref).commit(_calling(ref, f"{other}.shout"))

    seen = site.follow(ref).wait("Stalled", "True", "ValidationFailed")

    assert _told(seen) == [
        ("ATT513", "Error", "tasks[0].input.to"),
        ("ATT515", "Error", "tasks[0].input.text"),
    ]


def test_an_action_of_the_own_pack_comes_and_goes_with_its_file(site: Site, ref: str) -> None:
    repo = site.repo(ref)
    action = f"ref: {ref}.shout\nrunner_type: shell\nentry_point: shout.sh\n"
    script = {"actions/shout.sh": "#!/bin/sh\n"}
    repo.commit({**_calling(ref, f"{ref}.shout"), "actions/shout.yaml": action, **script})
    followed = site.follow(ref)
    good = followed.wait()
    assert _told(good) == []

    repo.commit({"actions/shout.sh": None})
    assert _told(followed.reconcile()) == [("ATT703", "Warning", "entry_point")]

    rows = site.everything(ref)
    repo.commit({"actions/shout.yaml": "label: Shout\n"})
    blocked = followed.reconcile()
    assert blocked.summary()["Ready"] == ("False", "ValidationFailed")
    assert _told(blocked) == [("ATT701", "Error", "ref")]
    assert site.everything(ref) == rows

    repo.commit({"actions/shout.yaml": None})
    refused = followed.reconcile()
    assert refused.summary()["Ready"] == ("False", "ValidationFailed")
    assert _told(refused) == [("ATT511", "Error", "tasks[0].action")]
