"""What is printed: the programme booklet, day sheets, door signs and coach lists. Each module turns rows into the facts of a template."""
