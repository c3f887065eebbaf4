"""The desk: pages to look at, alone on this machine. They change nothing."""
