"""A page that shows what is in folders of runs and studies, in one file."""
