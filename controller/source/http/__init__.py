"""The look over HTTP, in this process: one request on a connection that is kept.

`pktline` and `protocol` know Git's words, `answers` those of HTTP (all three pure). `dialling` and
`proxying` open connections (`wires`, secured by `trust`, bounded by `timed`), `kept` keeps them,
`exchange` sends requests over them, and `asking` is the look itself.
"""
