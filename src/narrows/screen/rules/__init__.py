"""Rules: packs of dated rules, and the three-valued evaluation of them with its trace."""
