"""`python -m safeguarding_rules` is `safeguarding-rules`."""

import sys

from safeguarding_rules.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
