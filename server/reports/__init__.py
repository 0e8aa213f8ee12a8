"""The report as a document: what stands in it (pure), and its drawing as PDF and as a spreadsheet."""
