"""Diversion: trade that goes round a control through a third country."""
