# Takes the marked snippets out of a page of Markdown.
#
#   <!-- compile -->    the ```cpp block that follows is a program, and is compiled
#   <!-- run -->        … and is run; a ```sh block's commands are run
#
# Usage: awk -v out=DIRECTORY -f extract.awk README.md
# Writes DIRECTORY/compile_LINE.cpp and run_LINE.cpp; the ```sh blocks go, in order, into one
# DIRECTORY/run.sh, whose first argument is the directory of the fallline command.

function fail(problem) {
  printf "%s:%d: %s\n", FILENAME, FNR, problem > "/dev/stderr"
  failed = 1
  exit 1
}

/^<!-- (compile|run) -->$/ { mark = $2; next }

mark && !file && /^```cpp$/ {
  file = out "/" mark "_" FNR ".cpp"
  printf "#line %d \"%s\"\n", FNR + 1, FILENAME > file
  next
}

mark == "run" && !file && /^```sh$/ {
  file = out "/run.sh"
  if (!shell++) print "PATH=$1:$PATH" > file
  printf ": line %d\n", FNR > file
  next
}

file && /^```$/ { file = mark = ""; next }
file { print > file; next }
mark && !/^$/ { fail("a block marked '" mark "' is expected here") }
END { if (!failed && mark) fail("the last marked block has no end") }
