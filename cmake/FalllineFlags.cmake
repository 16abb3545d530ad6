# Compiler settings shared by all of fallline's own targets.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
if(PROJECT_IS_TOP_LEVEL AND NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "" FORCE)
endif()

add_library(fallline_flags INTERFACE)
# Square roots are vectorised only where errno need not be set (docs: design of the optimizers).
# Contraction into FMA is switched off: whether a product and a sum are rounded once or twice is not
# the compiler's to choose; the kernels ask for FMA by name.
target_compile_options(fallline_flags INTERFACE -fno-math-errno -ffp-contract=off)
if(FALLLINE_DEV)
  # Warnings are errors with the versions that the sources are held to. Another one sees other
  # things, and some that are not there: with it they are warnings.
  string(REGEX MATCH "^[0-9]+" compiler_major "${CMAKE_CXX_COMPILER_VERSION}")
  if("${CMAKE_CXX_COMPILER_ID} ${compiler_major}" MATCHES "^(GNU 12|Clang 14)$")
    set(or_error -Werror)
  endif()
  target_compile_options(fallline_flags INTERFACE -Wall -Wextra -Wpedantic -Wno-missing-field-initializers ${or_error} -UNDEBUG)
  # In a unity build a name in one file may hide that of another without a mistake.
  if(NOT CMAKE_UNITY_BUILD)
    target_compile_options(fallline_flags INTERFACE -Wshadow)
  elseif(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    target_compile_options(fallline_flags INTERFACE -Wshadow=local)
  endif()
endif()
if(FALLLINE_SANITIZE)
  # A sanitizer build aborts at the first finding; frame pointers make its traces readable.
  add_compile_options(-fsanitize=${FALLLINE_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${FALLLINE_SANITIZE})
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # At -O1 with a sanitizer g++ 12 sees overflows in the standard library that are not there, and
    # maps that nothing has made.
    target_compile_options(fallline_flags INTERFACE -Wno-stringop-overflow -Wno-maybe-uninitialized)
  endif()
endif()
