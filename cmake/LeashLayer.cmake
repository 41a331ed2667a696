# leash_layer(name SOURCES ... USES ...): a layer is an object library with an include path of its own folder; it sees
# the layers it USES and those they use, so that a forbidden include does not compile.
function(leash_layer name)
  cmake_parse_arguments(LAYER "" "" "SOURCES;USES;LIBRARIES" ${ARGN})
  add_library(${name} OBJECT ${LAYER_SOURCES})
  target_include_directories(${name} PUBLIC $<BUILD_INTERFACE:${CMAKE_CURRENT_SOURCE_DIR}>)
  target_compile_definitions(${name} PRIVATE _GNU_SOURCE)
  target_link_libraries(${name} PUBLIC ${LAYER_USES} ${LAYER_LIBRARIES} PRIVATE leash_warnings)
endfunction()
