"""The look over HTTP, in this process: one request on a connection that is kept.

`pktline` and `protocol` know Git's words, `answers` those of HTTP (all three pure). `dialling` opens
connections (`trust`, `timed`), `kept` keeps them, `exchange` sends requests over them, and `asking`
is the look itself.
"""
