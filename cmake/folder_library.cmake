# One static library per folder of src/. A folder sees only the headers of the folders it USES: each library's include
# root holds a single link to its own folder, and include paths are not passed on. An include that docs/architecture.md
# does not allow therefore stops with "No such file or directory".
#
#   folder_library(edit USES base text llm task trajectory LINKS nlohmann_json::nlohmann_json)
#
# USES names other folders; LINKS names outside libraries. Both are private: who needs them lists them.
# FILES replaces the default of every .cpp in the folder; it serves folders whose sources vary by device.
function(folder_library name)
  cmake_parse_arguments(ARG "" "" "USES;LINKS;FILES" ${ARGN})
  if(ARG_FILES)
    set(sources ${ARG_FILES})
  else()
    file(GLOB sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/src/${name}/*.cpp)
  endif()
  if(NOT sources)  # a folder that is only headers so far
    file(WRITE ${PROJECT_BINARY_DIR}/empty/${name}.cpp "")
    set(sources ${PROJECT_BINARY_DIR}/empty/${name}.cpp)
  endif()
  add_library(${name} STATIC ${sources})
  set(root ${PROJECT_BINARY_DIR}/include/${name})
  file(MAKE_DIRECTORY ${root})
  file(CREATE_LINK ${PROJECT_SOURCE_DIR}/src/${name} ${root}/${name} SYMBOLIC)
  target_include_directories(${name} PUBLIC ${root})
  target_link_libraries(${name} PRIVATE ${ARG_USES} ${ARG_LINKS} tripost_warnings)
  set_property(GLOBAL PROPERTY tripost_uses_${name} ${ARG_USES} ${ARG_LINKS})
  folder_test(${name})
endfunction()

# tests/<name>/*.cpp become one binary that links the folder and what the folder may include, nothing else.
function(folder_test name)
  file(GLOB tests CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/tests/${name}/*.cpp)
  if(NOT tests OR NOT TRIPOST_TESTS)
    return()
  endif()
  get_property(uses GLOBAL PROPERTY tripost_uses_${name})
  add_executable(${name}_test ${tests})
  target_link_libraries(${name}_test PRIVATE ${name} ${uses} tripost_warnings GTest::gmock_main)
  target_include_directories(${name}_test PRIVATE ${PROJECT_SOURCE_DIR}/tests)
  target_compile_definitions(${name}_test PRIVATE
    TRIPOST_SOURCE_DIR="${PROJECT_SOURCE_DIR}" TRIPOST_SHARED_DIR="${PROJECT_SOURCE_DIR}/../shared")
  # One ctest entry per binary: a process per test would load LibTorch hundreds of times. scripts/test.sh counts the tests.
  add_test(NAME ${name} COMMAND ${name}_test WORKING_DIRECTORY ${PROJECT_BINARY_DIR})
  set_tests_properties(${name} PROPERTIES TIMEOUT 1200)
endfunction()
