"""The desk: drafts, previews, approval, and the progress of a send."""
