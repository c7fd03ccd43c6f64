# The same commands, for those who type make.
.PHONY: demo test bench lock
demo test bench lock:
	script/$@
