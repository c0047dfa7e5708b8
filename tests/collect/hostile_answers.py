"""Answers and messages that are right in form, and cost more to parse than anybody may take."""

# Two million records written as Python text: ten seconds of CPU time.
RECORDS_AS_TEXT = b"[" + b",".join([b'"{}"'] * 1_900_000) + b"]"
# Three million records of nothing: a digest of them takes more memory, or more CPU time, than it may.
RECORDS_WITHOUT_END = b"[" + b",".join([b"{}"] * 3_300_000) + b"]"
# The library looks at all the fields before it for each further one.
FIELDS_WITHOUT_END = b"a:\n" * 1_700_000
