"""Windows beside the wizard: settings, about, help, crash."""
