"""`mpp doctor`: looks at a whole installation, changes nothing, and names the remedy of each finding."""
