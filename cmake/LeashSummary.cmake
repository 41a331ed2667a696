# What was configured, at the end of the configure step.
function(leash_summary)
  set(sanitizers ${LEASH_SANITIZE})
  if(NOT sanitizers)
    set(sanitizers none)
  endif()
  message(STATUS "leash ${PROJECT_VERSION}")
  message(STATUS "  compiler     ${CMAKE_C_COMPILER_ID} ${CMAKE_C_COMPILER_VERSION}, ${CMAKE_BUILD_TYPE}, "
                 "${CMAKE_SYSTEM_PROCESSOR}")
  message(STATUS "  libraries    sqlite3 ${SQLITE_VERSION}, libunwind ${LIBUNWIND_VERSION}, libdw ${LIBDW_libdw_VERSION}, "
                 "jansson ${JANSSON_VERSION}")
  message(STATUS "  warnings     errors: ${LEASH_WERROR}")
  message(STATUS "  sanitizers   ${sanitizers}")
  message(STATUS "  coverage     ${LEASH_COVERAGE}")
  message(STATUS "  tests        ${LEASH_TESTS}, examples ${LEASH_EXAMPLES}")
  message(STATUS "  installs to  ${CMAKE_INSTALL_PREFIX}")
endfunction()
