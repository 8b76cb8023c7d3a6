"""One file a page. A page draws what it is given, tells what was typed, and leaves everything else to the desk."""
