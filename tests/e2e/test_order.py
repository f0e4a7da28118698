"""Packs that need other packs: they wait, and go on when those come, in whatever order.

No interval passes, and no test has the patience to wait until somebody looks again by itself.
"""

from __future__ import annotations

import pytest

from hack.packrepo import Content, pack_yaml
from tests.e2e.pack import Pack, Report
from tests.e2e.site import Site
from tests.store.by_hand import create_executions, run_execution
from tests.store.make import query

SOON = 25.0
"""Seconds: less than any retry takes by itself."""


def _workflow(ref: str, action: str = "core.echo") -> str:
    task = "{name: t, action: " + action + "}"
    return f'ref: {ref}\nversion: "1.0.0"\ntasks: [{task}]\n'


def _pack(
    ref: str, *dependencies: str, version: str = "1.0.0", action: str = "core.echo"
) -> dict[str, Content]:
    """A pack of one workflow `w`, which calls `action`."""
    manifest = pack_yaml(ref, version, dependencies=list(dependencies))
    return {"pack.yaml": manifest, "workflows/w.yaml": _workflow(f"{ref}.w", action)}


def _waits(pack: Pack, reason: str = "DependencyNotReady") -> Report:
    return pack.wait("Ready", "False", reason)


def _codes(seen: Report) -> list[str]:
    assert seen.status.validation
    return [one.code for one in seen.status.validation.diagnostics]


def test_one_waits_until_the_other_is_ready(site: Site, ref: str) -> None:
    first, second = f"{ref}-a", f"{ref}-b"
    site.repo(second).commit(_pack(second))
    waiting = site.follow(second, dependsOn=[{"name": first}])

    seen = _waits(waiting)
    assert seen.summary()["Reconciling"] == ("True", "ProgressingWithRetry")
    assert f"Pack {site.namespace}/{first} which does not exist" in seen.message()
    assert site.definitions(second) == {}

    site.repo(first).commit({**_pack(first), "workflows/w.yaml": "tasks: []\n"})
    broken = site.follow(first)
    _waits(broken, "ValidationFailed")
    told = waiting.wait_until(lambda one: "which is not Ready" in one.message(), seconds=SOON)
    assert f"Pack {site.namespace}/{first} which is not Ready (ValidationFailed)" in told.message()
    assert site.definitions(second) == {}

    site.repo(first).commit(_pack(first))
    broken.reconcile()
    done = waiting.wait(seconds=SOON)
    assert "Reconciling" not in done.summary()
    assert list(site.definitions(second)) == [f"{second}.w"]


def test_one_that_has_nothing_to_do_stays_ready(site: Site, ref: str) -> None:
    first, second = f"{ref}-a", f"{ref}-b"
    for one in (first, second):
        site.repo(one).commit(_pack(one))
    base = site.follow(first)
    base.wait()
    after = site.follow(second, dependsOn=[{"name": first}])
    after.wait()

    site.repo(first).commit({"workflows/w.yaml": "tasks: []\n"})
    base.reconcile()
    assert after.reconcile().summary()["Ready"] == ("True", "Succeeded")

    held = site.everything(second)
    site.repo(second).commit({"workflows/new.yaml": _workflow(f"{second}.new")})
    assert after.reconcile().summary()["Ready"] == ("False", "DependencyNotReady")
    assert site.everything(second) == held

    base.apply({"git": {"url": site.git.url(first), "ref": {"branch": "none"}}, "interval": "1h"})
    base.delete()
    base.wait_gone()
    gone = after.wait_until(lambda one: "does not exist" in one.message(), seconds=SOON)
    assert gone.status.last_applied_revision
    assert site.everything(second) == held


