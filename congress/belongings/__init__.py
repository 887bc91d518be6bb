"""What belongs to one mail address over all congresses and years, shown to whoever proves to read its mail."""
