"""The sheet of a unit's period as a spreadsheet: one format, to download and to hand in."""
