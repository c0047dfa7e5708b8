"""The daily and weekly issue: its window, ranking, content, gate, assembly and editing."""
