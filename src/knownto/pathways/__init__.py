"""Kinds of work, each written as data: which states there are, who decides, what must be known first, by when.

No pathway imports another: they meet in `casework`.
"""
