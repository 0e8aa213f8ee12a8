"""`mpp bench`: how fast this computer serves the hall, beside the bare stack on the same disk and cores.

`command.py` is the order of the rounds; `report.py` holds the goals. Load comes from a process of
its own (`worker.py`), on another core than the servers where there are two.
"""
