"""Signatures of commits and tags, against keys that are trusted.

`signed` takes signatures out of git's objects, `keys` reads what is trusted, `openpgp` and `ssh`
check one signature, `refused` has the words for those that are not good (all but `ssh` are pure).
`verify` puts them together, by a `Policy`.
"""
