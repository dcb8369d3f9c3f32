"""Keeping an archive whole: check and repair, backup and restore, another model, erased rows.

The database is the only thing that is kept; everything else is derived from it. A database is never
rewritten where it lies: a new one is made beside it, verified, and renamed over it.
"""
