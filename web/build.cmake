# cmake -D WEB=web -D PAGE=page.html -D WANTED=ON -D NODE=node -D NPM=npm -P build.cmake
#
# Writes PAGE: installs what web/package-lock.json pins, once, and bundles. Where that cannot be,
# PAGE is empty and a warning says why: the build goes on without the page.
cmake_minimum_required(VERSION 3.25)

function(go_without)
  if(WANTED)
    string(CONCAT reason ${ARGN})
    message(WARNING "Built without the report's page: ${reason}")
  endif()
  file(WRITE ${PAGE} "")
endfunction()

# What is installed is what the lock file says, whichever build tree asked for it first.
function(install_packages result)
  set(${result} TRUE PARENT_SCOPE)
  file(SHA256 ${WEB}/package-lock.json wanted)
  set(stamp ${WEB}/node_modules/.installed)
  if(EXISTS ${stamp})
    file(READ ${stamp} installed)
    if(installed STREQUAL wanted)
      return()
    endif()
  endif()
  execute_process(COMMAND ${NPM} ci --no-progress --fetch-retries=1
                  WORKING_DIRECTORY ${WEB} RESULT_VARIABLE status OUTPUT_QUIET ERROR_VARIABLE errors)
  if(NOT status EQUAL 0)
    message("${errors}")
    set(${result} FALSE PARENT_SCOPE)
    return()
  endif()
  file(WRITE ${stamp} ${wanted})
endfunction()

if(NOT WANTED OR NOT NODE OR NOT NPM)
  go_without("it needs Node.js 18 or newer and npm (Debian: nodejs, npm).")
  return()
endif()
execute_process(COMMAND ${NODE} -p "process.versions.node.split('.')[0] >= 18"
                OUTPUT_VARIABLE new_enough OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
if(NOT new_enough STREQUAL "true")
  go_without("${NODE} is older than Node.js 18.")
  return()
endif()
# Build trees share node_modules: one of them installs, the others wait.
file(LOCK ${WEB}/.lock RESULT_VARIABLE locked TIMEOUT 600)
if(NOT locked EQUAL 0)
  go_without("${WEB} cannot be written to.")
  return()
endif()
install_packages(installed)
file(LOCK ${WEB}/.lock RELEASE)
if(NOT installed)
  go_without("npm could not install what web/package-lock.json lists; see above.")
  return()
endif()
execute_process(COMMAND ${NODE} ${WEB}/build.mjs ${PAGE} RESULT_VARIABLE status)
if(NOT status EQUAL 0)
  # A mistake in the sources, not in the surroundings.
  message(FATAL_ERROR "web/build.mjs failed: see above.")
endif()
