"""The organisers' own questions: what is asked of whom, what was answered, the files that were sent."""
