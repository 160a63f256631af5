"""Contacts in the shape of a partner's own system, so that nobody keys twice: our fields, their headings and codes.

A mapping is data (`mosaic.toml`, `connect.toml`, or an agency's own in the folder that KNOWNTO_MAPPINGS names). The
shapes are ours: what a council's Mosaic or a force's Connect takes depends on how it was set up there.
"""
