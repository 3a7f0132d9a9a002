"""What `run.py` needs before any library is installed: the standard library only."""
