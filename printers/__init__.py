"""Paper: slips to bytes, bytes to printers, and the process that takes print jobs from a server."""