def test_a_circle_is_named_and_ends_when_it_is_cut(site: Site, ref: str) -> None:
    names = [f"{ref}-{one}" for one in "abc"]
    packs = []
    for name, other in zip(names, [*names[1:], names[0]], strict=True):
        site.repo(name).commit(_pack(name))
        packs.append(site.follow(name, dependsOn=[{"name": other, "namespace": site.namespace}]))

    seen = packs[0].wait("Stalled", "True", "DependencyCycle", seconds=SOON)
    circle = " → ".join(f"{site.namespace}/{name}" for name in [*names, names[0]])
    assert f"in a circle: {circle}" in seen.message()
    for one in packs[1:]:
        one.wait("Stalled", "True", "DependencyCycle", seconds=SOON)

    site.follow(names[2])
    for one in packs:
        assert "Stalled" not in one.wait(seconds=SOON).summary()


def test_the_version_in_pack_yaml_is_waited_for(site: Site, ref: str) -> None:
    base, user = f"{ref}-base", f"{ref}-user"
    site.repo(base).commit(_pack(base))
    followed = site.follow(base)
    followed.wait()
    site.repo(user).commit(_pack(user, f"{base}>=2,<3", "core"))
    waiting = site.follow(user)

    seen = _waits(waiting)
    said = f"The pack needs `{base}>=2,<3`, and the database has version 1.0.0 of it."
    assert said in seen.message()
    assert seen.summary()["Validated"] == ("True", "Succeeded")
    assert seen.summary()["Synced"] == ("False", "DependencyNotReady")
    assert _codes(seen) == ["ATT607"]

    site.repo(base).commit({"pack.yaml": pack_yaml(base, "2.1.0")})
    followed.reconcile()
    assert _codes(waiting.wait(seconds=SOON)) == []

    held = site.everything(user)
    followed.delete()
    followed.wait_gone()
    again = waiting.reconcile()
    assert again.summary()["Ready"] == ("False", "DependencyNotReady")
    assert "has no such pack" in again.message()
    assert site.everything(user) == held


def test_packs_that_need_each_other_are_all_applied(site: Site, ref: str) -> None:
    one, other, last = f"{ref}-a", f"{ref}-b", f"{ref}-c"
    site.repo(one).commit(_pack(one, other))
    site.repo(other).commit(_pack(other, last))
    site.repo(last).commit(_pack(last, one))
    packs = [site.follow(name) for name in (one, other, last)]

    for seen in packs:
        assert "ATT608" in _codes(seen.wait(seconds=SOON))


def test_an_action_that_must_be_there_is_waited_for(site: Site, ref: str) -> None:
    base, user = f"{ref}-base", f"{ref}-user"
    site.repo(user).commit(_pack(user, action=f"{base}.w"))
    waiting = site.follow(user, validation={"unknownActions": "Error"})
    waiting.wait("Stalled", "True", "ValidationFailed")
    warned = f"{ref}-warned"
    site.repo(warned).commit(_pack(warned, action=f"{base}.w"))
    told = site.follow(warned)
    assert _codes(told.wait()) == ["ATT512"]

    site.repo(base).commit(_pack(base))
    site.follow(base).wait()

    assert "Stalled" not in waiting.wait(seconds=SOON).summary()
    told.wait_until(lambda seen: _codes(seen) == [], seconds=SOON)


@pytest.mark.parametrize("strict", [False, True], ids=["warned", "errors"])
@pytest.mark.parametrize("first", "abc")
def test_a_workflow_moves_to_another_pack_in_one_push(
    site: Site, ref: str, first: str, *, strict: bool
) -> None:
    """`a` has it and `c` calls it, and all that changes with one commit, seen first by any."""
    names = {one: f"{ref}-{one}" for one in "abc"}
    a, b, c = names.values()
    files: dict[str, Content] = {
        **_in("a", {**_pack(a), "workflows/moves.yaml": _workflow(f"{a}.moves")}),
        **_in("b", _pack(b)),
        **_in("c", _pack(c, action=f"{a}.moves")),
    }
    site.repo(ref).commit(files)
    levels = {"unknownActions": "Error" if strict else "Warn"}
    packs = {
        one: site.follow(names[one], repo=ref, git={"path": one}, validation=levels)
        for one in "abc"
    }
    for one in packs.values():
        one.wait(seconds=SOON)
    kept = site.definitions(a)[f"{a}.w"]

    commit = site.repo(ref).commit(
        {
            "a/workflows/moves.yaml": None,
            "b/workflows/moves.yaml": _workflow(f"{b}.moves"),
            "c/workflows/w.yaml": _workflow(f"{c}.w", f"{b}.moves"),
        }
    )
    packs[first].request()

    for one in packs.values():
        one.wait(revision=commit, seconds=SOON)
    packs["c"].wait_until(lambda seen: _codes(seen) == [], seconds=SOON)
    assert list(site.definitions(a)) == list(site.actions(a)) == [f"{a}.w"]
    assert site.definitions(a)[f"{a}.w"] == kept
    assert sorted(site.definitions(b)) == sorted(site.actions(b)) == [f"{b}.moves", f"{b}.w"]
    assert f"{b}.moves" in str(site.definitions(c)[f"{c}.w"]["definition"])


