"""What comes in. Sources, the one door to the web, text repair, and a parser for each published format."""
