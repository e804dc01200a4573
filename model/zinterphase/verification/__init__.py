"""Built-in problems with known solutions, solved by the code path of a user's case.

One family of problems per module, their closed forms in :mod:`zinterphase.verification.closed`,
reference values that have none in ``data``; :mod:`zinterphase.verification.registry` has them all.
"""
