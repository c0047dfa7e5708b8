"""What comes back after a letter has left: delivered, bounced, complained, each told in our words."""
