"""The administrators' verbs: each is one changeset and one event about the person, team or role."""
