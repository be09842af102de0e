"""Workbooks made by the system: the template to fill in, and the bureau's own file with the findings at its cells."""
