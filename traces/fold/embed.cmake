# Writes OUT, a C file with the texts of SCHEMA, RULES and VIEWS. A rule's file begins with comment lines "-- key: value".
function(c_string out text)
  string(REPLACE "\\" "\\\\" text "${text}")
  string(REPLACE "\"" "\\\"" text "${text}")
  string(REPLACE "\n" "\\n\"\n    \"" text "${text}")
  set(${out} "\"${text}\"" PARENT_SCOPE)
endfunction()

# CMake splits lists at semicolons and eats brackets: texts travel as they are only in quotes, and are never lists.
function(header out key text file)
  if(NOT text MATCHES "(^|\n)-- ${key}: ([^\n]*)\n")
    message(FATAL_ERROR "${file}: its header has no line \"-- ${key}: ...\"")
  endif()
  c_string(value "${CMAKE_MATCH_2}")
  set(${out} "${value}" PARENT_SCOPE)
endfunction()

file(READ "${SCHEMA}" text)
c_string(schema "${text}")
set(all "")
set(rules "")
foreach(file IN LISTS RULES)
  file(READ "${file}" text)
  string(APPEND all "${text}")
  get_filename_component(name "${file}" NAME_WE)
  foreach(key class severity title hint)
    header(${key} ${key} "${text}" "${file}")
  endforeach()
  string(REGEX REPLACE "(^|\n)--[^\n]*" "\\1" text "${text}")
  string(STRIP "${text}" text)
  c_string(sql "${text}")
  string(APPEND rules "    {\"${name}\", ${class}, ${severity}, ${title}, ${hint},\n     ${sql}},\n")
endforeach()
set(views "")
foreach(file IN LISTS VIEWS)
  file(READ "${file}" text)
  string(APPEND all "${text}")
  get_filename_component(name "${file}" NAME_WE)
  string(STRIP "${text}" text)
  c_string(sql "${text}")
  string(APPEND views "    {\"${name}\",\n     ${sql}},\n")
endforeach()
string(SHA256 version "${all}")
string(SUBSTRING "${version}" 0 12 version)
file(WRITE "${OUT}" "/* Made by embed.cmake. */
#include \"embedded.h\"

const char leash__schema[] =
    ${schema};
const struct leash_rule leash_rules[] = {
${rules}};
const size_t leash_rules_count = sizeof(leash_rules) / sizeof(leash_rules[0]);
const char leash_rules_version[] = \"${version}\";
const struct leash__view leash__views[] = {
${views}};
const size_t leash__views_count = sizeof(leash__views) / sizeof(leash__views[0]);
")
