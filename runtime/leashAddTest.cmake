# leash_add_test(NAME name COMMAND command [arg ...]
#                [SUPPRESSIONS file ...] [BASELINE file] [OUTPUT format=file ...] [TRACE file] [FLAGS flag ...])
#
# A test that fails if the command fails, and if what it recorded leaks: `leash run -- command`. The command may be a
# target. Files that are read are relative to the source folder, files that are written to the binary one:
#
#   SUPPRESSIONS  what is accepted, leash-suppressions(5)
#   BASELINE      what was there already: only new findings fail
#   OUTPUT        reports beside the one in the test's log: junit=reports/name.xml, sarif=..., json=...
#   TRACE         where the trace stays; without it, it is kept (and named in the log) only if the test fails
#   FLAGS         anything else that `leash run` takes
function(leash_add_test)
  cmake_parse_arguments(PARSE_ARGV 0 TEST "" "NAME;BASELINE;TRACE" "COMMAND;SUPPRESSIONS;OUTPUT;FLAGS")
  if(TEST_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "leash_add_test: what is ${TEST_UNPARSED_ARGUMENTS}?")
  endif()
  if(NOT TEST_NAME OR NOT TEST_COMMAND)
    message(FATAL_ERROR "leash_add_test: NAME and COMMAND are needed")
  endif()
  set(words leash::inspector run --source ${CMAKE_SOURCE_DIR}) # files are named from there: a repository's root
  if(NOT CMAKE_CURRENT_SOURCE_DIR STREQUAL CMAKE_SOURCE_DIR)
    list(APPEND words --source ${CMAKE_CURRENT_SOURCE_DIR})
  endif()
  foreach(file IN LISTS TEST_SUPPRESSIONS)
    get_filename_component(file "${file}" ABSOLUTE BASE_DIR ${CMAKE_CURRENT_SOURCE_DIR})
    list(APPEND words --suppressions ${file})
  endforeach()
  if(TEST_BASELINE)
    get_filename_component(file "${TEST_BASELINE}" ABSOLUTE BASE_DIR ${CMAKE_CURRENT_SOURCE_DIR})
    list(APPEND words --baseline ${file})
  endif()
  foreach(output IN LISTS TEST_OUTPUT)
    if(NOT output MATCHES "^([a-z]+)=(.+)$")
      message(FATAL_ERROR "leash_add_test: OUTPUT takes format=file, like junit=reports/${TEST_NAME}.xml")
    endif()
    set(format ${CMAKE_MATCH_1})
    get_filename_component(file "${CMAKE_MATCH_2}" ABSOLUTE BASE_DIR ${CMAKE_CURRENT_BINARY_DIR})
    get_filename_component(folder "${file}" DIRECTORY)
    file(MAKE_DIRECTORY ${folder})
    list(APPEND words --output ${format}=${file})
  endforeach()
  if(TEST_TRACE)
    get_filename_component(file "${TEST_TRACE}" ABSOLUTE BASE_DIR ${CMAKE_CURRENT_BINARY_DIR})
    list(APPEND words -o ${file})
  endif()
  list(POP_FRONT TEST_COMMAND program)
  if(TARGET ${program})
    set(program $<TARGET_FILE:${program}>)
  endif()
  add_test(NAME ${TEST_NAME} COMMAND ${words} ${TEST_FLAGS} -- ${program} ${TEST_COMMAND})
endfunction()
