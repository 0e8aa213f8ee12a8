"""Servers that live and die quickly: the product's own worker, forked from a process that has imported everything."""
