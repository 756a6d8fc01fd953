"""The nouns: frozen values that touch nothing outside."""
