"""The floor: words, time, errors and tokens that every room stands on. It imports nothing of ours."""
