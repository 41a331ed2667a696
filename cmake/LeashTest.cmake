set(LEASH_TEST_WRAPPER "" CACHE STRING "What to run unit tests under, e.g. valgrind;--error-exitcode=99")

# leash_test(name SOURCES ... LINKS ...): one executable a module, test_<module>.c, registered with CTest.
function(leash_test name)
  cmake_parse_arguments(TEST "" "" "SOURCES;LINKS" ${ARGN})
  add_executable(${name} ${TEST_SOURCES})
  target_include_directories(${name} PRIVATE ${CMAKE_SOURCE_DIR}/tests/support)
  target_compile_definitions(${name} PRIVATE _GNU_SOURCE)
  target_link_libraries(${name} PRIVATE ${TEST_LINKS} PkgConfig::CMOCKA leash_warnings)
  add_test(NAME ${name} COMMAND ${LEASH_TEST_WRAPPER} $<TARGET_FILE:${name}>)
  # What a user has configured changes no test.
  set_tests_properties(${name} PROPERTIES TIMEOUT 900 ENVIRONMENT "XDG_CONFIG_HOME=/nonexistent")
endfunction()

# leash_test_no_memory(name [FUNCTION...]): its allocations, and calls of these functions, may be made to fail
# (tests/support/no_memory.h). The functions' wrappers are the test's own.
function(leash_test_no_memory name)
  target_sources(${name} PRIVATE ${CMAKE_SOURCE_DIR}/tests/support/no_memory.c)
  foreach(function malloc calloc realloc strdup mmap ${ARGN})
    target_link_options(${name} PRIVATE -Wl,--wrap=${function})
  endforeach()
endfunction()