def test_a_workflow_that_runs_moves_when_it_has_ended(site: Site, ref: str) -> None:
    a, b = f"{ref}-a", f"{ref}-b"
    moves = {"a/workflows/moves.yaml": _workflow(f"{a}.moves")}
    site.repo(ref).commit({**_in("a", _pack(a)), **moves, **_in("b", _pack(b))})
    packs = {one: site.follow(one, repo=ref, git={"path": one[-1]}) for one in (a, b)}
    for one in packs.values():
        one.wait()
    create_executions(site.database)
    run_execution(site.database, f"{a}.moves", "running")

    commit = site.repo(ref).commit(
        {
            "a/workflows/moves.yaml": None,
            "a/workflows/new.yaml": _workflow(f"{a}.new"),
            "b/workflows/moves.yaml": _workflow(f"{b}.moves"),
        }
    )
    packs[a].request()

    blocked = packs[a].wait("Ready", "False", "PruneBlocked", revision=commit, seconds=SOON)
    assert f"Executions of {a}.moves are still running" in blocked.message()
    packs[b].wait(revision=commit, seconds=SOON)
    assert sorted(site.definitions(a)) == [f"{a}.moves", f"{a}.new", f"{a}.w"]
    assert sorted(site.definitions(b)) == [f"{b}.moves", f"{b}.w"]

    query(site.database, "UPDATE attune.workflow_execution SET status = 'completed'")
    assert packs[a].reconcile().summary()["Ready"] == ("True", "Succeeded")
    assert sorted(site.definitions(a)) == [f"{a}.new", f"{a}.w"]


def test_who_calls_what_is_pruned_is_named(site: Site, ref: str) -> None:
    base, user = f"{ref}-base", f"{ref}-user"
    site.repo(base).commit({**_pack(base), "workflows/old.yaml": _workflow(f"{base}.old")})
    followed = site.follow(base)
    followed.wait()
    site.repo(user).commit(_pack(user, action=f"{base}.old"))
    caller = site.follow(user)
    assert _codes(caller.wait()) == []

    site.repo(base).commit({"workflows/old.yaml": None})
    seen = followed.reconcile()

    assert seen.summary()["Ready"] == ("True", "Succeeded")
    assert seen.message().endswith(f"What was pruned is still called: {user}.w calls {base}.old.")
    assert seen.status.sync
    assert [(one.ref, one.calls) for one in seen.status.sync.callers] == [
        (f"{user}.w", f"{base}.old")
    ]
    events = followed.wait_events("Succeeded", "Succeeded", "StillCalled")
    assert events[-1].type == "Warning"
    assert f"{user}.w calls {base}.old" in events[-1].message


