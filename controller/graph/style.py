"""The style sheet of every SVG: the browser's own light or dark. Imports nothing."""

from __future__ import annotations

CSS = """
svg { font: 13px ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace; }
text { text-anchor: middle; fill: #1f2328; }
rect { fill: #ffffff; stroke: #59636e; stroke-width: 1.2; }
polyline { fill: none; stroke: #59636e; stroke-width: 1.5; stroke-linejoin: round; }
.name { font-weight: 600; }
.more { fill: #59636e; font-size: 12px; }
.parallel rect { fill: #f6f8fa; }
.workflow rect { stroke-width: 2; stroke: #0969da; }
.missing rect { stroke: #cf222e; stroke-dasharray: 5 3; }
.entry rect { stroke-width: 3; }
.edge text { font-size: 11px; paint-order: stroke; stroke: #ffffff; stroke-width: 4px; }
.head { fill: #59636e; }
.succeeded polyline { stroke: #1a7f37; }
.failed polyline { stroke: #cf222e; stroke-dasharray: 7 4; }
.timed_out polyline { stroke: #9a6700; stroke-dasharray: 2 3; }
.condition polyline { stroke: #0969da; }
.head.succeeded { fill: #1a7f37; }
.head.failed { fill: #cf222e; }
.head.timed_out { fill: #9a6700; }
.head.condition { fill: #0969da; }
@media (prefers-color-scheme: dark) {
  text { fill: #f0f6fc; }
  rect { fill: #151b23; stroke: #9198a1; }
  polyline { stroke: #9198a1; }
  .more { fill: #9198a1; }
  .head { fill: #9198a1; }
  .parallel rect { fill: #0d1117; }
  .edge text { stroke: #0d1117; }
}
"""
