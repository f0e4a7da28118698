from __future__ import annotations

import pytest

from controller.load.select import Selection, select
from controller.validate import CheckedManifest, Memo
from tests.validate.packs import (
    MAX_FILE_SIZE,
    WORKFLOW,
    Content,
    check_recalled,
    entry,
    tree,
)

KNOWN = CheckedManifest(None, "demo", ())


def _selection(files: dict[str, Content]) -> Selection:
    return select(tree(files), max_file_size=MAX_FILE_SIZE)


def _contents(files: dict[str, Content]) -> dict[str, bytes]:
    return {
        entry(path, content).oid: content.encode()
        for path, content in files.items()
        if isinstance(content, str)
    }


def _files(count: int) -> dict[str, Content]:
    return {f"workflows/w{index}.yaml": f"{WORKFLOW}# {index}\n" for index in range(count)}


def test_files_already_seen_need_not_be_read() -> None:
    files, memo = _files(3), Memo()
    selection = _selection(files)
    first = check_recalled(KNOWN, _contents(files), memo.recall(selection, "demo"))
    assert memo.recall(selection, "demo").missing == ()
    assert check_recalled(KNOWN, {}, memo.recall(selection, "demo")) == first


def test_only_what_changed_is_missing() -> None:
    files, memo = _files(3), Memo()
    check_recalled(KNOWN, _contents(files), memo.recall(_selection(files), "demo"))
    files["workflows/w1.yaml"] = changed = f"{WORKFLOW}# changed\n"
    missing = memo.recall(_selection(files), "demo").missing
    assert missing == (entry("x", changed).oid,)


def test_one_content_at_two_places_is_read_once_and_checked_twice() -> None:
    files: dict[str, Content] = {"workflows/a.yaml": WORKFLOW, "workflows/b.yaml": WORKFLOW}
    memo = Memo()
    selection = _selection(files)
    assert len(memo.recall(selection, "demo").missing) == 1
    checked = check_recalled(KNOWN, _contents(files), memo.recall(selection, "demo"))
    assert [one.ref for one in checked.workflows] == ["demo.a", "demo.b"]


@pytest.mark.parametrize("pack_ref", ["other", None])
def test_another_pack_ref_is_another_result(pack_ref: str | None) -> None:
    files, memo = _files(1), Memo()
    selection = _selection(files)
    check_recalled(KNOWN, _contents(files), memo.recall(selection, "demo"))
    assert len(memo.recall(selection, pack_ref).missing) == 1


def test_invalid_files_are_remembered_too() -> None:
    files: dict[str, Content] = {"workflows/w.yaml": "tasks: []\n"}
    memo = Memo()
    selection = _selection(files)
    first = check_recalled(KNOWN, _contents(files), memo.recall(selection, "demo"))
    assert check_recalled(KNOWN, {}, memo.recall(selection, "demo")) == first
    assert first.error_count == 2


def test_what_was_not_used_for_longest_is_forgotten_first() -> None:
    files, memo = _files(3), Memo(capacity=2)
    one_by_one = [{path: content} for path, content in files.items()]
    for each in [*one_by_one[:2], one_by_one[0], one_by_one[2]]:
        check_recalled(KNOWN, _contents(each), memo.recall(_selection(each), "demo"))
    remembered = [not memo.recall(_selection(each), "demo").missing for each in one_by_one]
    assert remembered == [True, False, True]


def test_a_pack_larger_than_the_memo_is_checked_all_the_same() -> None:
    files, memo = _files(5), Memo(capacity=2)
    selection = _selection(files)
    for _ in range(2):
        contents = _contents(files)
        wanted = {oid: contents[oid] for oid in memo.recall(selection, "demo").missing}
        assert len(check_recalled(KNOWN, wanted, memo.recall(selection, "demo")).workflows) == 5


def test_what_was_recalled_stays_whatever_others_push_out() -> None:
    files, memo = _files(2), Memo(capacity=2)
    selection = _selection(files)
    first = check_recalled(KNOWN, _contents(files), memo.recall(selection, "demo"))
    recall = memo.recall(selection, "demo")
    others: dict[str, Content] = {f"workflows/o{index}.yaml": WORKFLOW for index in range(2)}
    check_recalled(KNOWN, _contents(others), memo.recall(_selection(others), "demo"))
    assert memo.recall(selection, "demo").missing
    assert check_recalled(KNOWN, {}, recall) == first
