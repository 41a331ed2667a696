# Warnings as a target: link leash_warnings to compile with them.
add_library(leash_warnings INTERFACE)
target_compile_options(leash_warnings INTERFACE
  -Wall -Wextra -Wshadow -Wconversion -Wpointer-arith -Wwrite-strings -Wundef -Wvla
  $<$<COMPILE_LANGUAGE:C>:-Wstrict-prototypes -Wmissing-prototypes -Wold-style-definition>
  $<$<BOOL:${LEASH_WERROR}>:-Werror>)
# For programs that throw results away on purpose. Linked after leash_warnings: clang's -Wall would take it back.
add_library(leash_allow_unused INTERFACE)
target_compile_options(leash_allow_unused INTERFACE -Wno-unused-result)
# What every file of a build is compiled with, ours or not: it must be the same for all of them.
if(LEASH_COVERAGE)
  add_compile_options(--coverage -fprofile-update=atomic)
  add_link_options(--coverage)
endif()
if(LEASH_SANITIZE)
  add_compile_options(-fsanitize=${LEASH_SANITIZE} -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${LEASH_SANITIZE})
endif()
