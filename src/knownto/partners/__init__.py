"""The agencies, their teams and how to reach them, their workers, and the sharing agreements between them.

Agreements are files in `agreements/`, written to be read by the people who signed them, checked when loaded and
stamped by version on every disclosure. Other modules use `partners.acts`, `partners.reads`,
`partners.agreement` and `partners.models` names.
"""
