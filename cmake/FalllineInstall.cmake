# What `cmake --install` puts where. Everything is relative: the tree may be moved as a whole.
include(CMakePackageConfigHelpers)
set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/fallline)

install(TARGETS fallline EXPORT fallline-targets)
install(DIRECTORY ${PROJECT_SOURCE_DIR}/include/fallline DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}
        FILES_MATCHING PATTERN *.hpp)
install(FILES ${PROJECT_SOURCE_DIR}/LICENSE ${PROJECT_SOURCE_DIR}/README.md
        DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(DIRECTORY ${PROJECT_SOURCE_DIR}/docs/ DESTINATION ${CMAKE_INSTALL_DOCDIR}/docs)
if(FALLLINE_BUILD_TOOLS)
  file(RELATIVE_PATH lib_from_bin ${CMAKE_INSTALL_FULL_BINDIR} ${CMAKE_INSTALL_FULL_LIBDIR})
  set_target_properties(fallline_tool PROPERTIES INSTALL_RPATH $ORIGIN/${lib_from_bin})
  install(TARGETS fallline_tool)
endif()

# CMake: find_package(fallline), target fallline::fallline
install(EXPORT fallline-targets NAMESPACE fallline:: DESTINATION ${package_dir})
configure_package_config_file(${CMAKE_CURRENT_LIST_DIR}/fallline-config.cmake.in
                              ${PROJECT_BINARY_DIR}/fallline-config.cmake
                              INSTALL_DESTINATION ${package_dir} NO_SET_AND_CHECK_MACRO)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/fallline-config-version.cmake
                                 COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/fallline-config.cmake
              ${PROJECT_BINARY_DIR}/fallline-config-version.cmake DESTINATION ${package_dir})

# pkg-config. A static library is linked together with what it stands on, a shared one brings it.
file(RELATIVE_PATH prefix_from_pc ${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig ${CMAKE_INSTALL_PREFIX})
file(RELATIVE_PATH libdir_from_prefix ${CMAKE_INSTALL_PREFIX} ${CMAKE_INSTALL_FULL_LIBDIR})
file(RELATIVE_PATH includedir_from_prefix ${CMAKE_INSTALL_PREFIX} ${CMAKE_INSTALL_FULL_INCLUDEDIR})
if(BUILD_SHARED_LIBS)
  set(or_requires "\nRequires.private:")
  set(or_libs "\nLibs.private:")
endif()
configure_file(${CMAKE_CURRENT_LIST_DIR}/fallline.pc.in ${PROJECT_BINARY_DIR}/fallline.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/fallline.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
