"""A whole installation in one file, the same for both databases: rows (tables), files and checksums (archive)."""
