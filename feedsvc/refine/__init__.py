"""REFINE: what is made of a source's claims before they are stored? Pure: no IO, no clock."""
