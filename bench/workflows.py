"""Workflow files as people write them: eight tasks each, no two alike. Imports nothing of ours."""

from __future__ import annotations

from collections.abc import Iterator

TASKS = 8
_HEAD = """\
# Rolls out service {number}, and says so.
ref: {pack}.rollout_{number:05}
label: Roll out service {number}
version: "1.{minor}.0"
parameters:
  service: {{type: string, required: true}}
  build: {{type: integer, default: {number}}}
vars:
  channel: "#deploys-{number}"
  attempts: {minor}
output_map:
  release: "{{{{ parameters.build }}}}"
tags: [deploy, team-{minor}]
tasks:
"""
_ECHO = """\
  - name: step_{step}
    action: core.echo
    input: {{message: "Step {step} of {{{{ parameters.service }}}}, build {number}"}}
    next:
      - do: [step_{following}]
"""
_REQUEST = """\
  - name: step_{step}
    action: core.http_request
    input:
      url: https://deploy-{number}.example.com/{{{{ parameters.service }}}}
      json: {{build: "{{{{ parameters.build + {step} }}}}", wait: true}}
    when: "{{{{ vars.attempts > {step} or channel != '' }}}}"
    retry: {{count: 3, delay: {step}, backoff: exponential}}
    timeout: {timeout}
    next:
      - when: "{{{{ succeeded() }}}}"
        publish:
          - code_{step}: "{{{{ result().status_code }}}}"
        do: [step_{following}]
      - when: "{{{{ failed() }}}}"
        do: [step_{last}]
"""
_LAST = """\
  - name: step_{step}
    action: core.echo
    input: {{message: "{{{{ code_3 }}}}"}}
"""
_CALL = 3
"""The task that has everything a task can have: few of a workflow's tasks do."""


def workflows(pack: str, count: int) -> Iterator[tuple[str, str]]:
    """Path and text of each of `count` valid workflow files of the pack."""
    for number in range(1, count + 1):
        yield f"workflows/rollout_{number:05}.yaml", _workflow(pack, number)


def _workflow(pack: str, number: int) -> str:
    head = _HEAD.format(pack=pack, number=number, minor=number % 9 + 1)
    return head + "".join(_task(number, step) for step in range(1, TASKS + 1))


def _task(number: int, step: int) -> str:
    if step == TASKS:
        return _LAST.format(step=step)
    return (_REQUEST if step == _CALL else _ECHO).format(
        number=number,
        step=step,
        following=step + 1,
        last=TASKS,
        timeout=30 * step + number % 60,
    )
