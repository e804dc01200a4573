"""Problems with sources and boundary data that make a given solution exact."""
