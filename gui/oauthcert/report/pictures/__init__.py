"""Pictures of a case as SVG text: pure functions, the same for the HTML report and the window."""
