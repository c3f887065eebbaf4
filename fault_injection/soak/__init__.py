"""The whole monitor under load: sites with faults, bursts of triggers, kills; truth against mails."""
