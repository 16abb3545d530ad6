# fallline_unity(TARGET SOURCE…): where CMAKE_UNITY_BUILD is on, the sources of a directory are
# compiled as one, which halves a build's time: most of it goes into headers that all of them read.
# So two files of a directory may not give one name to two things, not even in unnamed namespaces.
function(fallline_unity target)
  foreach(source IN LISTS ARGN)
    get_filename_component(directory ${source} DIRECTORY)
    file(RELATIVE_PATH directory ${PROJECT_SOURCE_DIR} ${directory})
    string(MAKE_C_IDENTIFIER "${directory}" group)
    set_source_files_properties(${source} PROPERTIES UNITY_GROUP "${group}")
  endforeach()
  set_target_properties(${target} PROPERTIES UNITY_BUILD_MODE GROUP)
  if(CMAKE_UNITY_BUILD AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # It is meant for headers, and takes a source that another includes for one.
    target_compile_options(${target} PRIVATE -Wno-subobject-linkage)
  endif()
endfunction()
