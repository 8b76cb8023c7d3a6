"""The window. The only folder that knows PySide6; it draws the flow's plain data and reaches servers through casework alone."""
