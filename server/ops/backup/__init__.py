"""Backups: taken beside a running server, kept by a rule, tried every day, restored by one command."""
