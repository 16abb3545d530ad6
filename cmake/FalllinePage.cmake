# The report's page: web/ bundled into one HTML file, which src/report/page.cpp takes into the
# library. Where that cannot be (no Node.js, no network for npm) the file is empty, the build goes
# on, and `fallline report` says what is missing. After the next configuration it is tried again.
option(FALLLINE_BUILD_PAGE "Build the report's page, with Node.js and npm" ${PROJECT_IS_TOP_LEVEL})
find_program(FALLLINE_NODE NAMES node nodejs DOC "Node.js 18 or newer")
find_program(FALLLINE_NPM NAMES npm DOC "The package manager of Node.js")
set(FALLLINE_PAGE ${PROJECT_BINARY_DIR}/page/page.html)

if(EXISTS ${FALLLINE_PAGE})
  file(SIZE ${FALLLINE_PAGE} page_bytes)
  if(page_bytes EQUAL 0)
    file(REMOVE ${FALLLINE_PAGE})
  endif()
endif()

# To be called where the object is made that takes the page in.
function(fallline_add_page)
  set(web ${PROJECT_SOURCE_DIR}/web)
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${web}/src/*)
  add_custom_command(
    OUTPUT ${FALLLINE_PAGE}
    COMMAND ${CMAKE_COMMAND} -D WEB=${web} -D PAGE=${FALLLINE_PAGE} -D WANTED=${FALLLINE_BUILD_PAGE}
            -D NODE=${FALLLINE_NODE} -D NPM=${FALLLINE_NPM} -P ${web}/build.cmake
    DEPENDS ${sources} ${web}/build.cmake ${web}/build.mjs ${web}/package.json ${web}/package-lock.json
    COMMENT "Bundling the report's page"
    VERBATIM)
endfunction()
