"""OAuthCert Wizard: finds out why Lync / Skype for Business and Exchange do not trust each other's tokens."""

__version__ = "0.1.0"
