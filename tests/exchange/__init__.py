"""Tables in and out: hostile files, templates, exports, stock lists."""
