"""Reads a policy pack: files in, rows and ALL faults out. Format: docs/pack-format.md. No database."""

from targets.pack.reading import Fault, Pack, PackRow, read_pack

__all__ = ["Fault", "Pack", "PackRow", "read_pack"]
