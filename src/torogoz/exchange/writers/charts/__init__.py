"""Charts and maps as SVG text: data in, drawing out; nothing else is read or written."""
