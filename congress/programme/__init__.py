"""The programme: what happens, when and where; the draft that organisers edit and the releases that everybody reads."""
