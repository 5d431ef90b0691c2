"""Floor 9: decisions over tables, from a data frame to a cluster; what a policy change does to past cases."""
