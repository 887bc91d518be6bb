"""What knows no congress: database, column types, errors, clock, text, tokens."""
