"""Facts that ship with the program, and the demo made of them.

``*.csv`` and ``*.toml`` hold real networks, cities, countries, venues and the programme of 2018, with their sources.
"""

from pathlib import Path

FOLDER = Path(__file__).parent
