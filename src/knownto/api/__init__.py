"""The partners' machine interface: a system of an agency sends files and sees what came of them.

It authenticates itself with a sending key (`feeds`), which says the agency; there is no session here, and nothing about
anybody can be asked. The description for machines is at `/api/openapi.json`.
"""
