"""The forms of the administrators' pages."""