def test_a_commit_of_a_repository_is_applied_in_order(site: Site, ref: str) -> None:
    """The one that depends on another waits for the same commit of the same repository."""
    a, b = f"{ref}-a", f"{ref}-b"
    site.repo(ref).commit({**_in("a", _pack(a)), **_in("b", _pack(b))})
    base = site.follow(a, repo=ref, git={"path": "a"})
    base.wait()
    user = site.follow(b, repo=ref, git={"path": "b"}, dependsOn=[{"name": a}])
    user.wait()
    wrong = {"a/workflows/w.yaml": "tasks: []\n", "b/workflows/new.yaml": _workflow(f"{b}.new")}

    broken = site.repo(ref).commit(wrong)
    user.request()
    base.wait("Ready", "False", "ValidationFailed", revision=broken, seconds=SOON)
    told = user.wait_until(lambda seen: "not Ready" in seen.message(), seconds=SOON)
    assert told.summary()["Ready"] == ("False", "DependencyNotReady")
    assert list(site.definitions(b)) == [f"{b}.w"]

    mended = site.repo(ref).commit({"a/workflows/w.yaml": _workflow(f"{a}.w")})
    user.request()
    user.wait(revision=mended, seconds=SOON)
    assert list(site.definitions(b)) == [f"{b}.new", f"{b}.w"]


def test_a_pack_whose_folder_moves_keeps_its_rows(site: Site, ref: str) -> None:
    a, b = f"{ref}-a", f"{ref}-b"
    site.repo(ref).commit({**_in("a", _pack(a)), **_in("b", _pack(b))})
    moving = site.follow(a, repo=ref, git={"path": "a"})
    staying = site.follow(b, repo=ref, git={"path": "b"})
    for one in (moving, staying):
        one.wait()
    held = site.everything(a), site.everything(b)

    gone = dict.fromkeys(_in("a", _pack(a)))
    commit = site.repo(ref).commit({**gone, **_in("packs/a", _pack(a))})
    assert moving.reconcile().summary()["Ready"] == ("False", "PathNotFound")
    assert (site.everything(a), site.everything(b)) == held

    site.follow(a, repo=ref, git={"path": "packs/a"}).wait(revision=commit)
    staying.wait(revision=commit, seconds=SOON)
    assert (site.everything(a), site.everything(b)) == held


def test_packs_whose_folders_are_swapped_touch_nothing_of_each_other(site: Site, ref: str) -> None:
    a, b = f"{ref}-a", f"{ref}-b"
    site.repo(ref).commit({**_in("a", _pack(a)), **_in("b", _pack(b))})
    packs = {one: site.follow(one, repo=ref, git={"path": one[-1]}) for one in (a, b)}
    for one in packs.values():
        one.wait()
    held = site.everything(a), site.everything(b)

    for name, path in ((a, "b"), (b, "a")):
        moved = site.follow(name, repo=ref, git={"path": path})
        seen = moved.wait("Stalled", "True", "RefConflict")
        assert "pack.yaml's ref changed" in seen.message() or "belongs to" in seen.message()
    assert (site.everything(a), site.everything(b)) == held

    for name in packs:
        site.follow(name, repo=ref, git={"path": name[-1]}).wait()
    assert (site.everything(a), site.everything(b)) == held


def test_a_renamed_file_of_the_same_ref_is_the_same_row(site: Site, ref: str) -> None:
    site.repo(ref).commit(_pack(ref))
    followed = site.follow(ref)
    followed.wait()
    (before,), (action,) = site.definitions(ref).values(), site.actions(ref).values()

    commit = site.repo(ref).commit(
        {"workflows/w.yaml": None, "actions/workflows/other.yml": _workflow(f"{ref}.w")}
    )
    seen = followed.reconcile()

    (after,), (renamed,) = site.definitions(ref).values(), site.actions(ref).values()
    assert (after["id"], after["created"]) == (before["id"], before["created"])
    assert (renamed["id"], renamed["created"]) == (action["id"], action["created"])
    assert renamed["entrypoint"] == "workflows/other.workflow.yaml"
    assert seen.status.sync
    assert (seen.status.sync.updated, seen.status.sync.pruned) == (1, 0)
    assert seen.status.history[0].revision.endswith(commit)
    assert [one.file for one in seen.status.workflows] == ["actions/workflows/other.yml"]


def _in(folder: str, files: dict[str, Content]) -> dict[str, Content]:
    return {f"{folder}/{path}": text for path, text in files.items()}
