"""Weights learnt from records, not guessed: training, measuring, what each key is worth, and signing off.

Runs beside the product, never in a request: what it leaves behind is one JSON that `linkage` loads and one that the
evaluation page shows. Splink, DuckDB and pandas come with `bin/setup train` and are imported by nothing else.
"""
