"""What the journal promises when processes are killed, disks fill up and bytes change. `SAFEGUARDING_RULES_PROFILE=long` tries the full numbers."""
