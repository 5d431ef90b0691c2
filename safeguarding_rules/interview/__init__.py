"""Which question comes next, and when there is none: the interview as data, without a screen."""
