"""The front desk: the one door through which pages reach the warehouse.

Pages import from here and from nowhere else in etl (tests/test_house.py). What changes or reads the warehouse
runs as a command in a process of its own: a file that takes it down takes no dashboard with it, the lock keeps
one writer, and the sentences it writes to stderr are the progress the page shows.
"""
